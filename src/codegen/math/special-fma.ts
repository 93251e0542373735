/**
 * fma: x·y + z rounded once, subnormal results too.
 *
 * In integers: the product of the two 53-bit mantissas and the third one stand in 128 bits each, the one of the
 * smaller exponent shifted right. What is shifted out is kept as one bit, set if any of it was ("sticky"): it
 * lies so far below the leading bit that it only tells a tie from what is above or below it.
 */
import type { KernelFunction, Value } from '../kernel.ts'
import type { Arithmetic } from './arithmetic.ts'
import { define } from './define.ts'
import { scaleInTwoSteps } from './exponential.ts'
import { normalize } from './special-exact.ts'

/** high·2^64 + low, unsigned. */
interface Wide {
  readonly high: Value
  readonly low: Value
}

const FRACTION = 0xfffffffffffffn
const IMPLICIT = 0x10000000000000n

const atLeast = (m: Arithmetic, x: Value, y: Value | bigint) =>
  m.b.op('i64.ge_s', x, typeof y === 'bigint' ? m.long(y) : y)
const sticky = (m: Arithmetic, lost: Value) => m.longOf(m.b.op('i64.ne', lost, m.long(0n)))

/** Right by `count` ≥ 0. */
function shiftWide(m: Arithmetic, { high, low }: Wide, count: Value): Wide {
  const { b, or, shl, shiftRight, subLong } = m
  const bounded = b.select(atLeast(m, count, 127n), m.long(127n), count)
  const far = atLeast(m, bounded, 64n)
  const h = b.select(far, m.long(0n), high)
  const l = b.select(far, high, low)
  const by = m.and(bounded, 63n)
  const spill = (x: Value) => shl(shl(x, 1n), subLong(63n, by))
  const lost = or(b.select(far, low, m.long(0n)), spill(l))
  return { high: shiftRight(h, by), low: or(or(shiftRight(l, by), spill(h)), sticky(m, lost)) }
}

function chooseWide(m: Arithmetic, condition: Value, x: Wide, y: Wide): Wide {
  return { high: m.b.select(condition, x.high, y.high), low: m.b.select(condition, x.low, y.low) }
}

/** x - y, x ≥ y. */
function subtractWide(m: Arithmetic, x: Wide, y: Wide): Wide {
  const borrow = m.longOf(m.ltUnsigned(x.low, y.low))
  return { high: m.subLong(m.subLong(x.high, y.high), borrow), low: m.subLong(x.low, y.low) }
}

function addWide(m: Arithmetic, x: Wide, y: Wide): Wide {
  const low = m.addLong(x.low, y.low)
  const carry = m.longOf(m.ltUnsigned(low, x.low))
  return { high: m.addLong(m.addLong(x.high, y.high), carry), low }
}

/** The top 64 bits, the first of them set and the last one sticky, and how far they were shifted up. */
function leading(m: Arithmetic, { high, low }: Wide): { top: Value; shift: Value } {
  const { b, or, shl, shiftRight, subLong } = m
  const empty = b.op('i64.eqz', high)
  const h = b.select(empty, low, high)
  const l = b.select(empty, m.long(0n), low)
  const zeros = b.op('i64.clz', h)
  const joined = or(shl(h, zeros), shiftRight(shiftRight(l, 1n), subLong(63n, zeros)))
  const top = or(joined, sticky(m, shl(l, zeros)))
  return { top, shift: m.addLong(zeros, m.and(m.mask(empty), 64n)) }
}

/** top·2^exponent below the normal range: the bits of a subnormal are its value in units of 2^-1074. */
function subnormal(m: Arithmetic, top: Value, exponent: Value): Value {
  const { b, and, or, shl, shiftRight, subLong } = m
  // Two bits less, so that a half below the lowest unit can be told.
  const value = or(shiftRight(top, 2n), sticky(m, and(top, 3n)))
  const wanted = subLong(-1076n, exponent)
  const count = b.select(atLeast(m, wanted, 63n), m.long(63n), wanted)
  const whole = shiftRight(value, count)
  const rest = subLong(value, shl(whole, count))
  const half = shl(1n, subLong(count, 1n))
  const tieUp = m.both(b.op('i64.eq', rest, half), b.op('i32.wrap_i64', and(whole, 1n)))
  const up = b.op('i32.or', m.ltUnsigned(half, rest), tieUp)
  return m.ofBits(m.addLong(whole, m.longOf(up)))
}

/** Product and summand as 128-bit magnitudes times 2^exponent. */
function operands(m: Arithmetic, x: Value, y: Value, z: Value) {
  const parts = [x, y, z].map(v => normalize(m, v))
  const [a, b, c] = parts.map(p => m.or(m.and(p.pattern, FRACTION), IMPLICIT)) as [Value, Value, Value]
  const [p, q] = [m.shl(a, 11n), m.shl(b, 10n)]
  const product: Wide = { high: m.b.call('mulHigh', 'i64', [p, q]), low: m.mulLong(p, q) }
  const summand: Wide = { high: m.shl(c, 10n), low: m.long(0n) }
  // Mantissas are whole numbers times 2^(biased - 1075); the shifts above take 21 and 74 off.
  const productExponent = m.subLong(m.addLong(parts[0]!.biased, parts[1]!.biased), 2n * 1075n + 21n)
  const summandExponent = m.subLong(parts[2]!.biased, 1075n + 74n)
  return { product, summand, productExponent, summandExponent }
}

/** For finite numbers other than 0. */
function general(m: Arithmetic, x: Value, y: Value, z: Value): Value {
  const { b } = m
  const { product, summand, productExponent, summandExponent } = operands(m, x, y, z)
  const distance = m.subLong(productExponent, summandExponent)
  const productAbove = atLeast(m, distance, 0n)
  const exponent = b.select(productAbove, productExponent, summandExponent)
  const far = b.select(productAbove, distance, m.subLong(0n, distance))
  const none = m.long(0n)
  const u = shiftWide(m, product, b.select(productAbove, none, far))
  const v = shiftWide(m, summand, b.select(productAbove, far, none))
  const productSign = m.xor(m.bits(x), m.bits(y))
  const opposite = b.op('i64.lt_s', m.xor(productSign, m.bits(z)), none)
  const sameHigh = b.op('i64.eq', u.high, v.high)
  const less = b.select(sameHigh, m.ltUnsigned(u.low, v.low), m.ltUnsigned(u.high, v.high))
  const [larger, smaller] = [chooseWide(m, less, v, u), chooseWide(m, less, u, v)]
  const difference = subtractWide(m, larger, smaller)
  const sum = chooseWide(m, opposite, difference, addWide(m, u, v))
  const sign = b.select(m.both(opposite, less), m.bits(z), productSign)
  return m.either(
    b.op('i64.eqz', m.or(sum.high, sum.low)),
    () => m.real(0),
    () => m.flipSign(rounded(m, sum, exponent), sign),
  )
}

function rounded(m: Arithmetic, sum: Wide, exponent: Value): Value {
  const { top, shift } = leading(m, sum)
  // The sum is top·2^power.
  const power = m.subLong(m.addLong(exponent, 64n), shift)
  return m.either(
    atLeast(m, power, -1085n),
    () => scaleInTwoSteps(m, m.b.op('f64.convert_i64_u', top), power),
    () => subnormal(m, top, power),
  )
}

export const fusedMultiplyAdd = (): KernelFunction[] => [
  define('fma', ['f64', 'f64', 'f64'], (m, [x, y, z]) => {
    const bounded = (v: Value) => m.lt(m.abs(v), Number.POSITIVE_INFINITY)
    const factors = m.both(bounded(x!), bounded(y!))
    const product = m.mul(x!, y!)
    const vanishes = m.b.op('i32.or', m.eq(x!, 0), m.eq(y!, 0))
    const withSummand = () =>
      m.either(
        m.both(bounded(z!), m.ne(z!, 0)),
        () => general(m, x!, y!, z!),
        // z is 0, ∞ or NaN; the product, which could be infinite by overflow only, must not meet ∞.
        () =>
          m.either(
            m.eq(z!, 0),
            () => product,
            () => z!,
          ),
      )
    return m.either(m.both(factors, m.b.op('i32.eqz', vanishes)), withSummand, () => m.add(product, z!))
  }),
]
