/**
 * Which instructions of a loop body may be computed as pairs.
 *
 * Comes in: the body's dependencies and, for a body that is two frames, what became of each value in the second.
 * Goes out: pairs that would be correct; whether they pay is decided elsewhere (pair-choice). Pairs are found from
 * instructions that look alike to some depth, then followed to their operands: two filters side by side, or one in
 * two frames.
 */
import type { BodyGraph } from './body-graph.ts'
import type { Instruction, Value } from './kernel.ts'
import type { PairFunctions } from './pair-function.ts'
import { hasPairForm } from './pair-op.ts'
import type { Twins } from './unroll.ts'

type Loop = Extract<Instruction, { kind: 'loop' }>
type Op = Extract<Instruction, { kind: 'op' }>
type Call = Extract<Instruction, { kind: 'call' }>

/** Indices of two or four instructions, or of carried values; the first is in the lowest lane. */
export interface Candidate {
  readonly kind: 'instructions' | 'carried'
  readonly members: readonly number[]
  /** Of four, the two pairs that they were. */
  readonly halves?: readonly [Candidate, Candidate]
}

export interface PairingContext {
  readonly loop: Loop
  readonly graph: BodyGraph
  readonly constantOf: (value: Value) => number | bigint | undefined
  /** Names of functions of lanes. */
  readonly wideFunction: PairFunctions['find']
}

/** How far back a partner is looked for among instructions that look alike. */
const MAX_TRIES = 12
const DEPTH = 5

export interface Found {
  readonly pairs: readonly Candidate[]
  /** A number for each instruction: equal ones look alike to some depth. */
  readonly alike: Int32Array
}

export function pairCandidates(context: PairingContext, twin: Twins): Found {
  const finder = createFinder(context)
  pairTwins(context, finder, twin)
  const alike = lookAlike(context)
  pairAlike(alike, finder)
  return { pairs: finder.found, alike }
}

/** The values of a candidate, by lane. */
export function valuesOf({ graph, loop }: PairingContext, { kind, members }: Candidate): Value[] {
  if (kind === 'carried') return members.map(i => loop.carried[i]!)
  return members.map(i => (graph.instructions[i] as Op).result)
}

/** The operands of a candidate, each by lane; of carried values, the next ones. */
export function operandsOf({ graph, loop }: PairingContext, { kind, members }: Candidate): Value[][] {
  if (kind === 'carried') return [members.map(i => loop.body.yields[i]!)]
  const count = (graph.instructions[members[0]!] as Op).args.length
  const found: Value[][] = []
  for (let k = 0; k < count; k++) found.push(members.map(i => (graph.instructions[i] as Op).args[k]!))
  return found
}

type Finder = ReturnType<typeof createFinder>

function pairTwins({ graph }: PairingContext, finder: Finder, twin: Twins): void {
  if (twin.size === 0) return
  for (let i = graph.instructions.length - 1; i >= 0; i--) finder.tryTwin(i, twin)
}

function pairAlike(alike: Int32Array, finder: Finder): void {
  const seen = new Map<number, number[]>()
  for (let i = 0; i < alike.length; i++) {
    const list = seen.get(alike[i]!)
    if (list) list.push(i)
    else seen.set(alike[i]!, [i])
  }
  for (let i = alike.length - 1; i >= 0; i--) {
    if (finder.isTaken(i)) continue
    const list = seen.get(alike[i]!)!
    // What comes later has been dealt with.
    while (list.at(-1)! > i) list.pop()
    const at = list.length - 1
    for (let k = at - 1; k >= 0 && k >= at - MAX_TRIES; k--) if (finder.tryPair(list[k]!, i)) break
  }
}

export function isPairable(context: PairingContext, instruction: Instruction): instruction is Op | Call {
  if (instruction.kind === 'call')
    return instruction.result !== undefined && context.wideFunction(instruction.function) !== undefined
  if (instruction.kind !== 'op') return false
  return hasPairForm(
    instruction.op,
    context.constantOf(instruction.args[1] ?? instruction.result) !== undefined,
  )
}

export const nameOf = (instruction: Op | Call): string =>
  instruction.kind === 'op' ? instruction.op : instruction.function

const SHIFTS: ReadonlySet<string> = new Set(
  ['shl', 'shr_s', 'shr_u'].flatMap(name => [`i32.${name}`, `i64.${name}`]),
)

/** A shift has one count for all lanes. */
export function haveOneCount({ constantOf }: PairingContext, a: Op | Call, b: Op | Call): boolean {
  return !SHIFTS.has(nameOf(a)) || constantOf(a.args[1]!) === constantOf(b.args[1]!)
}

function createFinder(context: PairingContext) {
  const { graph, loop } = context
  const found: Candidate[] = []
  const taken = new Set<number>()
  const takenCarried = new Set<number>()
  const carriedAt = new Map(loop.carried.map((value, i) => [value, i]))
  /** Of instructions: 1 for yes, 2 for no, as far as it was asked. */
  const pairable = new Uint8Array(graph.instructions.length)

  function isKnownPairable(index: number, instruction: Instruction): instruction is Op | Call {
    if (pairable[index] === 0) pairable[index] = isPairable(context, instruction) ? 1 : 2
    return pairable[index] === 1
  }

  function mayPair(first: number, second: number): boolean {
    if (first === second || taken.has(first) || taken.has(second)) return false
    const a = graph.instructions[first]!
    const b = graph.instructions[second]!
    if (!isKnownPairable(first, a) || !isKnownPairable(second, b) || nameOf(a) !== nameOf(b)) return false
    if (!haveOneCount(context, a, b)) return false
    return !graph.depends(Math.max(first, second), Math.min(first, second))
  }

  /** Pairs two instructions and, as far as possible, their operands. */
  function tryPair(first: number, second: number): boolean {
    if (!mayPair(first, second)) return false
    const pending: [number, number][] = [[first, second]]
    for (let next = pending.pop(); next; next = pending.pop()) {
      const i = next[0]
      const j = next[1]
      if (!mayPair(i, j)) continue
      taken.add(i)
      taken.add(j)
      found.push({ kind: 'instructions', members: [i, j] })
      const { args } = graph.instructions[i] as Op
      const others = (graph.instructions[j] as Op).args
      for (let k = 0; k < args.length; k++) follow(args[k]!, others[k]!, pending)
    }
    return true
  }

  function follow(x: Value, y: Value, pending: [number, number][]): void {
    const i = graph.definedAt.get(x)
    const j = graph.definedAt.get(y)
    if (i !== undefined && j !== undefined) pending.push([i, j])
    const from = carriedAt.get(x)
    const to = carriedAt.get(y)
    if (from === undefined || to === undefined || from === to) return
    if (takenCarried.has(from) || takenCarried.has(to) || x.type !== y.type) return
    takenCarried.add(from)
    takenCarried.add(to)
    found.push({ kind: 'carried', members: [from, to] })
    follow(loop.body.yields[from]!, loop.body.yields[to]!, pending)
  }

  function tryTwin(i: number, twin: Twins): void {
    const instruction = graph.instructions[i]!
    const result = 'result' in instruction ? instruction.result : undefined
    const other = result && twin.get(result)
    const j = other && graph.definedAt.get(other)
    if (j !== undefined) tryPair(i, j)
  }

  return { found, tryPair, tryTwin, isTaken: (i: number) => taken.has(i) }
}

/**
 * A number for each instruction; equal ones look alike to some depth. The numbers are hashes: an accident only makes
 * two instructions be tried that are then found to differ.
 */
function lookAlike({ graph, loop }: PairingContext): Int32Array {
  const shapes = new Map<string, number>()
  const numberOf = (text: string) => {
    const known = shapes.get(text)
    if (known !== undefined) return known
    shapes.set(text, shapes.size + 1)
    return shapes.size
  }
  const carried = new Set(loop.carried)
  const own = graph.instructions.map(i => numberOf(shapeOf(i)))
  /** Indices of defining instructions; or, negative, what kind of value comes from outside. */
  const sources = graph.instructions.map(i =>
    i.kind !== 'op' && i.kind !== 'call'
      ? NOTHING
      : i.args.map(
          a => graph.definedAt.get(a) ?? -numberOf(`${carried.has(a) ? 'carried' : 'fixed'} ${a.type}`),
        ),
  )
  let current = Int32Array.from(own)
  for (let round = 0; round < DEPTH; round++) {
    const next = Int32Array.from(own)
    for (let i = 0; i < sources.length; i++) {
      const list = sources[i]!
      let hash = next[i]!
      for (let k = 0; k < list.length; k++) {
        const source = list[k]!
        hash = Math.imul(hash, 0x01000193) ^ (source < 0 ? source : current[source]!)
      }
      next[i] = hash ^ (hash >>> 15)
    }
    current = next
  }
  return current
}

const NOTHING: readonly number[] = []

function shapeOf(instruction: Instruction): string {
  if (instruction.kind === 'op') return instruction.op
  if (instruction.kind === 'call') return instruction.function
  return instruction.kind === 'load' ? `load ${instruction.result.type}` : instruction.kind
}
