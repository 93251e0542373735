/**
 * What lanes cost and save, in vector instructions.
 *
 * Comes in: where values lie. Goes out: what it takes to bring values together in a vector, to take them out again, and
 * what one instruction saves that stands for several. A module of its own, as it is all estimate: measured on the
 * programs of bench/, and unable to make a program wrong.
 */
import type { Instruction, Value } from './kernel.ts'

/** Where a value lies that is computed in lanes. */
export interface Place {
  readonly group: number
  readonly lane: number
}

export interface Surroundings {
  /** Undefined for values that are computed alone. */
  readonly placeOf: (value: Value) => Place | undefined
  /** Whether it is another in each turn of the loop. */
  readonly isChanging: (value: Value) => boolean
  readonly isLoad: (value: Value) => boolean
}

/** Bringing 2 or 4 values together. */
export function bringing(around: Surroundings, values: readonly Value[]): number {
  const [first] = values as [Value]
  const places = values.map(around.placeOf)
  if (isInOrder(places)) return 0
  if (!values.some(around.isChanging)) return 0
  if (values.every(value => value === first)) return isFloat(first) || places[0] ? 1 : 1.5
  if (places.every(place => place !== undefined)) {
    const groups = new Set(places.map(place => place.group))
    if (groups.size === 1) return 1
    if (groups.size === 2 || values.length === 2) return 1.3
    return byHalves(around, values)
  }
  if (values.length === 4 && (isTogether(around, values, 0) || isTogether(around, values, 2))) {
    return byHalves(around, values)
  }
  return gathering(around, values, places)
}

const isFloat = ({ type }: Value) => type === 'f32' || type === 'f64'

const isInOrder = (places: readonly (Place | undefined)[]): boolean =>
  places.every((place, lane) => place?.lane === lane && place.group === places[0]!.group)

const byHalves = (around: Surroundings, values: readonly Value[]): number =>
  bringing(around, values.slice(0, 2)) + bringing(around, values.slice(2)) + 1

/** Whether two of four need not be brought together one by one. */
export function isTogether(around: Surroundings, values: readonly Value[], from: number): boolean {
  const [x, y] = [values[from]!, values[from + 1]!]
  if (around.placeOf(x) && around.placeOf(y)) return true
  return x !== y && !around.isChanging(x) && !around.isChanging(y)
}

/** One by one: the first into all lanes, the others into theirs. */
function gathering(
  { isLoad, isChanging }: Surroundings,
  values: readonly Value[],
  places: readonly (Place | undefined)[],
): number {
  let total = 0
  for (const [lane, value] of values.entries()) {
    if (lane === 0 && (places[0]?.lane === 0 || !isChanging(value))) continue
    // Loads go straight into lanes.
    total += isLoad(value) ? 0.2 : isFloat(value) ? 1 : 1.4
  }
  return total
}

/** Whether the value in this lane is brought there as a scalar. */
export function isBroughtAlone(around: Surroundings, values: readonly Value[], lane: number): boolean {
  if (values.every(value => around.placeOf(value) !== undefined)) return false
  if (values.every(value => value === values[0])) return false
  if (values.length === 2) return lane > 0 || around.placeOf(values[0]!)?.lane !== 0
  const [low, high] = [isTogether(around, values, 0), isTogether(around, values, 2)]
  if (!low && !high) return lane > 0 || around.placeOf(values[0]!)?.lane !== 0
  return !(lane < 2 ? low : high)
}

/** Taking one lane out. The lowest lane of floats is where scalars are. */
export function taking({ type }: Value, lane: number, onlyStored: boolean): number {
  if (type === 'f64' || type === 'f32') return lane === 0 ? 0.2 : onlyStored ? 0.5 : 1
  return onlyStored ? 0.5 : lane === 0 ? 1 : 1.8
}

/** Machine instructions of V8 on x64: of the scalar instruction, and of the one on lanes. Divisions take as long. */
const COSTS: readonly (readonly [RegExp, number, number])[] = [
  [/^f.*\.(div|sqrt)$/, 4, 4],
  [/trunc_sat/, 5, 5],
  [/\.(floor|ceil|trunc|nearest)$/, 1.5, 1.5],
  [/^f.*\.min$/, 4, 3],
  [/^f.*\.max$/, 4, 5],
  [/^select$/, 2.5, 3],
  [/^f.*\.(eq|ne|lt|le|gt|ge)$/, 2, 1],
  [/convert_i32|copysign/, 2, 1],
  [/^f.*\.(abs|neg)$/, 2, 1],
  [/^i32.mul$/, 1, 2],
  [/^i64.mul$/, 1, 6],
  [/reinterpret|wrap/, 0.5, 0.5],
]

/** Of a minimum with a constant, and of a choice of zero, which are no more than other instructions on lanes. */
const WITH_CONSTANT = 1

export interface CostOfCall {
  /** Instructions of a scalar call. */
  readonly work: (name: string) => number
  readonly hasFour: (name: string) => boolean
}

/** What is saved by one instruction instead of one for each lane; `isConstant` of its operands. */
export function saving(
  instruction: Instruction,
  lanes: number,
  { work, hasFour }: CostOfCall,
  isConstant: (value: Value) => boolean,
): number {
  if (instruction.kind === 'call') {
    const name = instruction.function
    // A function of lanes computes both sides of branches.
    if (lanes === 4 && hasFour(name)) return Math.max(3, 2.5 * work(name))
    const pairs = lanes / 2
    return pairs * Math.max(1, 0.5 * work(name)) - (pairs - 1) * (1 + instruction.args.length)
  }
  if (instruction.kind !== 'op') return 0
  const { op, args } = instruction
  const [, single, several] = COSTS.find(([pattern]) => pattern.test(op)) ?? [undefined, 1, 1]
  const isShort = /^select$|\.(min|max)$/.test(op) && args.slice(0, 2).some(isConstant)
  return lanes * single - (isShort ? WITH_CONSTANT : several)
}
