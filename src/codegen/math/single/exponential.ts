/**
 * exp in single precision; error below 0.9 ulp.
 *
 * Reduction: x = k·ln2 + r, |r| ≤ 0.3468, with ln2 = LN2_HIGH (15 bits, so that k·LN2_HIGH is exact) + LN2_LOW.
 * e^r = 1 + r + r²P(r), P minimax (Remez) of degree 4, relative error 2^-28. Where the result is not a normal number,
 * the double function is called.
 */
import type { KernelFunction, Value } from '../../kernel.ts'
import { ROUNDER, type SingleArithmetic, single } from './arithmetic.ts'

export const LN2_HIGH = 0.693145751953125
export const LN2_LOW = 1.428606765330187e-6

const P = [
  0.4999999403953552, 0.16666516661643982, 0.04166810214519501, 0.00836919341236353, 0.001383883529342711,
]

/** e^x = (1 + more)·power, power a power of 2. */
export function splitExponential(m: SingleArithmetic, x: Value): { more: Value; power: Value } {
  const { add, sub, mul } = m
  const shifted = add(mul(x, Math.LOG2E), ROUNDER)
  const k = sub(shifted, ROUNDER)
  const high = sub(x, mul(k, LN2_HIGH))
  const low = mul(k, LN2_LOW)
  const r = sub(high, low)
  const rest = sub(mul(mul(r, r), m.polynomial(r, P)), low)
  return { more: add(high, rest), power: m.powerOfTwo(m.bits(shifted)) }
}

export const exponential = (): KernelFunction[] => [
  single('exp', 1, (m, x) =>
    m.either(
      m.le(m.abs(x!), 87),
      () => {
        const { more, power } = splitExponential(m, x!)
        return m.mul(m.add(1, more), power)
      },
      () => m.inDouble('exp', x!),
    ),
  ),
]
