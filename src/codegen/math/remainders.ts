/**
 * fmod, remainder and round; all exact.
 *
 * |x| = X·2^e and |y| = Y·2^g with whole X, Y < 2^53: fmod is (X·2^(e-g) mod Y)·2^g. Up to e - g = 11 the product
 * fits 64 bits and one integer division does it; beyond, 11 bits a step. remainder reduces by fmod to 2|y| and
 * subtracts |y| up to twice, as the comparison with ½|y| asks, so that ties go to the even quotient.
 */
import type { KernelFunction, Value } from '../kernel.ts'
import type { Arithmetic } from './arithmetic.ts'
import { binary, unary } from './define.ts'

const FRACTION = 0xfffffffffffffn
const IMPLICIT = 0x10000000000000n
/** Bits that a 53-bit number can be shifted up in an unsigned 64-bit one. */
const STEP = 11n

const exponentOf = (m: Arithmetic, pattern: Value) => m.and(m.shiftRight(pattern, 52n), 0x7ffn)
const wholeOf = (m: Arithmetic, pattern: Value) => m.or(m.and(pattern, FRACTION), IMPLICIT)
const remainderOf = (m: Arithmetic, x: Value, y: Value) => m.b.op('i64.rem_u', x, y)

const fmod = (): KernelFunction =>
  binary('fmod', (m, x, y) => {
    const [magnitude, divisor] = [m.abs(x), m.abs(y)]
    const [p, q] = [m.bits(magnitude), m.bits(divisor)]
    const [e, g] = [exponentOf(m, p), exponentOf(m, q)]
    const distance = m.subLong(e, g)
    // Also excludes subnormals, infinities and NaN: g from 53, so that 2^g is normal, to e ≤ 2046.
    const simple = m.both(
      m.leUnsigned(distance, STEP),
      m.both(m.ltUnsigned(m.subLong(g, 53n), 2000n), m.ltUnsigned(e, 0x7ffn)),
    )
    return m.either(
      m.lt(magnitude, divisor),
      () => x,
      () =>
        m.either(
          simple,
          () => {
            const rest = remainderOf(m, m.shl(wholeOf(m, p), distance), wholeOf(m, q))
            const unit = m.ofBits(m.shl(m.subLong(g, 52n), 52n))
            return m.copysign(m.mul(m.b.op('f64.convert_i64_s', rest), unit), x)
          },
          () => m.call('fmod.slow', x, y),
        ),
    )
  })

/** Whole part and exponent; subnormals have the exponent 1 and no implicit bit. */
function parts(m: Arithmetic, x: Value): { whole: Value; exponent: Value } {
  const pattern = m.bits(x)
  const biased = exponentOf(m, pattern)
  const [whole, exponent] = m.b.if(
    m.b.op('i64.eqz', biased),
    () => [m.and(pattern, FRACTION), m.long(1n)],
    () => [wholeOf(m, pattern), biased],
  )
  return { whole: whole!, exponent: exponent! }
}

/** X·2^distance mod Y, eleven bits a round. */
function reduce(m: Arithmetic, whole: Value, divisor: Value, distance: Value): Value {
  const { b } = m
  const [rest] = b.loop([remainderOf(m, whole, divisor), distance], ([r, left]) => {
    const step = b.select(b.op('i64.lt_u', left!, b.i64(STEP)), left!, b.i64(STEP))
    const after = m.subLong(left!, step)
    return {
      next: [remainderOf(m, m.shl(r!, step), divisor), after],
      condition: b.op('i64.ne', after, b.i64(0n)),
    }
  })
  return rest!
}

const fmodSlow = (): KernelFunction =>
  binary('fmod.slow', (m, x, y) => {
    const { b } = m
    const [magnitude, divisor] = [m.abs(x), m.abs(y)]
    const valid = m.both(
      m.lt(magnitude, Number.POSITIVE_INFINITY),
      m.both(m.gt(divisor, 0), m.le(divisor, Number.POSITIVE_INFINITY)),
    )
    return m.either(
      m.both(valid, m.ge(magnitude, divisor)),
      () => {
        const [upper, lower] = [parts(m, magnitude), parts(m, divisor)]
        const distance = m.subLong(upper.exponent, lower.exponent)
        const rest = b.op('f64.convert_i64_s', reduce(m, upper.whole, lower.whole, distance))
        const unit = m.shl(m.subLong(lower.exponent, 52n), 52n)
        // 2^g may be subnormal: then as the smallest number times a power. Both products are exact.
        const result = m.either(
          b.op('i64.gt_s', lower.exponent, b.i64(52n)),
          () => m.mul(rest, m.ofBits(unit)),
          () => m.mul(m.mul(rest, m.ofBits(m.shl(m.addLong(lower.exponent, 1022n), 52n))), 5e-324),
        )
        return m.copysign(result, x)
      },
      () =>
        m.either(
          valid,
          () => x,
          () => m.real(Number.NaN),
        ),
    )
  })

const remainder = (): KernelFunction =>
  binary('remainder', (m, x, y) => {
    const { sub, mul } = m
    const divisor = m.abs(y)
    const half = mul(divisor, 0.5)
    const within = m.either(
      m.lt(divisor, 2 ** 1023),
      () => m.abs(m.call('fmod', x, mul(divisor, 2))),
      // |x| < 2|y| already, unless one is infinite or NaN, which the sum shows.
      () =>
        m.either(
          m.eq(y, y),
          () => m.add(m.abs(x), sub(x, x)),
          () => y,
        ),
    )
    // Halving y is exact unless it is tiny; then doubling the rest is.
    const small = m.lt(divisor, 2 ** -1000)
    const exceeds = (rest: Value, compare: (a: Value, b: Value) => Value) =>
      m.either(
        small,
        () => compare(mul(rest, 2), divisor),
        () => compare(rest, half),
      )
    const rest = m.either(
      exceeds(within, (a, b) => m.gt(a, b)),
      () => {
        const once = sub(within, divisor)
        return m.either(
          exceeds(once, (a, b) => m.ge(a, b)),
          () => sub(once, divisor),
          () => once,
        )
      },
      () => within,
    )
    // The sign of x, turned where |y| was taken away too often; a zero keeps the sign of x.
    const sign = m.ofBits(m.xor(m.bits(rest), m.and(m.bits(x), -0x8000000000000000n)))
    return m.either(
      m.eq(rest, 0),
      () => m.copysign(rest, x),
      () => sign,
    )
  })

/** Halves away from zero: trunc(|x| + 0.499…94), the number below ½ so that 0.499…94 itself gives 0. */
const round = (): KernelFunction =>
  unary('round', (m, x) => m.copysign(m.trunc(m.add(m.abs(x), 0.49999999999999994)), x))

export const remainders = (): KernelFunction[] => [fmodSlow(), fmod(), remainder(), round()]
