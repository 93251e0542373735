/**
 * Elementary functions to hundreds of digits, as the reference that codegen/math is measured against.
 *
 * Numbers are fixed-point: a bigint times 2^-bits. Everything is series and argument halving from textbooks,
 * with no table and no constant but those computed here, and none of it is shared with the code under test.
 */

export interface Precise {
  /** The value is `digits` · 2^-bits. */
  readonly digits: bigint
  readonly bits: number
}

const words = new DataView(new ArrayBuffer(8))

/** Sign, whole mantissa and exponent of a finite double: x = mantissa·2^exponent, exactly. */
export function decompose(x: number): { mantissa: bigint; exponent: number } {
  words.setFloat64(0, x)
  const pattern = words.getBigUint64(0)
  const biased = Number((pattern >> 52n) & 0x7ffn)
  const fraction = pattern & 0xfffffffffffffn
  const magnitude = biased === 0 ? fraction : fraction | 0x10000000000000n
  return { mantissa: pattern >> 63n ? -magnitude : magnitude, exponent: Math.max(biased, 1) - 1075 }
}

export const shift = (x: bigint, by: number): bigint => (by >= 0 ? x << BigInt(by) : x >> BigInt(-by))

/** A double in fixed point; exact if bits ≥ 1074, and close enough if its low digits fall below. */
export function fixed(x: number, bits: number): bigint {
  const { mantissa, exponent } = decompose(x)
  return shift(mantissa, exponent + bits)
}

const absolute = (x: bigint): bigint => (x < 0n ? -x : x)

export function squareRoot(x: bigint): bigint {
  if (x < 2n) return x
  let root = 1n << BigInt((x.toString(16).length * 4) / 2 + 1)
  for (;;) {
    const next = (root + x / root) >> 1n
    if (next >= root) return root
    root = next
  }
}

/** Arithmetic at one precision. */
export function precision(bits: number) {
  const b = BigInt(bits)
  const one = 1n << b
  const multiply = (x: bigint, y: bigint) => (x * y) >> b
  const divide = (x: bigint, y: bigint) => (x << b) / y

  /** Σ x^k·a_k with term ratios from `next(term, k)`, until the terms vanish. */
  function series(first: bigint, next: (term: bigint, k: bigint) => bigint): bigint {
    let sum = first
    let term = first
    for (let k = 1n; term !== 0n; k++) {
      term = next(term, k)
      sum += term
      if (term === -1n) break
    }
    return sum
  }

  const arcTangentSmall = (x: bigint): bigint => {
    const square = multiply(x, x)
    let power = x
    let sum = x
    for (let k = 3n; absolute(power) > 1n; k += 2n) {
      power = -multiply(power, square)
      sum += power / k
    }
    return sum
  }

  const pi = 16n * arcTangentSmall(one / 5n) - 4n * arcTangentSmall(one / 239n)

  /** atan x = 2 atan(x / (1 + √(1 + x²))), eight times, then the series. */
  function atan(x: bigint): bigint {
    if (absolute(x) > one) return (x < 0n ? -pi : pi) / 2n - atan(divide(one, x))
    let reduced = x
    for (let i = 0; i < 8; i++) {
      reduced = divide(reduced, one + squareRoot((one + multiply(reduced, reduced)) << b))
    }
    return arcTangentSmall(reduced) << 8n
  }

  /** e^x for |x| ≤ 1: the series of x/2^32, squared 32 times. Loses about 32 bits. */
  function expSmall(x: bigint): bigint {
    const tiny = x >> 32n
    let result = series(one, (term, k) => multiply(term, tiny) / k)
    for (let i = 0; i < 32; i++) result = multiply(result, result)
    return result
  }

  /** ln x = 2 artanh((x - 1) / (x + 1)) after 20 square roots. */
  function logSmall(x: bigint): bigint {
    let root = x
    for (let i = 0; i < 20; i++) root = squareRoot(root << b)
    const s = divide(root - one, root + one)
    const square = multiply(s, s)
    let power = s
    let sum = s
    for (let k = 3n; absolute(power) > 1n; k += 2n) {
      power = multiply(power, square)
      sum += power / k
    }
    return sum << 21n
  }

  const ln2 = logSmall(2n * one)

  /** sin and cos of |x| ≤ π: series of x/2^16, angle doubled 16 times. */
  function sinCos(x: bigint): [bigint, bigint] {
    const tiny = x >> 16n
    const square = multiply(tiny, tiny)
    let sin = series(tiny, (term, k) => -multiply(term, square) / (2n * k * (2n * k + 1n)))
    let cos = series(one, (term, k) => -multiply(term, square) / ((2n * k - 1n) * (2n * k)))
    for (let i = 0; i < 16; i++)
      [sin, cos] = [2n * multiply(sin, cos), multiply(cos, cos) - multiply(sin, sin)]
    return [sin, cos]
  }

  return { bits, one, multiply, divide, pi, ln2, atan, expSmall, logSmall, sinCos }
}

/** Distance of a computed double from the exact value, in units of the last place of the exact value. */
export function errorInUlps(computed: number, exact: Precise): number {
  const { mantissa, exponent } = decompose(computed)
  // Both over 2^common.
  const common = Math.max(exact.bits, -exponent)
  const reference = shift(exact.digits, common - exact.bits)
  const difference = absolute(shift(mantissa, exponent + common) - reference)
  const length = absolute(reference).toString(2).length
  // The reference lies in [2^(length-1), 2^length)·2^-common.
  const unit = Math.max(length - 1 - common - 52, -1074)
  return Number(shift(difference, 40 - unit - common)) / 2 ** 40
}
