/**
 * Minima and maxima of lanes in one instruction.
 *
 * Comes in: `min` and `max` of floats with a constant, and choices by a comparison of what is chosen from. Goes out:
 * `pmin` and `pmax`, or those of integers, where they give the same bits. Apart from pair-op, as it is all about zeros
 * and what is no number: `f32x4.min` takes engines seven instructions on x64, `f32x4.pmin` one.
 *
 * pmin(a, b) = b < a ? b : a and pmax(a, b) = a < b ? b : a.
 */
import type { FunctionBuilder } from './builder.ts'
import type { Value } from './kernel.ts'
import type { Pair } from './pair-op.ts'

/** Takes `second`, then `first`; `condition` chooses `first`. */
export function chosenExtreme(
  { kind, vector: x }: Pair,
  { vector: y }: Pair,
  condition: Pair,
): string | undefined {
  const { compared } = condition
  const swapped = compared?.x === y && compared.y === x
  if (!compared || x === y || (!swapped && !(compared.x === x && compared.y === y))) return undefined
  const { name } = compared
  // With the operands of the comparison the other way round, x < y chooses x where it would be y.
  const isLess = (name[0] === 'l') !== swapped
  if (kind === 'i32') return /^[lg][te]_s$/.test(name) ? `i32x4.${isLess ? 'min' : 'max'}_s` : undefined
  if (name !== 'lt' && name !== 'gt') return undefined
  if (kind === 'f32') return `f32x4.${isLess ? 'pmin' : 'pmax'}`
  return kind === 'f64' ? `f64x2.${isLess ? 'pmin' : 'pmax'}` : undefined
}

/** Undefined if neither is a constant for which it is the same. */
export function extremeWithConstant(
  b: FunctionBuilder,
  type: 'f32' | 'f64',
  name: 'min' | 'max',
  vectors: readonly [Value, Value],
  constants: readonly (number | bigint | undefined)[],
): Value | undefined {
  const at = typeof constants[0] === 'number' ? 0 : 1
  const constant = constants[at]
  if (typeof constant !== 'number' || Number.isNaN(constant)) return undefined
  // What is no number is not less than anything: as the first operand it is what comes out.
  const shape = type === 'f32' ? 'f32x4' : 'f64x2'
  const short = () => b.op(`${shape}.p${name}`, vectors[1 - at]!, vectors[at]!)
  if (constant !== 0 || Object.is(constant, 0) === (name === 'min')) return short()
  // max(0, -0) is 0: -0 + 0 is, and all else + 0 is what it was. min(-0, 0) has no such way.
  return name === 'max' ? b.op(`${shape}.add`, short(), vectors[at]!) : undefined
}

/**
 * Of any two: both orders, which differ where one is no number, or where zeros of different signs are compared. Bits of
 * either order make what is no number stay so, and of zeros the lesser is the one whose sign bit is set.
 */
export function extremeOf(
  b: FunctionBuilder,
  type: 'f32' | 'f64',
  name: 'min' | 'max',
  [x, y]: readonly [Value, Value],
): Value {
  const shape = type === 'f32' ? 'f32x4' : 'f64x2'
  const [one, other] = [b.op(`${shape}.p${name}`, x, y), b.op(`${shape}.p${name}`, y, x)]
  if (name === 'min') return b.op('v128.or', one, other)
  return b.op('v128.or', b.op('v128.and', one, other), b.op(`${shape}.ne`, one, other))
}
