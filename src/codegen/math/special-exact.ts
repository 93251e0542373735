/**
 * ldexp, logb, ilogb, fdim, nextafter and roundToSingle: functions of <math.h> that only move or read bits; all exact.
 *
 * What C takes or returns as int is a double with a whole number here: callers convert, as C would. In single
 * precision all of them work on doubles too, so nextafter steps by the spacing of doubles.
 */
import type { KernelFunction, Value } from '../kernel.ts'
import type { Arithmetic } from './arithmetic.ts'
import { binary, unary } from './define.ts'

const FRACTION = 0xfffffffffffffn
const SIGN = -0x8000000000000000n
const SMALLEST_NORMAL = 2 ** -1022
const INFINITY = Number.POSITIVE_INFINITY

interface Normalized {
  /** The number itself, or 2^54 times it if it is subnormal. */
  readonly pattern: Value
  /** Exponent of the leading bit, plus 1023. */
  readonly biased: Value
}

/** For finite x ≠ 0. */
export function normalize(m: Arithmetic, x: Value): Normalized {
  const small = m.lt(m.abs(x), SMALLEST_NORMAL)
  const pattern = m.bits(m.b.select(small, m.mul(x, 2 ** 54), x))
  const scaled = m.and(m.mask(small), 54n)
  return { pattern, biased: m.subLong(m.and(m.shiftRight(pattern, 52n), 0x7ffn), scaled) }
}

const isOrdinary = (m: Arithmetic, x: Value) => m.both(m.lt(m.abs(x), INFINITY), m.ne(x, 0))

/** x·2^n for ordinary x and whole n; rounds once, where the result is subnormal. */
function scaled(m: Arithmetic, x: Value, n: Value): Value {
  const { pattern, biased } = normalize(m, x)
  const exponent = m.addLong(biased, n)
  const withExponent = (e: Value) => m.ofBits(m.or(m.and(pattern, SIGN | FRACTION), m.shl(e, 52n)))
  return m.either(
    m.b.op('i64.gt_s', exponent, m.long(0n)),
    () =>
      m.either(
        m.b.op('i64.lt_s', exponent, m.long(0x7ffn)),
        () => withExponent(exponent),
        () => m.copysign(m.real(INFINITY), x),
      ),
    () =>
      m.either(
        m.b.op('i64.gt_s', exponent, m.long(-54n)),
        () => m.mul(withExponent(m.addLong(exponent, 54n)), 2 ** -54),
        () => m.copysign(m.real(0), x),
      ),
  )
}

/** Beyond ±3000 nothing is left; a NaN n gives NaN. */
const ldexp = (): KernelFunction =>
  binary('ldexp', (m, x, n) =>
    m.either(
      m.both(isOrdinary(m, x), m.eq(n, n)),
      () => scaled(m, x, m.b.op('i64.trunc_sat_f64_s', m.max(m.min(n, 3000), -3000))),
      () =>
        m.either(
          m.eq(n, n),
          () => x,
          () => n,
        ),
    ),
  )

const exponentOf = (m: Arithmetic, x: Value) =>
  m.b.op('f64.convert_i64_s', m.subLong(normalize(m, x).biased, 1023n))

const logb = (): KernelFunction =>
  unary('logb', (m, x) =>
    m.either(
      isOrdinary(m, x),
      () => exponentOf(m, x),
      // |∞|, |NaN|, or -1/0.
      () =>
        m.either(
          m.eq(x, 0),
          () => m.real(-INFINITY),
          () => m.abs(x),
        ),
    ),
  )

/** FP_ILOGB0 and FP_ILOGBNAN are the smallest int, that of ∞ the largest, as in C libraries for x86-64. */
const ilogb = (): KernelFunction =>
  unary('ilogb', (m, x) =>
    m.either(
      isOrdinary(m, x),
      () => exponentOf(m, x),
      () =>
        m.either(
          m.eq(m.abs(x), INFINITY),
          () => m.real(2147483647),
          () => m.real(-2147483648),
        ),
    ),
  )

const fdim = (): KernelFunction =>
  binary('fdim', (m, x, y) =>
    m.either(
      m.le(x, y),
      () => m.real(0),
      () => m.sub(x, y),
    ),
  )

/** Doubles of one sign are ordered as their bits are: one more is one further from zero. */
const nextafter = (): KernelFunction =>
  binary('nextafter', (m, x, y) => {
    const outwards = m.b.op('i32.eq', m.lt(x, y), m.gt(x, 0))
    const step = () => m.ofBits(m.addLong(m.bits(x), m.subLong(m.shl(m.longOf(outwards), 1n), 1n)))
    const fromZero = () => m.copysign(m.real(5e-324), y)
    const moved = () => m.either(m.eq(x, 0), fromZero, step)
    const unordered = m.b.op('i32.or', m.ne(x, x), m.ne(y, y))
    return m.either(
      unordered,
      () => m.add(x, y),
      () => m.either(m.eq(x, y), () => y, moved),
    )
  })

const roundToSingle = (): KernelFunction =>
  unary('roundToSingle', (m, x) => m.b.op('f64.promote_f32', m.b.op('f32.demote_f64', x)))

export const exactSpecials = (): KernelFunction[] => [
  ldexp(),
  logb(),
  ilogb(),
  fdim(),
  nextafter(),
  roundToSingle(),
]
