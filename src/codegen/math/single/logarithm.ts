/**
 * log and log10 in single precision; errors below 0.9 ulp.
 *
 * Reduction: x = 2^k·(1 + f), √½ ≤ 1 + f < √2. ln(1 + f) = f - f²/2 + f³P(f), P minimax (Remez) of degree 7, relative
 * error 2^-27. The sum of k·ln2 and f is kept with its rounding error, as up to half of it may cancel. For log10 the
 * leading part is cut to 12 bits, so that its product with the upper part of 1/ln10 is exact.
 */
import type { KernelFunction, Value } from '../../kernel.ts'
import { wholeName } from '../define.ts'
import { type SingleArithmetic, single } from './arithmetic.ts'
import { LN2_HIGH, LN2_LOW } from './exponential.ts'

const P = [
  0.3333333134651184, -0.2500081956386566, 0.20001226663589478, -0.1662336140871048, 0.14201758801937103,
  -0.13160154223442078, 0.12761564552783966, -0.07634547352790833,
]
const INVERSE_LN10_HIGH = 0.434326171875
const INVERSE_LN10_LOW = -3.168997136526741e-5
const LOG10_2_HIGH = 0.301025390625
const LOG10_2_LOW = 4.605039066518657e-6

const SQRT_HALF_BITS = 0x3f3504f3
const SMALLEST_NORMAL_BITS = 0x00800000
export const INFINITY_BITS = 0x7f800000

interface Series {
  /** The power of 2, as a real. */
  readonly exponent: Value
  readonly f: Value
  /** ln(1 + f) - f = tail - half */
  readonly half: Value
  readonly tail: Value
}

/** x = 2^k·mantissa for a positive normal x, √½ ≤ mantissa < √2. */
export function splitExponent(m: SingleArithmetic, x: Value): { k: Value; mantissa: Value } {
  const pattern = m.bits(x)
  const k = m.shiftRightSigned(m.subInt(pattern, SQRT_HALF_BITS), 23)
  return { k, mantissa: m.ofBits(m.subInt(pattern, m.shl(k, 23))) }
}

function seriesOf(m: SingleArithmetic, x: Value): Series {
  const { mul } = m
  const { k, mantissa } = splitExponent(m, x)
  const f = m.sub(mantissa, 1)
  const square = mul(f, f)
  const tail = mul(mul(f, square), m.polynomial(f, P))
  return { exponent: m.ofInt(k), f, half: mul(square, 0.5), tail }
}

function natural(m: SingleArithmetic, { exponent, f, half, tail }: Series): Value {
  const { add, sub, mul } = m
  const whole = mul(exponent, LN2_HIGH)
  const sum = add(whole, f)
  // |whole| is larger than |f| or zero, so this is the rounding error of the sum.
  const lost = add(sub(whole, sum), f)
  return add(sum, add(lost, sub(add(tail, mul(exponent, LN2_LOW)), half)))
}

function decimal(m: SingleArithmetic, { exponent, f, half, tail }: Series): Value {
  const { add, sub, mul } = m
  const high = m.high(sub(f, half))
  const low = add(sub(sub(f, high), half), tail)
  const product = mul(high, INVERSE_LN10_HIGH)
  const whole = mul(exponent, LOG10_2_HIGH)
  const sum = add(whole, product)
  const lost = add(sub(whole, sum), product)
  const small = add(mul(low, INVERSE_LN10_HIGH), mul(add(high, low), INVERSE_LN10_LOW))
  return add(sum, add(lost, add(small, mul(exponent, LOG10_2_LOW))))
}

export function isPositiveNormal(m: SingleArithmetic, x: Value): Value {
  const above = m.subInt(m.bits(x), SMALLEST_NORMAL_BITS)
  return m.ltUnsigned(above, INFINITY_BITS - SMALLEST_NORMAL_BITS)
}

type Finish = (m: SingleArithmetic, series: Series) => Value

const other = (name: string): string => `${name}.other`

/** Silence: a question of its own, so that nothing is computed where that is all. */
const ofZero = (name: string): KernelFunction =>
  single(wholeName(name), 1, (m, x) =>
    m.either(
      m.eq(x!, 0),
      () => m.real(Number.NEGATIVE_INFINITY),
      () => m.call(wholeName(other(name)), x!),
    ),
  )

/** -∞ of ±0, NaN of negative numbers; +∞ and NaN of themselves; subnormals are scaled up first. */
const whole = (name: string, finish: Finish): KernelFunction =>
  single(wholeName(other(name)), 1, (m, x) => {
    const { real, mul, either } = m
    const [scale, shift] = m.b.if(
      m.lt(x!, 2 ** -126),
      () => [real(2 ** 24), real(24)],
      () => [real(1), real(0)],
    ) as [Value, Value]
    const series = seriesOf(m, mul(x!, scale))
    const result = finish(m, { ...series, exponent: m.sub(series.exponent, shift) })
    const special = () =>
      either(
        m.eq(x!, 0),
        () => real(Number.NEGATIVE_INFINITY),
        // √x is NaN for x < 0 and x for +∞.
        () => m.sqrt(x!),
      )
    return either(m.and(m.gt(x!, 0), m.lt(x!, Number.POSITIVE_INFINITY)), () => result, special)
  })

const quick = (name: string, finish: Finish): KernelFunction =>
  single(name, 1, (m, x) =>
    m.either(
      isPositiveNormal(m, x!),
      () => finish(m, seriesOf(m, x!)),
      () => m.call(wholeName(name), x!),
    ),
  )

const logarithm = (name: string, finish: Finish) => [whole(name, finish), ofZero(name), quick(name, finish)]

export const logarithms = (): KernelFunction[] => [
  ...logarithm('log', natural),
  ...logarithm('log10', decimal),
]
