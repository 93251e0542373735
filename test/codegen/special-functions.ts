/**
 * The higher functions of <math.h> to as many digits as wanted, for measuring codegen/math by: power series with
 * enough digits for what cancels, Stirling's series far out, all in fixed point. Nothing is shared with the code
 * under test. `guess` is an approximation of the result; it only decides how many digits are needed.
 */
import { fixed, type Precise, type precision, shift, squareRoot } from './precise.ts'
import { at, expOf, logOfDigits, PRECISE } from './precise-functions.ts'

type Arithmetic = ReturnType<typeof precision>
type Reference = (guess: number, ...x: number[]) => Precise

const absolute = (x: bigint): bigint => (x < 0n ? -x : x)
const exponentOf = (x: number) => Math.max(-1074, Math.floor(Math.log2(Math.abs(x))))

/** For a value that is made once per precision. */
function perPrecision<T>(make: (a: Arithmetic) => T): (a: Arithmetic) => T {
  const known = new Map<number, T>()
  return a => {
    if (!known.has(a.bits)) known.set(a.bits, make(a))
    return known.get(a.bits)!
  }
}

const lnTen = perPrecision(a => logOfDigits(10n * a.one, a))

function log2(guess: number, x: number): Precise {
  const { digits, bits } = PRECISE.log!(guess, x)
  return { digits: (digits << BigInt(bits)) / at(bits).ln2, bits }
}

/** erf x = 2/√π·e^(-x²)·Σ 2^n·x^(2n + 1) / (1·3·…·(2n + 1)), all terms positive. */
function erfOf(x: number, bits: number): { digits: bigint; a: Arithmetic } {
  const a = at(bits)
  const z = fixed(x, a.bits)
  const square = a.multiply(z, z)
  let [term, sum] = [z, 0n]
  for (let n = 1n; term !== 0n && term !== -1n; n++) {
    sum += term
    term = (2n * a.multiply(term, square)) / (2n * n + 1n)
  }
  const power = expOf(-square, a)
  const root = squareRoot(a.pi << BigInt(a.bits))
  return { digits: a.divide(2n * a.multiply(sum, shift(power.digits, a.bits - power.bits)), root), a }
}

/** B(2k) / (2k·(2k - 1)), k from 1, as fractions; Bernoulli numbers by their recurrence over binomials. */
function stirlingFractions(count: number): [bigint, bigint][] {
  const numbers: [bigint, bigint][] = []
  for (let n = 0; n <= 2 * count; n++) {
    let [above, below] = [0n, 1n]
    let binomial = 1n
    for (let k = 0; k < n; k++) {
      const [p, q] = numbers[k]!
      ;[above, below] = [above * q + binomial * p * below, below * q]
      const divisor = greatestDivisor(above, below)
      ;[above, below] = [above / divisor, below / divisor]
      binomial = (binomial * BigInt(n + 1 - k)) / BigInt(k + 1)
    }
    numbers.push(n === 0 ? [1n, 1n] : [-above, below * BigInt(n + 1)])
  }
  return Array.from({ length: count }, (_, i) => {
    const [p, q] = numbers[2 * i + 2]!
    return [p, q * BigInt((2 * i + 2) * (2 * i + 1))]
  })
}

function greatestDivisor(x: bigint, y: bigint): bigint {
  let [u, v] = [absolute(x), y]
  while (v !== 0n) [u, v] = [v, u % v]
  return u === 0n ? 1n : u
}

const FRACTIONS = stirlingFractions(40)

/** ln Γ(x + n) and x·(x + 1)·…·(x + n - 1), where x + n ≥ 64, so that Stirling's series gives 300 bits. */
function gammaParts(x: number, a: Arithmetic): { logarithm: bigint; product: bigint } {
  let z = fixed(x, a.bits)
  let product = a.one
  for (; z < 64n * a.one; z += a.one) product = a.multiply(product, z)
  const inverse = a.divide(a.one, z)
  const square = a.multiply(inverse, inverse)
  let logarithm = a.multiply(z - a.one / 2n, logOfDigits(z, a)) - z + logOfDigits(2n * a.pi, a) / 2n
  let power = inverse
  for (const [p, q] of FRACTIONS) {
    logarithm += (p * power) / q
    power = a.multiply(power, square)
  }
  return { logarithm, product }
}

function tgamma(x: number): Precise {
  const a = at(400 + 8 * Math.max(0, -Math.trunc(x)) - Math.min(0, exponentOf(x)))
  const { logarithm, product } = gammaParts(x, a)
  const { digits, bits } = expOf(logarithm, a)
  return { digits: (digits << BigInt(a.bits)) / product, bits }
}

function lgamma(x: number): Precise {
  const a = at(400 + 8 * (x < 0 ? Math.trunc(-x) : 0) - Math.min(0, exponentOf(x)))
  const { logarithm, product } = gammaParts(x, a)
  return { digits: logarithm - logOfDigits(absolute(product), a), bits: a.bits }
}

/** γ by Brent and McMillan: Σ (N^k/k!)²·H(k) / Σ (N^k/k!)² - ln N, wrong by e^(-4N). */
const eulerGamma = perPrecision(a => {
  const n = BigInt(Math.ceil((a.bits * Math.LN2) / 4))
  let [term, harmonic, above, below] = [a.one, 0n, 0n, 0n]
  for (let k = 1n; term !== 0n; k++) {
    above += a.multiply(term, harmonic)
    below += term
    term = (term * n * n) / (k * k)
    harmonic += a.one / k
  }
  return a.divide(above, below) - logOfDigits(n * a.one, a)
})

const factorial = (n: bigint): bigint => (n < 2n ? 1n : n * factorial(n - 1n))
const harmonicOf = (n: bigint, a: Arithmetic): bigint => (n === 0n ? 0n : a.one / n + harmonicOf(n - 1n, a))

/** Σ (-1)^k·(x/2)^(2k + n) / (k!·(n + k)!), each term times `weight`. */
function besselSeries(n: bigint, half: bigint, a: Arithmetic, weight: (k: bigint) => bigint): bigint {
  const square = a.multiply(half, half)
  let term = a.one
  for (let i = 0n; i < n; i++) term = a.multiply(term, half)
  term /= factorial(n)
  let sum = 0n
  for (let k = 0n; term !== 0n && term !== -1n; ) {
    sum += a.multiply(term, weight(k))
    k++
    term = -a.multiply(term, square) / (k * (k + n))
  }
  return sum
}

/** The terms grow to e^x before they fall. */
const besselArithmetic = (guess: number, n: number, x: number) =>
  at(220 + Math.ceil(3 * x) - Math.min(0, exponentOf(guess)) - (n + 2) * Math.min(0, exponentOf(x)))

function firstKind(guess: number, n: number, x: number): Precise {
  const a = besselArithmetic(guess, n, x)
  return { digits: besselSeries(BigInt(n), fixed(x, a.bits) / 2n, a, () => a.one), bits: a.bits }
}

/** π·Y(n) = 2·ln(x/2)·J(n) - Σ_{k<n} (n-k-1)!/k!·(x/2)^(2k-n) - Σ (ψ(k+1) + ψ(n+k+1))·(terms of J(n)). */
function secondKind(guess: number, n: number, x: number): Precise {
  const a = besselArithmetic(guess, n, x)
  const half = fixed(x, a.bits) / 2n
  const order = BigInt(n)
  const gamma = eulerGamma(a)
  let [lower, upper, reached] = [0n, harmonicOf(order, a), 0n]
  const weight = (k: bigint) => {
    for (; reached < k; reached++) {
      lower += a.one / (reached + 1n)
      upper += a.one / (reached + 1n + order)
    }
    return lower + upper - 2n * gamma
  }
  let sum =
    2n *
    a.multiply(
      logOfDigits(half, a),
      besselSeries(order, half, a, () => a.one),
    )
  sum -= besselSeries(order, half, a, weight)
  let power = a.one
  for (let i = 0n; i < order; i++) power = a.divide(power, half)
  for (let k = 0n; k < order; k++) {
    sum -= (power * factorial(order - k - 1n)) / factorial(k)
    power = a.multiply(power, a.multiply(half, half))
  }
  return { digits: a.divide(sum, a.pi), bits: a.bits }
}

/** Hankel's series √(2/πx)·(P·cos χ - Q·sin χ), or P·sin χ + Q·cos χ, for x ≥ 200, where its terms fall to e^-2x. */
function hankel(n: number, x: number, second: boolean): Precise {
  const a = at(300 + exponentOf(x))
  const z = fixed(x, a.bits)
  const sums = [a.one, 0n]
  let term = a.one
  for (let k = 1; k < 120; k++) {
    term = (a.divide(term, z) * BigInt(4 * n * n - (2 * k - 1) ** 2)) / BigInt(8 * k)
    sums[k % 2]! += k % 4 < 2 ? term : -term
  }
  const angle = (z - (BigInt(2 * n + 1) * a.pi) / 4n) % (2n * a.pi)
  const [sin, cos] = a.sinCos(angle > a.pi ? angle - 2n * a.pi : angle)
  const [p, q] = sums as [bigint, bigint]
  const wave = second ? a.multiply(p, sin) + a.multiply(q, cos) : a.multiply(p, cos) - a.multiply(q, sin)
  const size = squareRoot(a.divide(2n * a.one, a.multiply(a.pi, z)) << BigInt(a.bits))
  return { digits: a.multiply(size, wave), bits: a.bits }
}

const first: Reference = (guess, n, x) => (x! < 200 ? firstKind(guess, n!, x!) : hankel(n!, x!, false))
const second: Reference = (guess, n, x) => (x! < 200 ? secondKind(guess, n!, x!) : hankel(n!, x!, true))

export const SPECIAL_PRECISE: Record<string, Reference> = {
  exp2: (_guess, x) => {
    const a = at(256 - Math.min(0, exponentOf(x!)))
    return expOf(a.multiply(fixed(x!, a.bits), a.ln2), a)
  },
  exp10: (_guess, x) => {
    const a = at(256 - Math.min(0, exponentOf(x!)))
    return expOf(a.multiply(fixed(x!, a.bits), lnTen(a)), a)
  },
  log2: (guess, x) => log2(guess, x!),
  erf: (guess, x) => {
    const { digits, a } = erfOf(x!, 200 + Math.ceil(4 * x! * x!) - 2 * exponentOf(guess))
    return { digits, bits: a.bits }
  },
  erfc: (guess, x) => {
    const { digits, a } = erfOf(
      x!,
      200 + Math.ceil(4 * x! * x!) - exponentOf(guess) - Math.min(0, exponentOf(x!)),
    )
    return { digits: a.one - digits, bits: a.bits }
  },
  tgamma: (_guess, x) => tgamma(x!),
  lgamma: (_guess, x) => lgamma(x!),
  j0: (guess, x) => first(guess, 0, x!),
  j1: (guess, x) => first(guess, 1, x!),
  jn: first,
  y0: (guess, x) => second(guess, 0, x!),
  y1: (guess, x) => second(guess, 1, x!),
  yn: second,
}
