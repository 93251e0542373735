import { describe, expect, test } from 'vitest'
import { mathFunctions } from '../../src/codegen/math/index.ts'
import { ordinary, randomDouble, SPECIAL } from './math-samples.ts'
import { decompose, errorInUlps, shift } from './precise.ts'
import { randomSource } from './random-kernel.ts'
import { instantiate, same } from './run.ts'
import { SPECIAL_PRECISE } from './special-functions.ts'

type Whole = ReturnType<typeof decompose>
type Compiled = Record<string, (...x: number[]) => number>

const functions = [...mathFunctions('double').values()].map(f => ({ ...f, exported: true }))
const double = (await instantiate({ functions, memoryBytes: 0, data: [] })) as unknown as Compiled

const random = randomSource(21)
const anywhere = () => (random(4) ? ordinary(random, [3, 30, 1000][random(3)]!) : randomDouble(random))
const fraction = () => random(2 ** 31) / 2 ** 31

/** Even mantissa·2^exponent of any size to the nearest double, ties to even. */
function nearest(mantissa: bigint, exponent: number): number {
  const magnitude = mantissa < 0n ? -mantissa : mantissa
  const length = magnitude.toString(2).length
  const unit = Math.max(length + exponent - 53, -1074)
  const drop = unit - exponent
  let whole = shift(magnitude, -drop)
  if (drop > 0) {
    const twice = 2n * (magnitude - (whole << BigInt(drop)))
    const one = 1n << BigInt(drop)
    if (twice > one || (twice === one && whole % 2n === 1n)) whole++
  }
  const scaled = unit > 900 ? Number(whole) * 2 ** 900 * 2 ** (unit - 900) : Number(whole) * 2 ** unit
  return mantissa < 0n ? -scaled : scaled
}

describe('exact functions', () => {
  const finite = SPECIAL.filter(Number.isFinite)

  test('ldexp', () => {
    const check = (x: number, n: number) => {
      const { mantissa, exponent } = decompose(x)
      const expected = Number.isFinite(x) && x !== 0 ? nearest(mantissa, exponent + n) : x
      same(double.ldexp!(x, n), expected, () => `ldexp(${x}, ${n})`)
    }
    for (const x of SPECIAL) for (const n of [0, 1, -1, 52, 1074, -1074, -1100, 2100, -2100]) check(x, n)
    for (let i = 0; i < 3000; i++) check(anywhere(), random(4400) - 2200)
    expect(double.ldexp!(1, 2147483647)).toBe(Infinity)
    expect(double.ldexp!(-1, -2147483648)).toBe(-0)
  })

  test('logb and ilogb', () => {
    for (const x of [...finite, ...Array.from({ length: 2000 }, anywhere)]) {
      if (x === 0 || !Number.isFinite(x)) continue
      const { mantissa, exponent } = decompose(x)
      const expected = exponent + mantissa.toString(2).replace('-', '').length - 1
      expect(double.logb!(x), `logb(${x})`).toBe(expected)
      expect(double.ilogb!(x), `ilogb(${x})`).toBe(expected)
    }
    const of = (name: string) => [0, -0, Infinity, -Infinity, NaN].map(x => double[name]!(x))
    expect(of('logb')).toEqual([-Infinity, -Infinity, Infinity, Infinity, NaN])
    expect(of('ilogb')).toEqual([-2147483648, -2147483648, 2147483647, 2147483647, -2147483648])
  })

  test('fdim', () => {
    for (const x of SPECIAL) {
      for (const y of SPECIAL) {
        const expected =
          Number.isNaN(x + y) && x !== y ? (x > y ? Infinity : x < y ? 0 : NaN) : x > y ? x - y : 0
        same(double.fdim!(x, y), expected, () => `fdim(${x}, ${y})`)
      }
    }
  })

  test('nextafter is the nearest double beyond', () => {
    for (const x of [...finite, ...Array.from({ length: 2000 }, anywhere)]) {
      for (const y of [...SPECIAL, x]) {
        const next = double.nextafter!(x, y)
        if (!(x < y || x > y)) same(next, Number.isNaN(y) || Number.isNaN(x) ? NaN : y, () => `${x} ${y}`)
        else if (!(x < y ? x < next && next <= y : x > next && next >= y)) expect.fail(`${x} ${y} ${next}`)
        // Nothing lies between: the middle rounds to one of the two.
        else if (Number.isFinite(next) && Number.isFinite(x)) {
          const middle = x / 2 + next / 2
          if (Math.abs(x) > 1e-300 && middle !== x && middle !== next) expect.fail(`${x} ${next}`)
        }
      }
    }
    expect(double.nextafter!(0, -1)).toBe(-5e-324)
    expect(double.nextafter!(5e-324, -1)).toBe(0)
    expect(double.nextafter!(-5e-324, 1)).toBe(-0)
    expect(double.nextafter!(Number.MAX_VALUE, Infinity)).toBe(Infinity)
  })

  function checkFused(x: number, y: number, z: number) {
    const message = () => `fma(${x}, ${y}, ${z})`
    if (![x, y, z].every(Number.isFinite)) {
      const expected = Number.isFinite(x) && Number.isFinite(y) ? z : x * y + z
      return same(double.fma!(x, y, z), expected, message)
    }
    const [a, b, c] = [x, y, z].map(decompose) as [Whole, Whole, Whole]
    const product = a.mantissa * b.mantissa
    const exponent = Math.min(a.exponent + b.exponent, c.exponent)
    const sum = shift(product, a.exponent + b.exponent - exponent) + shift(c.mantissa, c.exponent - exponent)
    const exactZero = product === 0n && z === 0 ? x * y + z : 0
    same(double.fma!(x, y, z), sum === 0n ? exactZero : nearest(sum, exponent), message)
  }

  test('fma', () => {
    const edges = SPECIAL.filter((_, i) => i % 4 < 2)
    for (const x of edges)
      for (const y of edges) for (const z of [0, -0, 1, -5e-324, -x * y, Infinity, NaN]) checkFused(x, y, z)
    for (let i = 0; i < 6000; i++) {
      const [x, y] = [anywhere(), anywhere()]
      checkFused(x, y, anywhere())
      // Where the product nearly cancels, and where it is rounded next to a tie.
      const product = x * y
      checkFused(x, y, -product * (1 + (random(5) - 2) * 2 ** -52))
      checkFused(x, y, product * 2 ** (random(240) - 120))
      checkFused(x * 2 ** -500, y * 2 ** -550, ordinary(random, 10) * 2 ** -1060)
    }
  })
})

interface Range {
  readonly ulps: number
  /** Smaller results are measured in ulps of this: the function cancels there, or its argument does. */
  readonly scale?: (...x: number[]) => number
  readonly x: (i: number) => number[]
}

/** Where each function is measured, and how far it may be off. */
const RANGES: Record<string, Range> = {
  exp2: { ulps: 0.9, x: i => [i % 3 ? ordinary(random, 5) : fraction() * 2095 - 1072] },
  exp10: { ulps: 0.9, x: i => [i % 3 ? ordinary(random, 5) : fraction() * 630 - 322] },
  log2: {
    ulps: 0.9,
    x: i => [i % 3 ? Math.abs(ordinary(random, i % 2 ? 3 : 1000)) : 1 + ordinary(random, 10) / 2048],
  },
  erf: { ulps: 1, x: i => [i % 4 ? fraction() * [1, 2, 6][i % 3]! : ordinary(random, 100) % 6] },
  erfc: { ulps: 2, x: i => [i % 4 ? fraction() * [1, 6, 26][i % 3]! : -fraction() * 3] },
  tgamma: {
    ulps: 2,
    x: i => [i % 4 ? fraction() * [4, 12, 171][i % 3]! + 1e-9 : Math.abs(ordinary(random, 50)) % 40 || 3],
  },
  'tgamma below 0': { ulps: 3, x: i => [-fraction() * (i % 2 ? 12 : 182)] },
  lgamma: {
    ulps: 3,
    x: i => [i % 4 ? fraction() * [4, 14, 1000][i % 3]! + 1e-9 : Math.abs(ordinary(random, 60))],
  },
  'lgamma at its zeros': { ulps: 3, x: i => [1 + (i % 2) + ordinary(random, 20) * 2 ** -24] },
  'lgamma below 0': {
    ulps: 2,
    scale: x => Math.max(1, double.lgamma!(-x)),
    x: i => [-fraction() * (i % 2 ? 10 : 100)],
  },
  j0: { ulps: 4, scale: envelope, x: bessel },
  j1: { ulps: 4, scale: envelope, x: bessel },
  y0: { ulps: 4, scale: envelope, x: bessel },
  y1: { ulps: 4, scale: envelope, x: bessel },
  'j0 up to 8': { ulps: 4, x: () => [fraction() * 8] },
  'j1 up to 8': { ulps: 4, x: i => [i % 8 ? fraction() * 8 : fraction() * 2 ** -random(60)] },
  'y0 up to 8': { ulps: 4, x: i => [i % 8 ? fraction() * 8 : fraction() * 2 ** -random(60)] },
  'y1 up to 8': { ulps: 4, x: i => [i % 8 ? fraction() * 8 : fraction() * 2 ** -random(60)] },
  jn: {
    ulps: 24,
    scale: (n, x) => (x > n ? envelope(n, x) : 0),
    x: i => [random(30), fraction() * (i % 2 ? 10 : 40)],
  },
  yn: {
    ulps: 24,
    scale: (n, x) => (x > n ? envelope(n, x) : 0),
    x: i => [random(20), fraction() * (i % 2 ? 10 : 40)],
  },
}

/** How large the waves of a Bessel function are beyond its order. */
function envelope(...x: number[]): number {
  return Math.sqrt(2 / Math.PI / Math.max(1, x.at(-1)!))
}

function bessel(i: number): number[] {
  return [i % 5 === 0 ? 200 + Math.abs(ordinary(random, 300)) : fraction() * (i % 5 < 3 ? 10 : 60)]
}

const spacing = (x: number) => 2 ** (Math.max(-1022, Math.floor(Math.log2(Math.abs(x)))) - 52)

describe('accuracy', () => {
  test.each(Object.keys(RANGES))('%s', name => {
    const { ulps, scale, x: draw } = RANGES[name]!
    const called = name.split(' ')[0]!
    const worst = { error: 0, x: [] as number[] }
    const points = Number(process.env.MATH_POINTS ?? 150)
    for (let i = 0; i < points; i++) {
      const x = draw(i)
      const computed = double[called]!(...x)
      if (!Number.isFinite(computed)) throw new Error(`${name}(${x}) = ${computed}`)
      const own = errorInUlps(computed, SPECIAL_PRECISE[called]!(computed, ...x))
      const error = own * Math.min(1, spacing(computed) / spacing(scale?.(...x) ?? 0))
      if (error > worst.error) Object.assign(worst, { error, x })
    }
    if (process.env.MATH_POINTS) console.log(name, worst.error, worst.x)
    expect(worst.error, `${name}(${worst.x})`).toBeLessThanOrEqual(ulps)
  })

  test('powers are exact', () => {
    for (let n = -1074; n <= 1024; n++) expect(double.exp2!(n)).toBe(2 ** n)
    for (let n = -1074; n < 1024; n++) expect(double.log2!(2 ** n)).toBe(n)
    for (let n = 0; n <= 22; n++) expect(double.exp10!(n)).toBe(Number(10n ** BigInt(n)))
  })
})

/** Arguments and results of C99 that no formula gives. */
const EXPECTED: Record<string, readonly (readonly [x: number, result: number])[]> = {
  erf: [
    [Infinity, 1],
    [-Infinity, -1],
    [NaN, NaN],
    [0, 0],
    [-0, -0],
    [5e-324, 5e-324],
    [10, 1],
  ],
  erfc: [
    [Infinity, 0],
    [-Infinity, 2],
    [NaN, NaN],
    [0, 1],
    [-0, 1],
    [28, 0],
    [-28, 2],
    [1e300, 0],
  ],
  tgamma: [
    [0, Infinity],
    [-0, -Infinity],
    [Infinity, Infinity],
    [-Infinity, NaN],
    [NaN, NaN],
    [-1, NaN],
    [-11, NaN],
    [-1e300, NaN],
    [171.7, Infinity],
    [1e300, Infinity],
    [-190.5, -0],
    [-191.5, 0],
    [1e-320, Infinity],
  ],
  lgamma: [
    [0, Infinity],
    [-0, Infinity],
    [Infinity, Infinity],
    [-Infinity, Infinity],
    [NaN, NaN],
    [-1, Infinity],
    [-11, Infinity],
    [-1e300, Infinity],
    [1, 0],
    [2, 0],
    [1.7e308, Infinity],
  ],
  j0: [
    [0, 1],
    [-0, 1],
    [Infinity, 0],
    [-Infinity, 0],
    [NaN, NaN],
  ],
  j1: [
    [0, 0],
    [-0, -0],
    [Infinity, 0],
    [-Infinity, -0],
    [NaN, NaN],
  ],
  y0: [
    [0, -Infinity],
    [-0, -Infinity],
    [Infinity, 0],
    [-1, NaN],
    [-Infinity, NaN],
    [NaN, NaN],
  ],
  y1: [
    [0, -Infinity],
    [-0, -Infinity],
    [Infinity, 0],
    [-1, NaN],
    [-Infinity, NaN],
    [NaN, NaN],
    [1e-320, -Infinity],
  ],
  exp2: [
    [Infinity, Infinity],
    [-Infinity, 0],
    [NaN, NaN],
    [-0, 1],
    [1024, Infinity],
    [-1075, 0],
  ],
  exp10: [
    [Infinity, Infinity],
    [-Infinity, 0],
    [NaN, NaN],
    [-0, 1],
    [309, Infinity],
    [-324, 0],
  ],
  log2: [
    [0, -Infinity],
    [-0, -Infinity],
    [-1, NaN],
    [Infinity, Infinity],
    [-Infinity, NaN],
    [NaN, NaN],
  ],
}

test.each(Object.keys(EXPECTED))('special values of %s', name => {
  for (const [x, result] of EXPECTED[name]!) same(double[name]!(x), result, () => `${name}(${x})`)
})
