/**
 * Range reduction of huge or awkward angles, after Payne and Hanek (1983).
 *
 * |x| = m·2^e with a whole m < 2^53. Of the binary digits of 2/π only those matter that neither give whole
 * multiples of 4 nor lie below the accuracy wanted: 192 of them, from weight 2^(1-e) down. Their product with
 * m, modulo 2^192, holds the quadrant in its two top bits and the position inside it in the rest, with an
 * absolute error below 2^-136. No double comes closer than 2^-62 to a multiple of π/2, which leaves 74 bits.
 *
 * Integer arithmetic on purpose: exact, and the same everywhere.
 */
import type { KernelFunction, Value } from '../kernel.ts'
import type { Arithmetic } from './arithmetic.ts'
import { define } from './define.ts'
import type { Reduced } from './trigonometry.ts'

/** Bits before the binary point of 2/π that are kept (zeros), and after it. */
const ZEROS = 64
const DIGITS = 1280

/** The binary digits of 2/π after the point. Written out, since to compute them takes longer than most compilations. */
export const TWO_OVER_PI = [
  'a2f9836e4e441529fc2757d1f534ddc0db6295993c439041fe5163abdebbc561',
  'b7246e3a424dd2e006492eea09d1921cfe1deb1cb129a73ee88235f52ebb4484',
  'e99c7026b45f7e413991d639835339f49c845f8bbdf9283b1ff897ffde05980f',
  'ef2f118b5a0a6d1f6d367ecf27cb09b74f463f669e5fea2d7527bac7ebe5f17b',
  '3d0739f78a5292ea6bfb5fb11f8d5d0856033046fc7b6babf0cfbc209af4361d',
].join('')

/** 64-bit words of 2/π, the first one before the binary point. */
function twoOverPiWords(): bigint[] {
  const digits = BigInt(`0x${TWO_OVER_PI}`)
  return Array.from({ length: (ZEROS + DIGITS) / 64 }, (_, i) =>
    BigInt.asIntN(64, digits >> BigInt(DIGITS - 64 * i)),
  )
}

/** The word of that number; a chain of choices, because there is no table in memory. */
export function twoOverPiWord(): KernelFunction {
  return define('twoOverPiWord', ['i64'], ({ b, long }, [index]) =>
    twoOverPiWords().reduce(
      (found, word, i) => b.select(b.op('i64.eq', index!, b.i64(BigInt(i))), long(word), found),
      long(0n),
    ),
  )
}

/** The upper half of the unsigned product of two 64-bit integers, from four 32-bit products. */
export function mulHigh(): KernelFunction {
  return define('mulHigh', ['i64', 'i64'], (m, [x, y]) => {
    const { and, shiftRight, mulLong, addLong } = m
    const low = (v: Value) => and(v, 0xffffffffn)
    const upper = (v: Value) => shiftRight(v, 32n)
    const [xl, xh, yl, yh] = [low(x!), upper(x!), low(y!), upper(y!)]
    const middle = addLong(mulLong(xh, yl), upper(mulLong(xl, yl)))
    const other = addLong(mulLong(xl, yh), low(middle))
    return addLong(mulLong(xh, yh), addLong(upper(middle), upper(other)))
  })
}

const wide = (m: Arithmetic, x: Value, y: Value) => m.b.call('mulHigh', 'i64', [x, y])

/** m·W mod 2^192 as three words, W being the digits of 2/π that matter for this exponent. */
function product(m: Arithmetic, mantissa: Value, exponent: Value): [Value, Value, Value] {
  const { b, and, or, shl, shiftRight, addLong, subLong, mulLong, ltUnsigned, longOf } = m
  // Weight 2^(1-e) is digit e - 1, the first after the point being digit 1.
  const start = addLong(exponent, BigInt(ZEROS - 2))
  const word = (i: bigint) => b.call('twoOverPiWord', 'i64', [addLong(shiftRight(start, 6n), i)])
  const shift = and(start, 63n)
  const words = [word(0n), word(1n), word(2n), word(3n)]
  const joined = (upper: Value, lower: Value) =>
    or(shl(upper, shift), shiftRight(shiftRight(lower, 1n), subLong(63n, shift)))
  const [w2, w1, w0] = [0, 1, 2].map(i => joined(words[i]!, words[i + 1]!)) as [Value, Value, Value]
  const bottom = mulLong(mantissa, w0)
  const middleLow = mulLong(mantissa, w1)
  const middle = addLong(middleLow, wide(m, mantissa, w0))
  const carry = longOf(ltUnsigned(middle, middleLow))
  const top = addLong(addLong(mulLong(mantissa, w2), wide(m, mantissa, w1)), carry)
  return [top, middle, bottom]
}

/** Any finite x with |x| > 1/2 to its quadrant and a remainder in two parts. */
export function reduceExactly(m: Arithmetic, x: Value): Reduced {
  const { b, bits, and, or, xor, shl, shiftRight, shiftRightSigned, subLong, mul, add, sub } = m
  const pattern = bits(x)
  const mantissa = or(and(pattern, 0xfffffffffffffn), 0x10000000000000n)
  const exponent = subLong(and(shiftRight(pattern, 52n), 0x7ffn), 1075n)
  const [top, middle, bottom] = product(m, mantissa, exponent)

  // The fraction as a signed 128-bit number; rounding to the nearest quadrant is adding its sign.
  const upper = or(shl(top, 2n), shiftRight(middle, 62n))
  const lower = or(shl(middle, 2n), shiftRight(bottom, 62n))
  const sign = shiftRightSigned(upper, 63n)
  const quadrant = subLong(shiftRight(top, 62n), sign)

  // Its magnitude, one bit of accuracy away at most, shifted up so that the top bit is set.
  const [u, l] = [xor(upper, sign), xor(lower, sign)]
  const zeros = b.op('i64.clz', u)
  const first = or(shl(u, zeros), shiftRight(shiftRight(l, 1n), subLong(63n, zeros)))
  const second = shl(l, zeros)
  const unit = m.ofBits(shl(subLong(1023n - 64n, zeros), 52n))
  const head = mul(b.op('f64.convert_i64_u', and(first, -2048n)), unit)
  const rest = or(shl(first, 53n), shiftRight(second, 11n))
  const tail = mul(mul(b.op('f64.convert_i64_u', rest), unit), 2 ** -53)

  // Times π/2, in two parts.
  const main = mul(head, HALF_PI)
  const error = add(
    m.productError(head, m.real(HALF_PI), main),
    add(mul(head, HALF_PI_TAIL), mul(tail, HALF_PI)),
  )
  const y0 = add(main, error)
  const missing = sub(sub(y0, main), error)
  const negative = xor(pattern, sign)
  const flipped = shiftRightSigned(pattern, 63n)
  return {
    y0: m.flipSign(y0, negative),
    missing: m.flipSign(missing, negative),
    quadrant: subLong(xor(quadrant, flipped), flipped),
  }
}

const HALF_PI = 1.5707963267948966
const HALF_PI_TAIL = 6.123233995736766e-17
