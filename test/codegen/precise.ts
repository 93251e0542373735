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

const shift = (x: bigint, by: number): bigint => (by >= 0 ? x << BigInt(by) : x >> BigInt(-by))

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

type Arithmetic = ReturnType<typeof precision>
const arithmetics = new Map<number, Arithmetic>()

/** Precisions are rounded up to a few sizes, because each computes π and ln 2 first. */
function at(bits: number): Arithmetic {
  const size = 256 * 2 ** Math.max(0, Math.ceil(Math.log2(bits / 256)))
  let found = arithmetics.get(size)
  if (!found) arithmetics.set(size, (found = precision(size)))
  return found
}

const exponentOf = (x: number): number =>
  x === 0 ? -1074 : Math.max(-1074, Math.floor(Math.log2(Math.abs(x))))

/** Bits that resolve both the arguments and a result near `guess`. */
function bitsFor(guess: number, ...x: number[]): Arithmetic {
  const smallest = Math.min(exponentOf(guess), ...x.map(exponentOf), 0)
  return at(160 - smallest)
}

function reducedSinCos(x: number, guess: number): [bigint, bigint, Arithmetic] {
  const a = at(160 + Math.max(0, exponentOf(x)) - Math.min(0, exponentOf(guess), exponentOf(x)))
  const turn = 2n * a.pi
  const angle = fixed(x, a.bits)
  let rest = angle % turn
  if (rest > a.pi) rest -= turn
  if (rest < -a.pi) rest += turn
  const [sin, cos] = a.sinCos(rest)
  return [sin, cos, a]
}

/** e^(digits) with its exponent taken out, since it may be far out of fixed-point range. */
function expOf(digits: bigint, a: Arithmetic): Precise {
  let k = digits / a.ln2
  if (digits < 0n) k -= 1n
  return { digits: a.expSmall(digits - k * a.ln2), bits: a.bits - Number(k) }
}

function logOf(x: number, a: Arithmetic): bigint {
  const { mantissa, exponent } = decompose(x)
  let length = mantissa.toString(2).length
  // Between 1/2 and 2, and next to 1 for x next to 1, so that nothing cancels.
  if (shift(mantissa, -(length - 2)) === 3n) length++
  const scaled = shift(mantissa, a.bits - length + 1)
  return a.logSmall(scaled) + BigInt(exponent + length - 1) * a.ln2
}

function wrap(digits: bigint, a: Arithmetic): Precise {
  return { digits, bits: a.bits }
}

function arcSine(x: number, a: Arithmetic): bigint {
  const s = fixed(x, a.bits)
  const root = squareRoot((a.one - a.multiply(s, s)) << BigInt(a.bits))
  if (root === 0n) return x > 0 ? a.pi / 2n : -a.pi / 2n
  return a.atan(a.divide(s, root))
}

/** `guess` is an approximation of the result; it only decides how many digits are needed. */
export const PRECISE: Record<string, (guess: number, ...x: number[]) => Precise> = {
  sin: (guess, x) => {
    const [sin, , a] = reducedSinCos(x!, guess)
    return wrap(sin, a)
  },
  cos: (guess, x) => {
    const [, cos, a] = reducedSinCos(x!, guess)
    return wrap(cos, a)
  },
  tan: (guess, x) => {
    const [sin, cos, a] = reducedSinCos(x!, guess)
    return wrap(a.divide(sin, cos), a)
  },
  asin: (guess, x) => {
    const a = bitsFor(guess, x!)
    return wrap(arcSine(x!, a), a)
  },
  acos: (_guess, x) => {
    const a = at(400)
    return wrap(a.pi / 2n - arcSine(x!, a), a)
  },
  atan: (guess, x) => {
    const a = bitsFor(guess, x!)
    return wrap(a.atan(fixed(x!, a.bits)), a)
  },
  atan2: (guess, y, x) => {
    const a = bitsFor(guess, y!, x!)
    const [height, width] = [fixed(y!, a.bits), fixed(x!, a.bits)]
    if (width === 0n) return wrap(y! < 0 ? -a.pi / 2n : a.pi / 2n, a)
    const angle = a.atan(a.divide(height, width))
    if (width > 0n) return wrap(angle, a)
    return wrap(y! < 0 ? angle - a.pi : angle + a.pi, a)
  },
  exp: (_guess, x) => {
    const a = bitsFor(1, x!)
    return expOf(fixed(x!, a.bits), a)
  },
  log: (guess, x) => {
    const a = bitsFor(guess)
    return wrap(logOf(x!, a), a)
  },
  log10: (guess, x) => {
    const a = bitsFor(guess)
    return wrap(a.divide(logOf(x!, a), logOf(10, a)), a)
  },
  pow: (_guess, x, y) => {
    const a = bitsFor(x! - 1, y!)
    return expOf((logOf(x!, a) * fixed(y!, a.bits)) >> BigInt(a.bits), a)
  },
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
