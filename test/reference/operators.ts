/**
 * What each operator means, written a second time and plainly: the type of its operands and result, and its value
 * in JavaScript. Apart from the compiler's table of primitives on purpose, so that a mistake there shows.
 */
import type { NumberType } from '../../src/core/primitives.ts'

/** How operands are converted before the operator: to one common type, to int, to real, or not at all. */
type Conversion = 'common' | 'int' | 'real' | 'none'

export interface Operator {
  readonly operands: Conversion
  /** `common`: that of the operands. */
  readonly result: NumberType | 'common'
  readonly compute: (a: number, b: number, isInt: boolean) => number
}

const arithmetic = (compute: Operator['compute']): Operator => ({
  operands: 'common',
  result: 'common',
  compute,
})
const bitwise = (compute: Operator['compute']): Operator => ({ operands: 'int', result: 'int', compute })
const real = (compute: Operator['compute']): Operator => ({ operands: 'real', result: 'real', compute })
const compare = (holds: (a: number, b: number) => boolean): Operator => ({
  operands: 'common',
  result: 'int',
  compute: (a, b) => (holds(a, b) ? 1 : 0),
})

/** Towards zero, kept in the range of int32; NaN is 0. */
export function toInt(x: number): number {
  if (Number.isNaN(x)) return 0
  return Math.max(-(2 ** 31), Math.min(2 ** 31 - 1, Math.trunc(x)))
}

function halfToEven(x: number): number {
  const below = Math.floor(x)
  if (x - below !== 0.5) return Math.round(x)
  return below % 2 === 0 ? below : below + 1
}

const halfAwayFromZero = (x: number) => Math.sign(x) * Math.round(Math.abs(x))

/** IEEE 754: x − n·y with n nearest to x/y, even on a tie. */
function remainder(x: number, y: number): number {
  const rest = x % y
  const size = Math.abs(y)
  const isOdd = Math.abs((x - rest) / y) % 2 === 1
  if (Math.abs(rest) * 2 > size || (Math.abs(rest) * 2 === size && isOdd))
    return rest - Math.sign(rest) * size
  return rest
}

export const OPERATORS: Readonly<Record<string, Operator>> = {
  add: arithmetic((a, b) => a + b),
  sub: arithmetic((a, b) => a - b),
  mul: arithmetic((a, b, isInt) => (isInt ? Math.imul(a, b) : a * b)),
  rem: arithmetic((a, b, isInt) => (isInt && b === 0 ? 0 : a % b)),
  min: arithmetic((a, b) => Math.min(a, b)),
  max: arithmetic((a, b) => Math.max(a, b)),
  abs: arithmetic(a => Math.abs(a)),
  pow: arithmetic((a, b, isInt) => (isInt ? toInt(a ** b) : a ** b)),
  div: real((a, b) => a / b),
  and: bitwise((a, b) => a & b),
  or: bitwise((a, b) => a | b),
  xor: bitwise((a, b) => a ^ b),
  lsh: bitwise((a, b) => a << b),
  rsh: bitwise((a, b) => a >> b),
  lt: compare((a, b) => a < b),
  le: compare((a, b) => a <= b),
  gt: compare((a, b) => a > b),
  ge: compare((a, b) => a >= b),
  eq: compare((a, b) => a === b),
  ne: compare((a, b) => a !== b),
  fmod: real((a, b) => a % b),
  remainder: real(remainder),
  sin: real(Math.sin),
  cos: real(Math.cos),
  tan: real(Math.tan),
  asin: real(Math.asin),
  acos: real(Math.acos),
  atan: real(Math.atan),
  atan2: real(Math.atan2),
  exp: real(Math.exp),
  log: real(Math.log),
  log10: real(Math.log10),
  sqrt: real(Math.sqrt),
  floor: real(Math.floor),
  ceil: real(Math.ceil),
  rint: real(halfToEven),
  round: real(halfAwayFromZero),
  int: { operands: 'none', result: 'int', compute: toInt },
  float: { operands: 'none', result: 'real', compute: a => a },
}
