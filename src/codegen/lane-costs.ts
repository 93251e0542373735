/**
 * What lanes cost and save, in machine instructions.
 *
 * Comes in: where values lie. Goes out: what it takes to bring values together in a vector, to take them out again, and
 * what one instruction saves that stands for several. A module of its own, as it is all estimate: measured on the
 * programs of bench/, and unable to make a program wrong.
 */
import type { Instruction, Value } from './kernel.ts'

/** Of values, by id. */
export interface Places {
  /** The group that computes a value in lanes, and its lane; -1 for what is computed alone. */
  readonly group: Int32Array
  readonly lane: Uint8Array
  /** Sums of the numbers below. */
  readonly traits: Uint8Array
}

/** Another in each turn of the loop. */
export const CHANGING = 1
export const LOADED = 2
export const FLOAT = 4

type Ids = Int32Array

/** Bringing 2 or 4 values together, which begin at `from`. */
export function bringing(places: Places, ids: Ids, from = 0, count = ids.length): number {
  const { group, traits } = places
  const first = ids[from]!
  let isChanging = false
  let isSame = true
  for (let k = 0; k < count; k++) {
    const id = ids[from + k]!
    if (traits[id]! & CHANGING) isChanging = true
    if (id !== first) isSame = false
  }
  if (!isChanging || isInOrder(places, ids, from, count)) return 0
  if (isSame) return traits[first]! & FLOAT || group[first]! >= 0 ? 1 : 1.5
  if (areAllPlaced(places, ids, from, count)) {
    const groups = countGroups(places, ids, from, count)
    if (groups === 1) return 1
    return groups === 2 || count === 2 ? 1.3 : byHalves(places, ids)
  }
  if (count === 4 && (isTogether(places, ids, 0) || isTogether(places, ids, 2))) return byHalves(places, ids)
  return gathering(places, ids, from, count)
}

function isInOrder({ group, lane }: Places, ids: Ids, from: number, count: number): boolean {
  const expected = group[ids[from]!]!
  if (expected < 0) return false
  for (let k = 0; k < count; k++) {
    const id = ids[from + k]!
    if (group[id] !== expected || lane[id] !== k) return false
  }
  return true
}

function areAllPlaced({ group }: Places, ids: Ids, from: number, count: number): boolean {
  for (let k = 0; k < count; k++) if (group[ids[from + k]!]! < 0) return false
  return true
}

function countGroups({ group }: Places, ids: Ids, from: number, count: number): number {
  let different = 0
  for (let k = 0; k < count; k++) {
    let before = 0
    while (before < k && group[ids[from + before]!] !== group[ids[from + k]!]) before++
    if (before === k) different++
  }
  return different
}

const byHalves = (places: Places, ids: Ids): number =>
  bringing(places, ids, 0, 2) + bringing(places, ids, 2, 2) + 1

/** Whether two of four need not be brought together one by one. */
function isTogether({ group, traits }: Places, ids: Ids, from: number): boolean {
  const x = ids[from]!
  const y = ids[from + 1]!
  if (group[x]! >= 0 && group[y]! >= 0) return true
  return x !== y && !((traits[x]! | traits[y]!) & CHANGING)
}

/** One by one: the first into all lanes, the others into theirs. */
function gathering({ group, lane, traits }: Places, ids: Ids, from: number, count: number): number {
  let total = 0
  for (let k = 0; k < count; k++) {
    const id = ids[from + k]!
    const trait = traits[id]!
    if (k === 0 && (!(trait & CHANGING) || (group[id]! >= 0 && lane[id] === 0))) continue
    // Loads go straight into lanes.
    total += trait & LOADED ? 0.2 : trait & FLOAT ? 1 : 1.4
  }
  return total
}

/** Whether the value in this lane is brought there as a scalar. */
export function isBroughtAlone(places: Places, ids: Ids, at: number): boolean {
  const { group, lane } = places
  if (areAllPlaced(places, ids, 0, ids.length)) return false
  const first = ids[0]!
  if (ids.every(id => id === first)) return false
  const isBase = at === 0 && group[first]! >= 0 && lane[first] === 0
  if (ids.length === 2) return !isBase
  const [low, high] = [isTogether(places, ids, 0), isTogether(places, ids, 2)]
  return low || high ? !(at < 2 ? low : high) : !isBase
}

/** Taking one lane out. The lowest lane of floats is where scalars are. */
export function taking(isFloat: boolean, lane: number, onlyStored: boolean): number {
  if (isFloat) return lane === 0 ? 0.2 : onlyStored ? 0.5 : 1
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

const known = new Map<string, readonly [number, number]>()

function costsOf(op: string): readonly [number, number] {
  let found = known.get(op)
  if (!found) {
    const [, single, several] = COSTS.find(([pattern]) => pattern.test(op)) ?? [undefined, 1, 1]
    found = [single, several]
    known.set(op, found)
  }
  return found
}

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
  const [single, several] = costsOf(op)
  const isShort = /^select$|\.(min|max)$/.test(op) && args.slice(0, 2).some(isConstant)
  return lanes * single - (isShort ? WITH_CONSTANT : several)
}
