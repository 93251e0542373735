/**
 * The elementary functions of doubles, exact enough to measure codegen/math by: each takes the precision it
 * needs for its argument and its result.
 */
import { decompose, fixed, type Precise, precision, shift, squareRoot } from './precise.ts'

const absolute = (x: bigint): bigint => (x < 0n ? -x : x)

type Arithmetic = ReturnType<typeof precision>
const arithmetics = new Map<number, Arithmetic>()

/** Precisions are rounded up to a few sizes, because each computes π and ln 2 first. */
export function at(bits: number): Arithmetic {
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
export function expOf(digits: bigint, a: Arithmetic): Precise {
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
  expm1: (guess, x) => minusOne(guess, x!),
  sinh: (guess, x) => {
    const a = bitsFor(guess, x!)
    return combine(a, x!, (up, down) => up - down)
  },
  cosh: (_guess, x) => combine(at(300), x!, (up, down) => up + down),
  tanh: (guess, x) => {
    const a = bitsFor(guess, x!)
    const digits = fixed(x!, a.bits)
    const { digits: power, bits } = expOf(2n * absolute(digits), a)
    const e = shift(power, a.bits - bits)
    const tangent = a.divide(e - a.one, e + a.one)
    return wrap(digits < 0n ? -tangent : tangent, a)
  },
  log1p: (guess, x) => {
    const a = bitsFor(guess, x!)
    return wrap(logOfDigits(a.one + fixed(x!, a.bits), a), a)
  },
  asinh: (guess, x) => {
    const a = bitsFor(guess, x!)
    const digits = absolute(fixed(x!, a.bits))
    const angle = logOfDigits(digits + rootOf(a.multiply(digits, digits) + a.one, a), a)
    return wrap(x! < 0 ? -angle : angle, a)
  },
  acosh: (guess, x) => {
    const a = bitsFor(guess, x!)
    const digits = fixed(x!, 2 * a.bits)
    const b = at(2 * a.bits)
    const wide = shift(digits, b.bits - 2 * a.bits)
    return wrap(logOfDigits(wide + rootOf(b.multiply(wide, wide) - b.one, b), b), b)
  },
  atanh: (guess, x) => {
    const a = bitsFor(guess, x!, 1 - Math.abs(x!))
    const digits = fixed(x!, a.bits)
    return wrap(logOfDigits(a.divide(a.one + digits, a.one - digits), a) / 2n, a)
  },
  cbrt: (guess, x) => {
    const a = bitsFor(guess, x!)
    const root = cubeRoot(absolute(fixed(x!, a.bits)) << BigInt(2 * a.bits))
    return wrap(x! < 0 ? -root : root, a)
  },
  hypot: (guess, x, y) => {
    const a = bitsFor(guess, x!, y!)
    const [u, v] = [fixed(x!, a.bits), fixed(y!, a.bits)]
    return wrap(squareRoot(u * u + v * v), a)
  },
}

const rootOf = (digits: bigint, a: Arithmetic): bigint => squareRoot(digits << BigInt(a.bits))

function cubeRoot(x: bigint): bigint {
  if (x === 0n) return 0n
  let root = 1n << BigInt(Math.ceil(x.toString(2).length / 3))
  for (;;) {
    const next = (2n * root + x / (root * root)) / 3n
    if (next >= root) return root
    root = next
  }
}

/** ln of a positive fixed-point number of any size. */
export function logOfDigits(digits: bigint, a: Arithmetic): bigint {
  let length = digits.toString(2).length
  if (digits >> BigInt(Math.max(0, length - 2)) === 3n) length++
  const k = length - 1 - a.bits
  return a.logSmall(shift(digits, -k)) + BigInt(k) * a.ln2
}

function minusOne(guess: number, x: number): Precise {
  const a = bitsFor(guess, x)
  const { digits, bits } = expOf(fixed(x, a.bits), a)
  return wrap(shift(digits, a.bits - bits) - a.one, a)
}

/** Half the sum or difference of e^x and e^-x. */
function combine(a: Arithmetic, x: number, join: (up: bigint, down: bigint) => bigint): Precise {
  const digits = fixed(x, a.bits)
  const power = (sign: bigint) => {
    const { digits: p, bits } = expOf(sign * digits, a)
    return shift(p, a.bits - bits)
  }
  return wrap(join(power(1n), power(-1n)) / 2n, a)
}
