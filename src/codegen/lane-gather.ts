/**
 * Brings values together in vectors while a loop is rewritten, and takes them out again.
 *
 * Comes in: values, some of them lanes of vectors by now. Goes out: a vector of them, or one as a scalar; each is made
 * once. Apart from the rewriting, as it alone chooses shuffles. What does not change in the loop is brought together
 * before it.
 */
import type { FunctionBuilder } from './builder.ts'
import type { Instruction, Value } from './kernel.ts'
import { asNumber, gatherLanes, laneOf, type Pair, type ScalarType, SHAPES, vectorBits } from './pair-op.ts'

export interface Lane {
  readonly pair: Pair
  readonly lane: number
}

export interface Gathering {
  readonly b: FunctionBuilder
  /** What goes in front of the loop. */
  readonly before: Instruction[]
  readonly constantOf: (value: Value) => number | bigint | undefined
  readonly isOutside: (value: Value) => boolean
  /** Where values lie that are lanes. */
  readonly lanes: Map<Value, Lane>
  readonly scalars: Map<Value, Value>
  /** What has been brought together, by ids. */
  readonly gathered: Map<string, Pair>
}

export function setLanes({ lanes }: Gathering, values: readonly Value[], pair: Pair): void {
  for (const [lane, value] of values.entries()) lanes.set(value, { pair, lane })
}

/** With the builder writing in front of the loop. */
export function ahead<T>({ b, before }: Gathering, make: () => T): T {
  b.open(before)
  const made = make()
  b.close()
  return made
}

/** Two or four values as a vector. */
export function vectorOf(g: Gathering, values: readonly Value[]): Pair {
  const sources = values.map(value => g.lanes.get(value))
  const [first] = sources
  if (first && sources.every((s, i) => s?.pair === first.pair && s.lane === i)) return first.pair
  const key = values.map(value => value.id).join(' ')
  const known = g.gathered.get(key)
  if (known) return known
  const made = bringTogether(g, values, sources)
  g.gathered.set(key, made)
  return made
}

function bringTogether(g: Gathering, values: readonly Value[], sources: readonly (Lane | undefined)[]): Pair {
  if (values.every(g.isOutside)) return ahead(g, () => fixedVector(g, values))
  const all = sources.filter(source => source !== undefined)
  const count = new Set(all.map(source => source.pair)).size
  if (all.length === values.length && count <= 2) return shuffled(g, all)
  const halves = [values.slice(0, 2), values.slice(2)]
  const isTogether = (half: readonly Value[]) =>
    half.every(value => g.lanes.has(value)) || (half[0] !== half[1] && half.every(g.isOutside))
  if (values.length === 4 && (all.length === 4 || halves.some(isTogether))) {
    const [low, high] = halves.map(half => asNumber(g.b, vectorOf(g, half)))
    return { kind: low!.kind, vector: g.b.op('i32x4.shuffle_0145', low!.vector, high!.vector) }
  }
  return gatherScalars(g, values, sources)
}

function fixedVector({ b, constantOf }: Gathering, values: readonly Value[]): Pair {
  const constants = values.map(constantOf).filter(constant => constant !== undefined)
  if (constants.length < values.length) return gatherLanes(b, values)
  const kind = values[0]!.type as ScalarType
  const [x, y, z = x, w = y] = constants
  return { kind, vector: b.constant('v128', vectorBits(kind, x!, y!, z, w)) }
}

/** The first into all lanes, the others into theirs. A vector whose lowest lane is the first needs no more of it. */
function gatherScalars(g: Gathering, values: readonly Value[], sources: readonly (Lane | undefined)[]): Pair {
  const { b } = g
  const kind = values[0]!.type as ScalarType
  const [first] = sources
  const isThere = first?.lane === 0 && first.pair.kind === kind
  if (!isThere || values.every(value => value === values[0])) {
    return gatherLanes(
      b,
      values.map(value => scalarOf(g, value)),
    )
  }
  let { vector } = first.pair
  for (const [lane, value] of values.entries()) {
    if (lane > 0) vector = b.op(`${SHAPES[kind]}.replace_lane_${lane}`, vector, scalarOf(g, value))
  }
  return { kind, vector }
}

const isWide = ({ kind }: Pair) => kind === 'f64' || kind === 'i64' || kind === 'mask64'

/** Lanes of one vector or of two. */
function shuffled({ b }: Gathering, sources: readonly Lane[]): Pair {
  const { kind } = sources[0]!.pair
  const isAlike = sources.every(source => source.pair.kind === kind)
  const pairs = [...new Set(sources.map(source => source.pair))]
  // Masks of four have 32 bits.
  const isPlain = isAlike && !(kind === 'mask64' && sources.length === 4)
  const numbers = isPlain ? pairs : pairs.map(pair => asNumber(b, pair))
  const at = sources.map(({ pair, lane }) => ({ from: pairs.indexOf(pair), lane }))
  const lanes = isWide(numbers[0]!)
    ? at.flatMap(({ from, lane }) => [4 * from + 2 * lane, 4 * from + 2 * lane + 1])
    : shortLanes(at.map(({ from, lane }) => 4 * from + lane))
  const [x, y = x] = numbers
  return { kind: numbers[0]!.kind, vector: b.op(`i32x4.shuffle_${lanes.join('')}`, x!.vector, y!.vector) }
}

/** Of two lanes the upper half is free: it is chosen so that one machine instruction does it where one can. */
function shortLanes(lanes: readonly number[]): readonly number[] {
  if (lanes.length === 4) return lanes
  const [x, y] = lanes as [number, number]
  if (x === 0 && y === 4) return [0, 4, 1, 5]
  if (x === 2 && y === 6) return [2, 6, 3, 7]
  return x === 0 && y === 5 ? [0, 5, 2, 3] : [x, y, x, y]
}

export function scalarOf({ lanes, scalars, b }: Gathering, value: Value): Value {
  const place = lanes.get(value)
  if (!place) return value
  const known = scalars.get(value)
  if (known) return known
  const taken = laneOf(b, place.pair, place.lane)
  scalars.set(value, taken)
  return taken
}
