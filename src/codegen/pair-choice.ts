/**
 * Which candidate pairs pay.
 *
 * Comes in: candidates. Goes out: those that save more than it costs to bring values into vectors and out again,
 * and how much. A stage of its own: it is all estimate, measured on the programs of bench/, and cannot make a program
 * wrong. Costs are in vector instructions. A pair is dropped when its neighbourhood is no dearer without it.
 */
import type { Instruction, Value } from './kernel.ts'
import type { Candidate, PairingContext } from './pair-candidates.ts'
import { valuesUsed } from './regions.ts'

export interface PairChoice {
  readonly pairs: readonly Candidate[]
  /** Instructions saved in one turn of the loop. */
  readonly gain: number
}

export type CostOfCall = (name: string) => number

/** Who reads a value: an instruction, or the loop's end for the next turn. */
interface Use {
  readonly user: number
  readonly operand: number
  readonly isYield: boolean
}

interface Place {
  readonly pair: number
  readonly lane: 0 | 1
}

interface Model {
  readonly context: PairingContext
  readonly costOfCall: CostOfCall
  readonly candidates: readonly Candidate[]
  readonly uses: ReadonlyMap<Value, readonly Use[]>
  /** Where values lie that are halves of pairs. */
  readonly places: Map<Value, Place>
  /** The two values, and the pairs of operands, of each candidate. */
  readonly values: readonly (readonly [Value, Value])[]
  readonly operands: readonly (readonly [Value, Value][])[]
  readonly changing: ReadonlySet<Value>
}

export function choosePairs(
  context: PairingContext,
  candidates: readonly Candidate[],
  costOfCall: CostOfCall,
): PairChoice {
  const model: Model = {
    ...{ context, costOfCall, candidates, uses: findUses(context), places: new Map() },
    values: candidates.map(c => valuesOf(context, c)),
    operands: candidates.map(c => operandsOf(context, c)),
    changing: new Set([...context.loop.carried, ...context.graph.definedAt.keys()]),
  }
  for (const pair of candidates.keys()) place(model, pair)
  dropDear(model)
  const gains = new Map<number, number>()
  const component = components(model)
  for (const [pair, root] of component) gains.set(root, (gains.get(root) ?? 0) - cost(model, pair))
  const pairs: Candidate[] = []
  for (const [pair, root] of component) if (gains.get(root)! > 0.5) pairs.push(candidates[pair]!)
  const gain = [...gains.values()].filter(g => g > 0.5).reduce((sum, g) => sum + g, 0)
  return { pairs, gain }
}

/** The two values of a candidate. */
export function valuesOf(
  { graph, loop }: PairingContext,
  { kind, first, second }: Candidate,
): [Value, Value] {
  if (kind === 'carried') return [loop.carried[first]!, loop.carried[second]!]
  const result = (i: number) => (graph.instructions[i] as Extract<Instruction, { kind: 'op' }>).result
  return [result(first), result(second)]
}

/** The pairs of operands of a candidate. */
export function operandsOf(
  { graph, loop }: PairingContext,
  { kind, first, second }: Candidate,
): [Value, Value][] {
  if (kind === 'carried') return [[loop.body.yields[first]!, loop.body.yields[second]!]]
  const args = (i: number) => (graph.instructions[i] as Extract<Instruction, { kind: 'op' }>).args
  return args(first).map((x, k) => [x, args(second)[k]!])
}

function findUses({ graph, loop }: PairingContext): Map<Value, Use[]> {
  const uses = new Map<Value, Use[]>()
  const add = (value: Value, use: Use) => {
    const list = uses.get(value)
    if (list) list.push(use)
    else uses.set(value, [use])
  }
  for (const [user, instruction] of graph.instructions.entries()) {
    for (const [operand, value] of valuesUsed(instruction).entries()) {
      add(value, { user, operand, isYield: false })
    }
  }
  for (const [user, value] of loop.body.yields.entries()) add(value, { user, operand: 0, isYield: true })
  add(loop.condition, { user: -1, operand: 0, isYield: true })
  return uses
}

function place({ values, places }: Model, pair: number): void {
  const [x, y] = values[pair]!
  places.set(x, { pair, lane: 0 })
  places.set(y, { pair, lane: 1 })
}

function unplace({ values, places }: Model, pair: number): void {
  for (const value of values[pair]!) places.delete(value)
}

const isPlaced = ({ places, values }: Model, pair: number): boolean =>
  places.get(values[pair]![0])?.pair === pair

/** Drops pairs until each is worth it to those around it. */
function dropDear(model: Model): void {
  // A set visits again what is removed and added while it is walked.
  const pending = new Set(model.candidates.keys())
  for (const pair of pending) {
    pending.delete(pair)
    const around = neighbours(model, pair)
    const sum = () => around.reduce((total, other) => total + cost(model, other), 0)
    const before = sum() + cost(model, pair)
    unplace(model, pair)
    if (sum() > before) place(model, pair)
    else for (const other of around) pending.add(other)
  }
}

function neighbours(model: Model, pair: number): number[] {
  const { places, uses, operands, values } = model
  const found = new Set<number>()
  const add = (value: Value | undefined) => {
    const at = value && places.get(value)
    if (at && at.pair !== pair) found.add(at.pair)
  }
  for (const both of operands[pair]!) both.forEach(add)
  for (const value of values[pair]!) for (const use of uses.get(value) ?? []) add(userValue(model, use))
  return [...found]
}

/** What the user makes of the value: its result, or the carried value of the next turn. */
function userValue({ context: { graph, loop } }: Model, { user, isYield }: Use): Value | undefined {
  if (isYield) return loop.carried[user]
  const instruction = graph.instructions[user]!
  return instruction.kind === 'op' || instruction.kind === 'call' ? instruction.result : undefined
}

/** What a pair costs, less what it saves. */
function cost(model: Model, pair: number): number {
  let total = -saving(model, model.candidates[pair]!)
  for (const [x, y] of model.operands[pair]!) total += bringing(model, x, y)
  const [low, high] = model.values[pair]!
  if (isReadAlone(model, low)) total += taking(low, 0)
  if (isReadAlone(model, high)) total += taking(high, 1)
  return total
}

/** Bringing two scalars together. */
function bringing({ context, places, changing }: Model, x: Value, y: Value): number {
  const [first, second] = [places.get(x), places.get(y)]
  if (first && first.pair === second?.pair && first.lane !== second.lane) return first.lane === 0 ? 0 : 1
  if (!changing.has(x) && !changing.has(y)) return 0
  if (x === y) return 1
  const isLoad = (v: Value) =>
    context.graph.instructions[context.graph.definedAt.get(v) ?? -1]?.kind === 'load'
  // Loads go straight into lanes.
  return 2 - (isLoad(x) ? 0.8 : 0) - (isLoad(y) ? 0.8 : 0)
}

/** Taking one half out. The lower half of floats is where scalars are. */
function taking({ type }: Value, lane: 0 | 1): number {
  if (type === 'f64' || type === 'f32') return lane === 0 ? 0.2 : 1
  return lane === 0 ? 1 : 2
}

function isReadAlone(model: Model, value: Value): boolean {
  const { uses, places, operands } = model
  const { pair, lane } = places.get(value)!
  return (uses.get(value) ?? []).some(use => {
    const result = userValue(model, use)
    const user = result && places.get(result)
    if (!user) return true
    const [x, y] = operands[user.pair]![use.operand]!
    const other = places.get(user.lane === 0 ? y : x)
    return other?.pair !== pair || other.lane === lane
  })
}

const SAVINGS: readonly (readonly [RegExp, number])[] = [
  [/\.(div|sqrt)$/, 4],
  [/trunc_sat/, 5],
  [/\.(floor|ceil|trunc|nearest)$/, 1.5],
  [/^f.*\.(min|max)$/, 2],
  [/^select$/, 1.5],
  [/reinterpret|wrap/, 0],
]

function saving({ context, costOfCall }: Model, { kind, first }: Candidate): number {
  if (kind === 'carried') return 0.2
  const instruction = context.graph.instructions[first]!
  if (instruction.kind === 'call') return costOfCall(instruction.function)
  if (instruction.kind !== 'op') return 0
  const { op } = instruction
  return SAVINGS.find(([pattern]) => pattern.test(op))?.[1] ?? 1
}

/** The pairs in place, each with one of those it is connected to. */
function components(model: Model): Map<number, number> {
  const root = new Map<number, number>()
  for (const start of model.candidates.keys()) {
    if (root.has(start) || !isPlaced(model, start)) continue
    const pending = [start]
    for (let pair = pending.pop(); pair !== undefined; pair = pending.pop()) {
      if (root.has(pair)) continue
      root.set(pair, start)
      pending.push(...neighbours(model, pair))
    }
  }
  return root
}
