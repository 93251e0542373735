/**
 * Branches between a usual and an exceptional case, taken together.
 *
 * Comes in: the body of a loop. Goes out: which branches are independent of one another and can be one, and what that
 * one is: if all the usual cases hold, their instructions in one stretch; else each branch for itself. A stage of its
 * own beside scheduling: instructions do not move over branches, and around each call of an exceptional case engines
 * keep what is in registers in memory.
 */
import type { BodyGraph } from './body-graph.ts'
import { copyInstructions } from './inline.ts'
import type { Instruction, Region, Value } from './kernel.ts'
import { everyInstruction, isCompound, isRare } from './regions.ts'

type If = Extract<Instruction, { kind: 'if' }>

/** Results of branches that become one. */
const TOGETHER = 8

interface Group {
  readonly members: number[]
  results: number
}

/** Indices of branches: guards that equally many others come before cannot need one another. */
export function groupGuards({ instructions, needs }: BodyGraph, pure: ReadonlySet<string>): number[][] {
  const level = new Int32Array(instructions.length)
  const open = new Map<number, Group>()
  const groups: Group[] = []
  for (const [i, instruction] of instructions.entries()) {
    for (const k of needs[i]!) level[i] = Math.max(level[i]!, level[k]!)
    if (!isGuard(instruction, pure)) continue
    level[i]!++
    let group = open.get(level[i]!)
    if (!group || group.results + instruction.results.length > TOGETHER) {
      group = { members: [], results: 0 }
      open.set(level[i]!, group)
      groups.push(group)
    }
    group.members.push(i)
    group.results += instruction.results.length
  }
  return groups.map(({ members }) => members).filter(members => members.length > 1)
}

/** The usual case comes first and calls nothing; neither writes memory nor reads what may be written. */
function isGuard(i: Instruction, pure: ReadonlySet<string>): i is If {
  if (i.kind !== 'if') return false
  const callsRare = i.elseRegion.instructions.some(e => e.kind === 'call' && isRare(e.function))
  if (!callsRare && !i.isGuard) return false
  const isPure = (e: Instruction): boolean =>
    e.kind === 'op' ||
    e.kind === 'const' ||
    (e.kind === 'load' && e.constant) ||
    (e.kind === 'call' && pure.has(e.function))
  return (
    everyInstruction(i.thenRegion).every(e => e.kind === 'if' || (isPure(e) && e.kind !== 'call')) &&
    everyInstruction(i.elseRegion).every(e => isPure(e) || e.kind === 'if')
  )
}

interface Ids {
  nextId: number
}

/** `inOrder` puts what is usual in the best order. */
export function joinGuards(
  guards: readonly Instruction[],
  count: Ids,
  inOrder: (region: Region) => Region,
): readonly Instruction[] {
  const ifs = guards.filter((i): i is If => i.kind === 'if')
  const made: Instruction[] = []
  const condition = ifs
    .map(i => i.condition)
    .reduce((all, next) => {
      const result: Value = { id: count.nextId++, type: 'i32' }
      made.push({ kind: 'op', result, op: 'i32.and', args: [all, next] })
      return result
    })
  const thenRegion = inOrder(concatenate(ifs.map(i => i.thenRegion)))
  const elseRegion = concatenate(ifs.map(i => onItsOwn(i, count)))
  const results = ifs.flatMap(i => i.results)
  return [...made, { kind: 'if', results, condition, thenRegion, elseRegion, isGuard: true }]
}

const concatenate = (regions: readonly Region[]): Region => ({
  instructions: regions.flatMap(r => r.instructions),
  yields: regions.flatMap(r => r.yields),
})

/** Lane by lane the usual case is asked for again, so that the exceptional one does for all. */
const LANE_BY_LANE = /\.slow\.(halves|quarters)$/

function onItsOwn(guard: If, count: Ids): Region {
  const { elseRegion, thenRegion, condition } = guard
  if (guard.isGuard) return elseRegion
  const [call, ...others] = elseRegion.instructions
  if (
    others.length === 0 &&
    call &&
    !isCompound(call) &&
    call.kind === 'call' &&
    LANE_BY_LANE.test(call.function)
  )
    return elseRegion
  const names = new Map<Value, Value>()
  const { instructions, nextId } = copyInstructions(thenRegion, names, count.nextId)
  count.nextId = nextId
  const yields = thenRegion.yields.map(v => names.get(v) ?? v)
  const results = guard.results.map(({ type }): Value => ({ id: count.nextId++, type }))
  const usual = { instructions, yields }
  return {
    instructions: [{ kind: 'if', results, condition, thenRegion: usual, elseRegion }],
    yields: results,
  }
}
