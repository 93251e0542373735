/**
 * exp in single precision; error below 0.9 ulp.
 *
 * Reduction: x = k·ln2 + r, |r| ≤ 0.3468, with ln2 = LN2_HIGH (15 bits, so that k·LN2_HIGH is exact) + LN2_LOW.
 * e^r = 1 + r + r²P(r), P minimax (Remez) of degree 4, relative error 2^-28.
 */
import type { KernelFunction, Value } from '../../kernel.ts'
import { wholeName } from '../define.ts'
import { ROUNDER, ROUNDER_BITS, type SingleArithmetic, single } from './arithmetic.ts'

export const LN2_HIGH = 0.693145751953125
export const LN2_LOW = 1.428606765330187e-6

const P = [
  0.4999999403953552, 0.16666516661643982, 0.04166810214519501, 0.00836919341236353, 0.001383883529342711,
]

/** Of r, far below what shows in the result; the square of this is a normal number. */
const LEAST_SQUARE = 2 ** -28

interface Split {
  readonly more: Value
  /** The bits of k + ROUNDER. */
  readonly shifted: Value
}

/** e^x = (1 + more)·2^k */
export function splitExponential(m: SingleArithmetic, x: Value): Split {
  const { add, sub, mul } = m
  const shifted = add(mul(x, Math.LOG2E), ROUNDER)
  const k = sub(shifted, ROUNDER)
  const high = sub(x, mul(k, LN2_HIGH))
  const low = mul(k, LN2_LOW)
  const r = sub(high, low)
  const rest = sub(mul(mul(r, r), m.polynomial(r, P, 0, LEAST_SQUARE, 1)), low)
  return { more: add(high, rest), shifted: m.bits(shifted) }
}

/** The power in two steps, of which the last may round: subnormal and infinite results. */
const whole = (): KernelFunction =>
  single(wholeName('exp'), 1, (m, x) => {
    // Beyond these the result is 0 or infinite anyway; NaN passes through.
    const { more, shifted } = splitExponential(m, m.max(m.min(x!, 89), -104))
    const k = m.subInt(shifted, ROUNDER_BITS)
    const half = m.shiftRightSigned(k, 1)
    // Processors take long to find out that a product is 0.
    const rest = m.either(
      m.lt(x!, -104),
      () => m.real(0),
      () => m.powerOf(m.subInt(k, half)),
    )
    return m.mul(m.mul(m.add(1, more), m.powerOf(half)), rest)
  })

const quick = (): KernelFunction =>
  single('exp', 1, (m, x) =>
    m.either(
      m.le(m.abs(x!), 87),
      () => {
        const { more, shifted } = splitExponential(m, x!)
        return m.scale(m.add(1, more), shifted)
      },
      () => m.call(wholeName('exp'), x!),
    ),
  )

export const exponential = (): KernelFunction[] => [whole(), quick()]
