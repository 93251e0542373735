/**
 * exp in double precision; error below 0.95 ulp.
 *
 * Reduction: x = k·ln2 + r, |r| ≤ 0.3475, with ln2 = LN2_HIGH (40 bits, so that k·LN2_HIGH is exact) + LN2_LOW.
 * e^r = 1 + r + r²P(r), P minimax (Remez) of degree 9, error 2^-57; then 2^k is multiplied, by putting k into
 * an exponent, or in two steps where the result may be subnormal or infinite.
 */
import type { KernelFunction, Value } from '../kernel.ts'
import { type Arithmetic, ROUNDER } from './arithmetic.ts'
import { unary } from './define.ts'

export const LN2_HIGH = 0.6931471805592082
export const LN2_LOW = 7.371002565167799e-13

const P = [
  0.5000000000000013, 0.166666666666667, 0.041666666666512274, 0.008333333333306665, 0.0013888888947919586,
  0.00019841269918563674, 2.48014889355511e-5, 2.7557215237227817e-6, 2.763166187336104e-7,
  2.511820064692078e-8,
]

/** e^r - 1 - r */
export function exponentialRest(m: Arithmetic, r: Value): Value {
  return m.mul(m.mul(r, r), m.polynomial(r, P))
}

/** e^x = (1 + high + rest)·2^k, |rest| much smaller than |high|; `shifted` has the bits of k + ROUNDER. */
export function reduceExponent(m: Arithmetic, x: Value): { high: Value; rest: Value; shifted: Value } {
  const { add, sub, mul } = m
  const shifted = add(mul(x, Math.LOG2E), ROUNDER)
  const k = sub(shifted, ROUNDER)
  const high = sub(x, mul(k, LN2_HIGH))
  const low = mul(k, LN2_LOW)
  const rest = sub(exponentialRest(m, sub(high, low)), low)
  return { high, rest, shifted: m.bits(shifted) }
}

/** e^x = mantissa·2^k. */
export function splitExponential(m: Arithmetic, x: Value): { mantissa: Value; shifted: Value } {
  const { high, rest, shifted } = reduceExponent(m, x)
  return { mantissa: m.add(1, m.add(high, rest)), shifted }
}

/** mantissa·2^k where the result may leave the normal range: the first factor leaves it exact. */
export function scaleInTwoSteps(m: Arithmetic, mantissa: Value, k: Value): Value {
  const half = m.shiftRightSigned(k, 1n)
  return m.mul(m.mul(mantissa, m.powerOfTwo(half)), m.powerOfTwo(m.subLong(k, half)))
}

/** The whole number of a ROUNDER sum as a signed integer; right for |k| < 2^31. */
export function wholeOf(m: Arithmetic, shifted: Value): Value {
  return m.b.op('i64.extend_i32_s', m.b.op('i32.wrap_i64', shifted))
}

export const exponential = (): KernelFunction[] => [
  unary('exp.slow', (m, x) => {
    // Beyond ±800 the result is 0 or infinite anyway; NaN passes through.
    const { mantissa, shifted } = splitExponential(m, m.max(m.min(x, 800), -800))
    return scaleInTwoSteps(m, mantissa, wholeOf(m, shifted))
  }),
  unary('exp', (m, x) =>
    m.either(
      m.le(m.abs(x), 708),
      () => {
        const { mantissa, shifted } = splitExponential(m, x)
        return m.scale(mantissa, shifted)
      },
      () => m.call('exp.slow', x),
    ),
  ),
]
