/**
 * Puts the bodies of calls that stand next to each other side by side.
 *
 * Comes in: copies of the bodies of several functions, in lists of their own. Goes out: one list, in which their
 * instructions take turns. A stage of its own: engines keep the order of instructions, and a processor sees only so many of
 * them ahead; of one long chain after another it finds too little that does not wait.
 *
 * Where functions leave a rare case to another one, one question is asked for all: whether none is rare. If one is, the
 * functions are called instead, so that their bodies stand here once.
 */
import type { Instruction, KernelFunction, Region, Value } from './kernel.ts'
import { isRare, isWhole } from './regions.ts'

type If = Extract<Instruction, { kind: 'if' }>
type Call = Extract<Instruction, { kind: 'call' }>

/** The body of a called function, copied. */
export interface Copied {
  readonly call: Call
  readonly instructions: readonly Instruction[]
  readonly result: Value
}

/** The `if` of a function whose other case is rare; it comes last. */
function rareIf({ instructions, result }: Pick<Copied, 'instructions' | 'result'>): If | undefined {
  const last = instructions.at(-1)
  return last?.kind === 'if' && last.results[0] === result && last.results.length === 1 ? last : undefined
}

const isPlain = ({ kind }: Instruction): boolean => kind === 'op' || kind === 'const' || kind === 'load'

/** It can stand beside others: it computes vectors, at most with a rare case at its end. */
export function canStandBeside({ body, result }: KernelFunction): boolean {
  if (result !== 'v128') return false
  const last = rareIf({ instructions: body.instructions, result: body.yields[0]! })
  const before = last ? body.instructions.slice(0, -1) : body.instructions
  if (!before.every(isPlain)) return false
  if (!last) return true
  const rare = last.elseRegion.instructions
  return (
    last.thenRegion.instructions.every(isPlain) &&
    rare.length === 1 &&
    rare[0]!.kind === 'call' &&
    isRare(rare[0]!.function)
  )
}

export interface Beside {
  readonly instructions: readonly Instruction[]
  /** What each call gives. */
  readonly results: readonly Value[]
}

export function standBeside(copies: readonly Copied[], fresh: (type: Value['type']) => Value): Beside {
  const ifs = copies.map(rareIf)
  if (!ifs.some(Boolean)) {
    return { instructions: takeTurns(copies.map(c => c.instructions)), results: copies.map(c => c.result) }
  }
  const before = takeTurns(copies.map((c, i) => (ifs[i] ? c.instructions.slice(0, -1) : [])))
  const conditions = ifs.flatMap(i => (i ? [i.condition] : []))
  let condition = conditions[0]!
  const together: Instruction[] = []
  for (const other of conditions.slice(1)) {
    const result = fresh('i32')
    together.push({ kind: 'op', op: 'i32.and', result, args: [condition, other] })
    condition = result
  }
  const thenRegion: Region = {
    instructions: takeTurns(copies.map((c, i) => ifs[i]?.thenRegion.instructions ?? c.instructions)),
    yields: copies.map((c, i) => ifs[i]?.thenRegion.yields[0] ?? c.result),
  }
  const calls = copies.map(({ call }, i) => ({ ...(wholeCall(ifs[i]) ?? call), result: fresh('v128') }))
  const elseRegion: Region = { instructions: calls, yields: calls.map(c => c.result) }
  const results = copies.map(() => fresh('v128'))
  const merged: If = { kind: 'if', results, condition, thenRegion, elseRegion, isGuard: true }
  return { instructions: [...before, ...together, merged], results }
}

/** What the rare case calls, if that is right for any arguments: the function itself would only find out again. */
function wholeCall(branch: If | undefined): Call | undefined {
  const rare = branch?.elseRegion.instructions[0]
  return rare?.kind === 'call' && isWhole(rare.function) ? rare : undefined
}

/** Lists of different lengths end together. */
function takeTurns(lists: readonly (readonly Instruction[])[]): Instruction[] {
  const next = lists.map(() => 0)
  const total = lists.reduce((sum, list) => sum + list.length, 0)
  const longest = Math.max(...lists.map(list => list.length))
  const made: Instruction[] = []
  for (let turn = 1; made.length < total; turn++) {
    for (const [i, list] of lists.entries()) {
      const until = Math.ceil((turn * list.length) / longest)
      while (next[i]! < until) made.push(list[next[i]++]!)
    }
  }
  return made
}
