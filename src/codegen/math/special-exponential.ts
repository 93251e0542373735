/**
 * exp2, exp10 and log2 in double precision; errors below 0.9 ulp, exact where the result is a double.
 *
 * exp2: x = k + r, and e^(r·ln2) with the product in two parts. exp10: as pow, ln10 being known. log2: as log10,
 * but the exponent is added as it is.
 */
import type { KernelFunction, Value } from '../kernel.ts'
import { type Arithmetic, ROUNDER } from './arithmetic.ts'
import { unary } from './define.ts'
import { exponentialRest, scaleInTwoSteps, wholeOf } from './exponential.ts'
import { logarithmOf, seriesOf } from './logarithm.ts'
import { exponential, exponentOf } from './power.ts'

const LN2_TAIL = 2.3190468138462996e-17
/** ln 10, its upper 26 bits and the rest. */
const LN10_HIGH = 2.3025850653648376
const LN10_LOW = 2.7629208037533617e-8
/** 1 / ln 2, its upper 26 bits and the rest. */
const INVERSE_LN2_HIGH = 1.4426950514316559
const INVERSE_LN2_LOW = -1.0542692476429138e-8

/** 2^x as mantissa·2^k. */
function splitPower(m: Arithmetic, x: Value): { mantissa: Value; shifted: Value } {
  const { add, sub, mul } = m
  const shifted = add(x, ROUNDER)
  const r = sub(x, sub(shifted, ROUNDER))
  const head = mul(r, Math.LN2)
  const tail = add(m.productError(r, m.real(Math.LN2), head), mul(r, LN2_TAIL))
  const mantissa = add(1, add(head, add(tail, exponentialRest(m, head))))
  return { mantissa, shifted: m.bits(shifted) }
}

const exp2 = (): KernelFunction[] => [
  unary('exp2.slow', (m, x) => {
    const { mantissa, shifted } = splitPower(m, m.max(m.min(x, 1100), -1100))
    return scaleInTwoSteps(m, mantissa, wholeOf(m, shifted))
  }),
  unary('exp2', (m, x) =>
    m.either(
      m.le(m.abs(x), 1022),
      () => {
        const { mantissa, shifted } = splitPower(m, x)
        return m.mul(mantissa, m.powerOfTwo(shifted))
      },
      () => m.call('exp2.slow', x),
    ),
  ),
]

const exp10 = (): KernelFunction =>
  unary('exp10', (m, x) => {
    // Beyond ±400 the result is 0 or infinite anyway; NaN passes through.
    const bounded = m.max(m.min(x, 400), -400)
    const exponent = exponentOf(m, bounded, { head: m.real(LN10_HIGH), tail: m.real(LN10_LOW) })
    const { mantissa, shifted } = exponential(m, exponent, m.add(exponent.head, exponent.tail))
    return scaleInTwoSteps(m, mantissa, wholeOf(m, shifted))
  })

/** k + ln(1 + f) / ln 2, the product's leading part exact. */
function binaryLogarithm(m: Arithmetic, { k, mantissa }: { k: Value; mantissa: Value }): Value {
  const { add, sub, mul } = m
  const { f, half, rest } = seriesOf(m, mantissa)
  const high = m.high(sub(f, half))
  const low = add(sub(sub(f, high), half), rest)
  const product = mul(high, INVERSE_LN2_HIGH)
  const sum = add(k, product)
  // |k| is larger than |product| or zero, so this is the rounding error of the sum.
  const lost = add(sub(k, sum), product)
  const small = add(mul(low, INVERSE_LN2_HIGH), mul(add(high, low), INVERSE_LN2_LOW))
  return add(sum, add(lost, small))
}

export const specialExponentials = (): KernelFunction[] => [
  ...exp2(),
  exp10(),
  ...logarithmOf('log2', binaryLogarithm),
]
