/**
 * pow in double precision; error below 0.95 ulp, exact where the result is representable.
 *
 * x^y = e^(y·ln x), the exponent in two parts with about 68 bits. x = 2^k·mantissa, ½√3 ≤ mantissa < √3; of the
 * centres c = 1 and 3/2 the nearer is taken; s = (mantissa - c) / (mantissa + c), |s| ≤ 0.102, and
 * ln(mantissa / c) = 2 artanh s = s·(2 + ⅔s² + s⁴G(s²)), G minimax (Remez) of degree 5, error 2^-69 of the whole.
 * Products are made exact by cutting factors to 26 bits (Dekker). Then e^z as in exp, with z in two parts.
 * Zeros, infinities, NaN, negative and subnormal bases, and results out of the normal range take the slow path.
 */
import type { KernelFunction, Value } from '../kernel.ts'
import { type Arithmetic, ROUNDER } from './arithmetic.ts'
import { binary, define, wholeName } from './define.ts'
import { exponentialRest, LN2_HIGH, LN2_LOW, scaleInTwoSteps, wholeOf } from './exponential.ts'
import { isPositiveNormal, splitExponent } from './logarithm.ts'

const G = [
  0.39999999999999647, 0.28571428571899843, 0.22222221989214097, 0.18181874687975463, 0.1537740238612799,
  0.13797720905513947,
]
/** ⅔, its upper 26 bits and the rest. */
const THIRDS_HIGH = 0.6666666716337204
const THIRDS_LOW = -4.967053731282552e-9

const HALF_SQRT3_BITS = 0x3febb67ae8584caan
/** Above √(3/2) 3/2 is the nearer centre. */
const MIDDLE = 1.224744871391589
/** ln 3/2, its upper 26 bits and the rest. */
const LOG_HIGH = 0.40546511113643646
const LOG_LOW = -3.0282720804243305e-9

/** A number in two parts, the first with 26 bits. */
interface Split {
  readonly head: Value
  readonly tail: Value
}

const bitsOf = (x: number): bigint => new BigInt64Array(new Float64Array([x]).buffer)[0]!

/** A constant where the condition holds, or +0: of integers, as engines jump to select doubles. */
const where = (m: Arithmetic, condition: Value, x: number) =>
  m.ofBits(m.b.select(condition, m.long(bitsOf(x)), m.long(0n)))

/** ln(x·2^-shift) for a positive normal x. */
export function logarithm(m: Arithmetic, x: Value, shift?: Value): Split {
  const { add, sub, mul, high } = m
  const { k, mantissa } = splitExponent(m, x, HALF_SQRT3_BITS)
  const upper = m.gt(mantissa, MIDDLE)
  const center = add(where(m, upper, 0.5), 1)
  const exponent = shift ? sub(k, shift) : k
  // Exact: 51 bits, and 26 bits within them.
  const base = add(mul(exponent, LN2_HIGH), where(m, upper, LOG_HIGH))
  const baseLow = add(mul(exponent, LN2_LOW), where(m, upper, LOG_LOW))

  // s = s0 + s1
  const above = sub(mantissa, center)
  const below = add(mantissa, center)
  const inverse = m.div(1, below)
  const s = mul(above, inverse)
  const s0 = high(s)
  const below0 = high(below)
  const below1 = sub(mantissa, sub(below0, center))
  const s1 = mul(inverse, sub(sub(above, mul(s0, below0)), mul(s0, below1)))

  // 2 + ⅔s² + s⁴G(s²) = t0 + t1
  const square = mul(s, s)
  const square0 = high(mul(s0, s0))
  const square1 = add(sub(mul(s0, s0), square0), mul(s1, add(s0, s)))
  const main = mul(square0, THIRDS_HIGH)
  const small = add(mul(square0, THIRDS_LOW), mul(square1, 2 / 3))
  const rest = add(mul(mul(square, square), m.polynomial(square, G)), small)
  const t0 = high(add(add(main, rest), 2))
  const t1 = sub(rest, sub(sub(t0, 2), main))

  const u = mul(s0, t0)
  const v = add(add(mul(s1, t0), mul(t1, s)), baseLow)
  const head = high(add(add(u, v), base))
  return { head, tail: sub(v, sub(sub(head, base), u)) }
}

/** y·ln x in two parts. */
export function exponentOf(m: Arithmetic, y: Value, log: Split): Split {
  const y0 = m.high(y)
  const tail = m.add(m.mul(m.sub(y, y0), log.head), m.mul(y, log.tail))
  return { head: m.mul(y0, log.head), tail }
}

/** e^(head + tail) as mantissa·2^n, `shifted` having the bits of n + ROUNDER; z = head + tail rounded. */
export function exponential(
  m: Arithmetic,
  { head, tail }: Split,
  z: Value,
): { mantissa: Value; shifted: Value } {
  const { add, sub, mul } = m
  const shifted = add(mul(z, Math.LOG2E), ROUNDER)
  const n = sub(shifted, ROUNDER)
  const high = sub(head, mul(n, LN2_HIGH))
  const low = sub(tail, mul(n, LN2_LOW))
  const rest = exponentialRest(m, add(high, low))
  // |high| may be the smaller part when n·ln2 takes most of it away; their sum is rounded with its error.
  const sum = add(high, low)
  const lost = add(sub(high, sum), low)
  return { mantissa: add(1, add(sum, add(lost, rest))), shifted: m.bits(shifted) }
}

/** For positive finite x ≠ 0 and finite y; any result. */
function general(m: Arithmetic, x: Value, y: Value): Value {
  // Beyond 2^66 the result is 0, 1 or infinite already; clamping keeps ∞ - ∞ out.
  const clamped = m.max(m.min(y, 2 ** 66), -(2 ** 66))
  const [scaled, shift] = m.b.if(
    m.lt(x, 2 ** -1000),
    () => [m.mul(x, 2 ** 54), m.real(54)],
    () => [x, m.real(0)],
  )
  const exponent = exponentOf(m, clamped, logarithm(m, scaled!, shift))
  const z = m.add(exponent.head, exponent.tail)
  return m.either(
    m.lt(m.abs(z), 800),
    () => {
      const { mantissa, shifted } = exponential(m, exponent, z)
      return scaleInTwoSteps(m, mantissa, wholeOf(m, shifted))
    },
    () =>
      m.either(
        m.gt(z, 0),
        () => m.real(Number.POSITIVE_INFINITY),
        () => m.real(0),
      ),
  )
}

/** For x = 0 or ∞ by magnitude and y ≠ 0 not NaN: 0 or ∞. */
function ofExtreme(m: Arithmetic, magnitude: Value, y: Value): Value {
  const large = m.b.op('i32.eq', m.eq(magnitude, 0), m.lt(y, 0))
  return m.either(
    large,
    () => m.real(Number.POSITIVE_INFINITY),
    () => m.real(0),
  )
}

/** For y = ±∞: 1 if |x| = 1, else 0 or ∞. */
function ofInfiniteExponent(m: Arithmetic, magnitude: Value, y: Value): Value {
  return m.either(
    m.eq(magnitude, 1),
    () => m.real(1),
    () =>
      m.either(
        m.b.op('i32.eq', m.gt(magnitude, 1), m.gt(y, 0)),
        () => m.real(Number.POSITIVE_INFINITY),
        () => m.real(0),
      ),
  )
}

/** |x|^y, then the sign: a negative base needs a whole exponent and turns the sign if it is odd. */
function special(m: Arithmetic, x: Value, y: Value): Value {
  const magnitude = m.abs(x)
  const bounded = (v: Value) => m.lt(m.abs(v), Number.POSITIVE_INFINITY)
  const positive = m.either(
    bounded(y),
    () =>
      m.either(
        m.both(m.gt(magnitude, 0), bounded(x)),
        () => m.call('pow.general', magnitude, y),
        () => ofExtreme(m, magnitude, y),
      ),
    () => ofInfiniteExponent(m, magnitude, y),
  )
  const half = m.mul(y, 0.5)
  const odd = m.both(m.eq(m.trunc(y), y), m.ne(m.trunc(half), half))
  const signed = m.copysign(
    positive,
    m.either(
      odd,
      () => x,
      () => m.real(1),
    ),
  )
  const broken = m.both(m.both(m.lt(x, 0), m.ne(m.trunc(y), y)), m.both(bounded(y), bounded(x)))
  return m.either(
    broken,
    () => m.real(Number.NaN),
    () => signed,
  )
}

const slow = (): KernelFunction =>
  binary('pow.slow', (m, x, y) => {
    const one = m.b.op('i32.or', m.eq(x, 1), m.eq(y, 0))
    const notNumbers = m.b.op('i32.or', m.ne(x, x), m.ne(y, y))
    return m.either(
      one,
      () => m.real(1),
      () =>
        m.either(
          notNumbers,
          () => m.add(x, y),
          () => special(m, x, y),
        ),
    )
  })

/** What silence gives, and its level of -∞ dB: a question of its own, so that nothing is computed where that is all. */
const ofSilence = (): KernelFunction =>
  binary(wholeName('pow'), (m, x, y) => {
    const isSilence = m.both(
      m.b.op('i64.eqz', m.bits(x)),
      m.both(m.gt(y, 0), m.lt(y, Number.POSITIVE_INFINITY)),
    )
    const isItsLevel = m.both(m.eq(y, Number.NEGATIVE_INFINITY), m.gt(x, 1))
    return m.either(
      m.b.op('i32.or', isSilence, isItsLevel),
      () => m.real(0),
      () => m.call('pow.slow', x, y),
    )
  })

const quick = (): KernelFunction =>
  binary('pow', (m, x, y) => {
    const exponent = exponentOf(m, y, logarithm(m, x))
    const z = m.add(exponent.head, exponent.tail)
    return m.either(
      m.both(isPositiveNormal(m, x), m.lt(m.abs(z), 707)),
      () => {
        const { mantissa, shifted } = exponential(m, exponent, z)
        return m.scale(mantissa, shifted)
      },
      () => m.call(wholeName('pow'), x, y),
    )
  })

export const power = (): KernelFunction[] => [
  binary('pow.general', general),
  slow(),
  ofSilence(),
  quick(),
  define('powInt', ['i32', 'i32'], ({ b }, [x, y]) => {
    const real = (v: Value) => b.op('f64.convert_i32_s', v)
    return b.op('i32.trunc_sat_f64_s', b.call('pow', 'f64', [real(x!), real(y!)]))
  }),
]
