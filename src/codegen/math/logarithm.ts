/**
 * log and log10 in double precision; errors below 0.9 ulp.
 *
 * Reduction: x = 2^k·(1 + f), √½ ≤ 1 + f < √2. With s = f / (2 + f): ln(1 + f) = 2 artanh s = 2s + s·R(s²), R
 * minimax (Remez) with 7 terms, error 2^-58. Since 2s = f - s·f = f - f²/2 + s·f²/2, the result is
 * f - (f²/2 - s·(f²/2 + R)), whose leading term is exact. For log10 the leading part is cut to 26 bits, so that
 * its product with the upper part of 1/ln10 is exact.
 */
import type { KernelFunction, Value } from '../kernel.ts'
import type { Arithmetic } from './arithmetic.ts'
import { unary, wholeName } from './define.ts'
import { LN2_HIGH, LN2_LOW } from './exponential.ts'

export const R = [
  0.6666666666666736, 0.39999999999400837, 0.2857142874575961, 0.22222198199187826, 0.1818358512645162,
  0.15313485395000992, 0.14801918641383782,
]
const INVERSE_LN10_HIGH = 0.4342944845557213
const INVERSE_LN10_LOW = -2.6524694553078553e-9
const LOG10_2_HIGH = 0.30102999566361177
const LOG10_2_LOW = 3.694239077158931e-13

export const SQRT_HALF_BITS = 0x3fe6a09e667f3bcdn
const SMALLEST_NORMAL_BITS = 0x0010000000000000n
const INFINITY_BITS = 0x7ff0000000000000n
const ONE_BITS = 0x3ff0000000000000n
const FRACTION_BITS = 0x000fffffffffffffn
/** Of 2^52, whose last digit is 1. */
const DIGITS_BITS = 0x4330000000000000n

/**
 * x = 2^k·mantissa for a positive normal x, mantissa from `lowest` (given as bits, below 1) to twice that; k as a real.
 *
 * Vectors have neither signed shifts nor conversions of 64 bits: k + 1023 becomes the last digits of 2^52 + k + 1023.
 */
export function splitExponent(m: Arithmetic, x: Value, lowest: bigint): { k: Value; mantissa: Value } {
  const biased = m.addLong(m.bits(x), ONE_BITS - lowest)
  const whole = m.ofBits(m.or(m.shiftRight(biased, 52n), DIGITS_BITS))
  return {
    k: m.sub(whole, 2 ** 52 + 1023),
    mantissa: m.ofBits(m.addLong(m.and(biased, FRACTION_BITS), lowest)),
  }
}

/** 1 for finite positive numbers that are not subnormal. */
export function isPositiveNormal(m: Arithmetic, x: Value): Value {
  return m.ltUnsigned(m.subLong(m.bits(x), SMALLEST_NORMAL_BITS), INFINITY_BITS - SMALLEST_NORMAL_BITS)
}

/** f, f²/2 and what ln(1 + f) is more than f - f²/2. */
export function seriesOf(m: Arithmetic, mantissa: Value): { f: Value; half: Value; rest: Value } {
  const { add, sub, mul } = m
  const f = sub(mantissa, 1)
  const s = m.div(f, add(f, 2))
  const square = mul(s, s)
  const half = mul(mul(f, f), 0.5)
  const rest = mul(s, add(half, mul(square, m.polynomial(square, R))))
  return { f, half, rest }
}

/** ln(2^k·mantissa) + more, where `more` is small against the rest. */
export function natural(m: Arithmetic, parts: { k: Value; mantissa: Value }, more?: Value): Value {
  const { add, sub, mul } = m
  const { k, mantissa } = parts
  const { f, half, rest: series } = seriesOf(m, mantissa)
  const rest = more ? add(series, more) : series
  const low = add(rest, mul(k, LN2_LOW))
  return sub(mul(k, LN2_HIGH), sub(sub(half, low), f))
}

function decimal(m: Arithmetic, { k, mantissa }: { k: Value; mantissa: Value }): Value {
  const { add, sub, mul } = m
  const { f, half, rest } = seriesOf(m, mantissa)
  const high = m.high(sub(f, half))
  const low = add(sub(sub(f, high), half), rest)
  const product = mul(high, INVERSE_LN10_HIGH)
  const whole = mul(k, LOG10_2_HIGH)
  const sum = add(whole, product)
  // |whole| is larger than |product| or zero, so this is the rounding error of the sum.
  const lost = add(sub(whole, sum), product)
  const small = add(mul(low, INVERSE_LN10_HIGH), mul(add(high, low), INVERSE_LN10_LOW))
  return add(sum, add(lost, add(small, mul(k, LOG10_2_LOW))))
}

type Finish = (m: Arithmetic, parts: { k: Value; mantissa: Value }) => Value

/** ±0 gives -∞, negative numbers and NaN give NaN, +∞ itself; subnormals are scaled up first. */
export function logarithmOf(name: string, finish: Finish): KernelFunction[] {
  const slow = unary(`${name}.slow`, (m, x) => {
    const [scale, shift] = m.b.if(
      m.lt(x, 2 ** -1000),
      () => [m.real(2 ** 54), m.real(54)],
      () => [m.real(1), m.real(0)],
    ) as [Value, Value]
    return m.either(
      m.both(m.gt(x, 0), m.lt(x, Number.POSITIVE_INFINITY)),
      () => {
        const { k, mantissa } = splitExponent(m, m.mul(x, scale), SQRT_HALF_BITS)
        return finish(m, { k: m.sub(k, shift), mantissa })
      },
      // √x is NaN for x < 0 and x for +∞.
      () => m.sqrt(x),
    )
  })
  // Silence: a question of its own, so that nothing is computed where that is all.
  const ofZero = unary(wholeName(name), (m, x) =>
    m.either(
      m.eq(x, 0),
      () => m.real(Number.NEGATIVE_INFINITY),
      () => m.call(slow.name, x),
    ),
  )
  const quick = unary(name, (m, x) =>
    m.either(
      isPositiveNormal(m, x),
      () => finish(m, splitExponent(m, x, SQRT_HALF_BITS)),
      () => m.call(ofZero.name, x),
    ),
  )
  return [slow, ofZero, quick]
}

export const logarithms = (): KernelFunction[] => [
  ...logarithmOf('log', (m, parts) => natural(m, parts)),
  ...logarithmOf('log10', decimal),
]
