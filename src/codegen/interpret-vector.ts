/**
 * What each vector instruction computes, in JavaScript: lane by lane what the scalar instruction does.
 *
 * Comes in: an instruction name. Goes out: a function on vectors, which are unsigned integers of 128 bits. Apart
 * from the scalar table because nothing but the verification of passes needs it.
 */
import { type Compute, computeOf } from './interpret-op.ts'

type Lane = number | bigint
type Vector = bigint
type AnyCompute = (...args: (Lane | Vector)[]) => Lane | Vector

const BYTES = { i32: 4, i64: 8, f32: 4, f64: 8 } as const
type LaneType = keyof typeof BYTES

const memory = new DataView(new ArrayBuffer(16))

function lanesOf(vector: Vector, type: LaneType): Lane[] {
  memory.setBigUint64(0, BigInt.asUintN(64, vector), true)
  memory.setBigUint64(8, vector >> 64n, true)
  return Array.from({ length: 16 / BYTES[type] }, (_, i) => {
    const at = i * BYTES[type]
    if (type === 'i32') return memory.getInt32(at, true)
    if (type === 'f32') return memory.getFloat32(at, true)
    return type === 'i64' ? memory.getBigInt64(at, true) : memory.getFloat64(at, true)
  })
}

export function vectorOf(lanes: readonly Lane[], type: LaneType): Vector {
  for (const [i, lane] of lanes.entries()) {
    const at = i * BYTES[type]
    if (type === 'i32') memory.setInt32(at, Number(lane), true)
    else if (type === 'f32') memory.setFloat32(at, Number(lane), true)
    else if (type === 'i64') memory.setBigInt64(at, BigInt(lane), true)
    else memory.setFloat64(at, Number(lane), true)
  }
  return memory.getBigUint64(0, true) | (memory.getBigUint64(8, true) << 64n)
}

const scalar = (name: string) => computeOf(name) as unknown as AnyCompute
const COMPARISON = /^(eq|ne|lt|le|gt|ge)(_[su])?$/
const INTEGER = { f32: 'i32', f64: 'i64', i32: 'i32', i64: 'i64' } as const
const ALL_ONES = 2n ** 128n - 1n

/** `f64x2.add` and the like. */
function laneWise(type: LaneType, operation: string): AnyCompute {
  if (/^sh[lr]/.test(operation)) {
    const shift = scalar(`${type}.${operation}`)
    return (a, n) => {
      const count = type === 'i64' ? BigInt(n) : n
      return vectorOf(lanesOf(BigInt(a), type).map(lane => shift(lane, count)) as Lane[], type)
    }
  }
  const compute = operation === 'neg' && type[0] === 'i' ? undefined : scalar(`${type}.${operation}`)
  return (...vectors) => {
    const [a, b] = vectors.map(v => lanesOf(BigInt(v), type))
    const results = a!.map((lane, i) => (b ? compute!(lane, b[i]!) : compute!(lane))) as Lane[]
    if (!COMPARISON.test(operation)) return vectorOf(results, type)
    const masks = results.map(r => (type.endsWith('64') ? -BigInt(r) : -Number(r)))
    return vectorOf(masks, INTEGER[type])
  }
}

const pick = (from: LaneType, to: LaneType, name: string): AnyCompute => {
  const compute = scalar(name)
  return a => {
    const lanes = lanesOf(BigInt(a), from).map(lane => compute(lane))
    const count = 16 / BYTES[to]
    const zero = to === 'i64' ? 0n : 0
    return vectorOf(
      Array.from({ length: count }, (_, i) => (lanes[i] ?? zero) as Lane),
      to,
    )
  }
}

const WHOLE: Readonly<Record<string, AnyCompute>> = {
  'v128.and': (a, b) => BigInt(a) & BigInt(b),
  'v128.andnot': (a, b) => BigInt(a) & (BigInt(b) ^ ALL_ONES),
  'v128.or': (a, b) => BigInt(a) | BigInt(b),
  'v128.xor': (a, b) => BigInt(a) ^ BigInt(b),
  'v128.not': a => BigInt(a) ^ ALL_ONES,
  'v128.bitselect': (a, b, mask) => (BigInt(a) & BigInt(mask)) | (BigInt(b) & (BigInt(mask) ^ ALL_ONES)),
  'i64x2.extend_low_i32x4_s': pick('i32', 'i64', 'i64.extend_i32_s'),
  'i64x2.extend_low_i32x4_u': pick('i32', 'i64', 'i64.extend_i32_u'),
  'i32x4.trunc_sat_f32x4_s': pick('f32', 'i32', 'i32.trunc_sat_f32_s'),
  'i32x4.trunc_sat_f64x2_s_zero': pick('f64', 'i32', 'i32.trunc_sat_f64_s'),
  'f32x4.convert_i32x4_s': pick('i32', 'f32', 'f32.convert_i32_s'),
  'f64x2.convert_low_i32x4_s': pick('i32', 'f64', 'f64.convert_i32_s'),
  'f32x4.demote_f64x2_zero': pick('f64', 'f32', 'f32.demote_f64'),
  'f64x2.promote_low_f32x4': pick('f32', 'f64', 'f64.promote_f32'),
  ...pseudoMinimum('f32'),
  ...pseudoMinimum('f64'),
  ...multiplyAdd('f32'),
  ...multiplyAdd('f64'),
  'i32x4.min_s': (a, b) => minimum(a, b, 1),
  'i32x4.max_s': (a, b) => minimum(a, b, -1),
}

/** Rounding twice, which is one of the two results that engines may give. */
function multiplyAdd(type: 'f32' | 'f64'): Record<string, AnyCompute> {
  const shape = type === 'f32' ? 'f32x4' : 'f64x2'
  const [add, sub, mul] = ['add', 'sub', 'mul'].map(name => laneWise(type, name)) as [
    AnyCompute,
    AnyCompute,
    AnyCompute,
  ]
  return {
    [`${shape}.relaxed_madd`]: (a, b, c) => add(mul(a!, b!), c!),
    [`${shape}.relaxed_nmadd`]: (a, b, c) => sub(c!, mul(a!, b!)),
  }
}

function minimum(a: Lane, b: Lane, sign: 1 | -1): Vector {
  const others = lanesOf(BigInt(b), 'i32')
  const lanes = lanesOf(BigInt(a), 'i32').map(
    (x, i) => sign * Math.min(sign * Number(x), sign * Number(others[i])),
  )
  return vectorOf(lanes, 'i32')
}

/** pmin(a, b) = b < a ? b : a, pmax(a, b) = a < b ? b : a, also of zeros and of what is no number. */
function pseudoMinimum(type: 'f32' | 'f64'): Record<string, AnyCompute> {
  const of =
    (takesSecond: (x: Lane, y: Lane) => boolean): AnyCompute =>
    (a, b) => {
      const [first, second] = [lanesOf(BigInt(a), type), lanesOf(BigInt(b), type)]
      return vectorOf(
        first.map((x, i) => (takesSecond(x, second[i]!) ? second[i]! : x)),
        type,
      )
    }
  const shape = type === 'f32' ? 'f32x4' : 'f64x2'
  return { [`${shape}.pmin`]: of((x, y) => y < x), [`${shape}.pmax`]: of((x, y) => x < y) }
}

/** Instructions with lane numbers in their names, and those that see all lanes. */
function lanes(type: LaneType, operation: string): AnyCompute | undefined {
  const [, action, digits = ''] = /^([a-z_]+?)_?(\d*)$/.exec(operation) ?? []
  const lane = Number(digits)
  switch (action) {
    case 'splat':
      return a =>
        vectorOf(
          Array.from({ length: 16 / BYTES[type] }, () => a),
          type,
        )
    case 'extract_lane':
      return a => lanesOf(BigInt(a), type)[lane]!
    case 'replace_lane':
      return (a, value) => vectorOf(lanesOf(BigInt(a), type).with(lane, value), type)
    case 'all_true':
      return a => (lanesOf(BigInt(a), type).every(Boolean) ? 1 : 0)
    case 'bitmask':
      return a => lanesOf(BigInt(a), type).reduce<number>((bits, x, i) => bits | (x < 0 ? 1 << i : 0), 0)
    case 'shuffle':
      return (a, b) => {
        const all = [...lanesOf(BigInt(a), type), ...lanesOf(BigInt(b), type)]
        return vectorOf(
          [...digits].map(digit => all[Number(digit)]!),
          type,
        )
      }
    default:
      return undefined
  }
}

/** Undefined for scalar instructions. */
export function vectorComputeOf(name: string): Compute | undefined {
  const whole = WHOLE[name]
  if (whole) return whole as Compute
  const [, type, operation] = /^([if](?:32|64))x\d\.(.*)$/.exec(name) ?? []
  if (!type || !operation) return undefined
  return (lanes(type as LaneType, operation) ?? laneWise(type as LaneType, operation)) as Compute
}
