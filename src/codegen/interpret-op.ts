/**
 * What each numeric instruction computes, in JavaScript, to the bit.
 *
 * Comes in: an instruction name. Goes out: a function on numbers (i32 as signed, f32 as rounded doubles) and,
 * for i64, signed bigints. Apart from the interpreter because it is a table, the counterpart of operations.ts.
 * A NaN has no payload here, as in WebAssembly, where it is not determined.
 */
import { roundHalfEven, truncateToInt } from '../core/primitives.ts'

/** Operands are numbers or bigints by the signature, which the builder has checked. */
export type Compute = (a: never, b: never, c: never) => number | bigint

const table = new Map<string, Compute>()

const truth = (condition: boolean): number => (condition ? 1 : 0)
const signed = (x: bigint): bigint => BigInt.asIntN(64, x)
const unsigned = (x: bigint): bigint => BigInt.asUintN(64, x)

const words = new DataView(new ArrayBuffer(8))

function bitsOfDouble(x: number): bigint {
  words.setFloat64(0, x)
  return words.getBigInt64(0)
}

function doubleOfBits(x: bigint): number {
  words.setBigInt64(0, x)
  return words.getFloat64(0)
}

function bitsOfFloat(x: number): number {
  words.setFloat32(0, x)
  return words.getInt32(0)
}

function floatOfBits(x: number): number {
  words.setInt32(0, x)
  return words.getFloat32(0)
}

function divisor<T extends number | bigint>(x: T): T {
  if (!x) throw new RangeError('integer division by zero')
  return x
}

function quotient<T extends number | bigint>(x: T, lowest: T): T {
  // The only overflow: lowest / -1.
  if (x === -lowest) throw new RangeError('integer overflow')
  return x
}

function countOnes(x: number): number {
  let count = 0
  for (let rest = x >>> 0; rest !== 0; rest &= rest - 1) count++
  return count
}

/** Bits of a 64-bit integer below its highest one. */
const width = (x: bigint): number => (x === 0n ? 0 : unsigned(x).toString(2).length)

function truncateToLong(x: number): bigint {
  if (Number.isNaN(x)) return 0n
  if (x >= 2 ** 63) return 2n ** 63n - 1n
  if (x < -(2 ** 63)) return -(2n ** 63n)
  return BigInt(Math.trunc(x))
}

/** copysign(a, b): |a| with the sign bit of b. */
function copySign(a: number, b: number): number {
  const negative = b < 0 || Object.is(b, -0)
  const magnitude = Math.abs(a)
  return negative ? -magnitude : magnitude
}

const int: Record<string, (a: number, b: number) => number> = {
  add: (a, b) => (a + b) | 0,
  sub: (a, b) => (a - b) | 0,
  mul: (a, b) => Math.imul(a, b),
  div_s: (a, b) => quotient(a / divisor(b), -(2 ** 31)) | 0,
  div_u: (a, b) => ((a >>> 0) / divisor(b >>> 0)) | 0,
  rem_s: (a, b) => (a % divisor(b)) | 0,
  rem_u: (a, b) => ((a >>> 0) % divisor(b >>> 0)) | 0,
  and: (a, b) => a & b,
  or: (a, b) => a | b,
  xor: (a, b) => a ^ b,
  shl: (a, b) => a << b,
  shr_s: (a, b) => a >> b,
  shr_u: (a, b) => (a >>> b) | 0,
  rotl: (a, b) => (a << b) | (a >>> -b),
  rotr: (a, b) => (a >>> b) | (a << -b),
  eq: (a, b) => truth(a === b),
  ne: (a, b) => truth(a !== b),
  lt_s: (a, b) => truth(a < b),
  lt_u: (a, b) => truth(a >>> 0 < b >>> 0),
  le_s: (a, b) => truth(a <= b),
  le_u: (a, b) => truth(a >>> 0 <= b >>> 0),
  gt_s: (a, b) => truth(a > b),
  gt_u: (a, b) => truth(a >>> 0 > b >>> 0),
  ge_s: (a, b) => truth(a >= b),
  ge_u: (a, b) => truth(a >>> 0 >= b >>> 0),
  clz: a => Math.clz32(a),
  ctz: a => (a === 0 ? 32 : 31 - Math.clz32(a & -a)),
  popcnt: a => countOnes(a),
  eqz: a => truth(a === 0),
}

const long: Record<string, (a: bigint, b: bigint) => number | bigint> = {
  add: (a, b) => signed(a + b),
  sub: (a, b) => signed(a - b),
  mul: (a, b) => signed(a * b),
  div_s: (a, b) => quotient(a / divisor(b), -(2n ** 63n)),
  div_u: (a, b) => signed(unsigned(a) / divisor(unsigned(b))),
  rem_s: (a, b) => a % divisor(b),
  rem_u: (a, b) => signed(unsigned(a) % divisor(unsigned(b))),
  and: (a, b) => a & b,
  or: (a, b) => a | b,
  xor: (a, b) => a ^ b,
  shl: (a, b) => signed(a << (b & 63n)),
  shr_s: (a, b) => a >> (b & 63n),
  shr_u: (a, b) => signed(unsigned(a) >> (b & 63n)),
  rotl: (a, b) => signed((a << (b & 63n)) | (unsigned(a) >> (-b & 63n))),
  rotr: (a, b) => signed((unsigned(a) >> (b & 63n)) | (a << (-b & 63n))),
  eq: (a, b) => truth(a === b),
  ne: (a, b) => truth(a !== b),
  lt_s: (a, b) => truth(a < b),
  lt_u: (a, b) => truth(unsigned(a) < unsigned(b)),
  le_s: (a, b) => truth(a <= b),
  le_u: (a, b) => truth(unsigned(a) <= unsigned(b)),
  gt_s: (a, b) => truth(a > b),
  gt_u: (a, b) => truth(unsigned(a) > unsigned(b)),
  ge_s: (a, b) => truth(a >= b),
  ge_u: (a, b) => truth(unsigned(a) >= unsigned(b)),
  clz: a => BigInt(64 - width(a)),
  ctz: a => (a === 0n ? 64n : BigInt(width(a & -a) - 1)),
  popcnt: a => BigInt(unsigned(a).toString(2).replaceAll('0', '').length),
  eqz: a => truth(a === 0n),
}

const real: Record<string, (a: number, b: number) => number> = {
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  mul: (a, b) => a * b,
  div: (a, b) => a / b,
  min: (a, b) => Math.min(a, b),
  max: (a, b) => Math.max(a, b),
  copysign: copySign,
  eq: (a, b) => truth(a === b),
  ne: (a, b) => truth(a !== b),
  lt: (a, b) => truth(a < b),
  le: (a, b) => truth(a <= b),
  gt: (a, b) => truth(a > b),
  ge: (a, b) => truth(a >= b),
  abs: a => Math.abs(a),
  neg: a => -a,
  sqrt: a => Math.sqrt(a),
  floor: a => Math.floor(a),
  ceil: a => Math.ceil(a),
  trunc: a => Math.trunc(a),
  nearest: a => roundHalfEven(a),
}

for (const [name, f] of Object.entries(int)) table.set(`i32.${name}`, f)
for (const [name, f] of Object.entries(long)) table.set(`i64.${name}`, f)
for (const [name, f] of Object.entries(real)) {
  table.set(`f64.${name}`, f)
  // Rounding the double result once more is exact for + - * / and sqrt, since 53 ≥ 2·24 + 2.
  table.set(`f32.${name}`, (a: number, b: number) => Math.fround(f(a, b)))
}

const conversions: Record<string, Compute> = {
  'i32.wrap_i64': (a: bigint) => Number(BigInt.asIntN(32, a)),
  'i64.extend_i32_s': (a: number) => BigInt(a),
  'i64.extend_i32_u': (a: number) => BigInt(a >>> 0),
  // The zero of an int has no sign.
  'i32.trunc_sat_f32_s': (a: number) => truncateToInt(a) | 0,
  'i32.trunc_sat_f64_s': (a: number) => truncateToInt(a) | 0,
  'i64.trunc_sat_f64_s': truncateToLong,
  'f32.convert_i32_s': (a: number) => Math.fround(a),
  'f64.convert_i32_s': (a: number) => a,
  'f64.convert_i64_s': (a: bigint) => Number(a),
  'f64.convert_i64_u': (a: bigint) => Number(unsigned(a)),
  'f32.demote_f64': (a: number) => Math.fround(a),
  'f64.promote_f32': (a: number) => a,
  'i32.reinterpret_f32': bitsOfFloat,
  'f32.reinterpret_i32': floatOfBits,
  'i64.reinterpret_f64': bitsOfDouble,
  'f64.reinterpret_i64': doubleOfBits,
  select: (a: number, b: number, condition: number) => (condition !== 0 ? a : b),
}
for (const [name, f] of Object.entries(conversions)) table.set(name, f)

export function computeOf(name: string): Compute {
  const compute = table.get(name)
  if (!compute) throw new Error(`internal error: the interpreter has no ${name}`)
  return compute
}
