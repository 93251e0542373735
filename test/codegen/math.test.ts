import { describe, expect, test } from 'vitest'
import type { KernelModule } from '../../src/codegen/kernel.ts'
import { mathFunctions, requiredFunctions } from '../../src/codegen/math/index.ts'
import { everyInstruction } from '../../src/codegen/regions.ts'
import { verifyKernel } from '../../src/codegen/verify.ts'
import type { Precision } from '../../src/core/program.ts'
import { arity, NAMES, ordinary, randomDouble, SPECIAL } from './math-samples.ts'
import { errorInUlps } from './precise.ts'
import { PRECISE } from './precise-functions.ts'
import { randomSource } from './random-kernel.ts'
import { instantiate, same } from './run.ts'

type Compiled = Record<string, (...x: number[]) => number>

function everything(precision: Precision): KernelModule {
  const functions = [...mathFunctions(precision).values()].map(f => ({ ...f, exported: true }))
  return { functions, memoryBytes: 0, data: [] }
}

const compile = async (precision: Precision) =>
  (await instantiate(everything(precision))) as unknown as Compiled
const double = await compile('double')
const single = await compile('single')

describe('library', () => {
  test.each(['double', 'single'] as const)('%s functions verify', precision => {
    expect(verifyKernel(everything(precision))).toEqual([])
  })

  test('required functions come with what they call, callees first', () => {
    const names = requiredFunctions(['sin', 'powInt'], 'double').map(f => f.name)
    expect(names).toContain('twoOverPiWord')
    expect(names.indexOf('sin.slow.whole')).toBeLessThan(names.indexOf('sin'))
    expect(names.indexOf('pow')).toBeLessThan(names.indexOf('powInt'))
    expect(names).not.toContain('exp')
  })
})

/** Where each function is measured, and how many points. */
const RANGES: Record<string, (random: (below: number) => number, i: number) => number[]> = {
  sin: angles,
  cos: angles,
  tan: angles,
  asin: unitInterval,
  acos: unitInterval,
  atan: (random, i) => [i % 2 ? ordinary(random, 4) : ordinary(random, 60)],
  atan2: (random, i) => [ordinary(random, i % 3 ? 3 : 400), ordinary(random, i % 3 ? 3 : 400)],
  exp: (random, i) => [i % 3 ? ordinary(random, 5) : (random(2 ** 30) / 2 ** 30) * 1454 - 745],
  log: positive,
  log10: positive,
  // Around ±53·ln2 the 1 no longer fits.
  expm1: (random, i) => [
    i % 3 === 0
      ? ordinary(random, 3)
      : i % 3 === 1
        ? ordinary(random, 12) % 700
        : (36 + random(2 ** 30) / 2 ** 29) * (random(2) ? 1 : -1),
  ],
  sinh: (random, i) => [i % 3 ? ordinary(random, 9) % 710 : ordinary(random, 3)],
  cosh: (random, i) => [i % 3 ? ordinary(random, 9) % 710 : ordinary(random, 3)],
  tanh: (random, i) => [ordinary(random, i % 3 ? 4 : 40) % 50],
  log1p: (random, i) => [i % 3 ? Math.abs(ordinary(random, i % 2 ? 60 : 4)) : random(2 ** 30) / 2 ** 30 - 1],
  asinh: (random, i) => [ordinary(random, i % 3 ? 4 : 100)],
  acosh: (random, i) => [1 + Math.abs(ordinary(random, i % 3 ? 4 : 50))],
  atanh: (random, i) => [i % 3 ? (random(2 ** 30) - 2 ** 29) / 2 ** 29 : ordinary(random, 60) % 1],
  cbrt: (random, i) => [i % 3 ? ordinary(random, 4) : ordinary(random, 1020)],
  hypot: (random, i) => [ordinary(random, i % 3 ? 3 : 400), ordinary(random, i % 3 ? 3 : 400)],
  pow: (random, i) => {
    const x = Math.abs(i % 4 === 0 ? randomDouble(random) : ordinary(random, i % 4 === 1 ? 1 : 10))
    if (!(x > 0 && x < Infinity)) return [2, 0.5]
    // log2 of the result, from the smallest number to the largest.
    const z = i % 2 ? (random(2 ** 30) / 2 ** 30 - 0.5) * 16 : (random(2 ** 30) / 2 ** 30) * 2096 - 1073
    const y = z / Math.log2(x)
    return Number.isFinite(y) ? [x, y] : [x, 0.5]
  },
}

function angles(random: (below: number) => number, i: number): number[] {
  if (i % 10 === 0) return [ordinary(random, 900)]
  if (i % 10 === 1) return [Math.round(ordinary(random, 20)) * (Math.PI / 2)]
  if (i % 10 < 5) return [(random(2 ** 30) / 2 ** 30 - 0.5) * Math.PI]
  return [ordinary(random, i % 10 < 7 ? 20 : 3)]
}

function unitInterval(random: (below: number) => number, i: number): number[] {
  const x = random(2 ** 31) / 2 ** 30 - 1
  return [i % 5 === 0 ? ordinary(random, 30) % 1 : i % 5 === 1 ? Math.sign(x) - x * 2 ** -20 : x]
}

function positive(random: (below: number) => number, i: number): number[] {
  const wide = Math.abs(randomDouble(random))
  if (i % 4 === 0) return [wide > 0 && wide < Infinity ? wide : 3]
  if (i % 4 === 1) return [1 + ordinary(random, 20) * 2 ** -22]
  return [Math.abs(ordinary(random, 3))]
}

describe('accuracy: at most 1 ulp from the exact value', () => {
  test.each(Object.keys(RANGES))('%s', name => {
    const random = randomSource(1)
    const worst = { error: 0, x: [] as number[] }
    const points = Number(process.env.MATH_POINTS ?? 2000)
    for (let i = 0; i < points; i++) {
      const x = RANGES[name]!(random, i)
      const computed = double[name]!(...x)
      if (!Number.isFinite(computed)) throw new Error(`${name}(${x}) = ${computed}`)
      const error = errorInUlps(computed, PRECISE[name]!(computed, ...x))
      if (error > worst.error) Object.assign(worst, { error, x })
    }
    if (process.env.MATH_POINTS) console.log(name, worst.error, worst.x)
    expect(worst.error, `${name}(${worst.x})`).toBeLessThanOrEqual(1)
  })

  test('hard cases of range reduction', () => {
    // The double nearest to a multiple of π/2 (Kahan), and huge ones.
    const hard = [
      6381956970095103 * 2 ** 797,
      5.319372648326541e255,
      1e300,
      1e22,
      Number.MAX_VALUE,
      Math.PI,
      11,
    ]
    for (const name of ['sin', 'cos', 'tan']) {
      for (const x of hard) {
        const computed = double[name]!(x)
        expect(errorInUlps(computed, PRECISE[name]!(computed, x)), `${name}(${x})`).toBeLessThanOrEqual(1)
      }
    }
  })

  test.each(['sin', 'cos', 'tan'])('%s at and beside multiples of π/2', name => {
    for (let k = 1; k < 400; k++) {
      for (const beside of [-3, -1, 0, 1, 2]) {
        const x = (k * Math.PI) / 2 + beside * 2 ** (Math.floor(Math.log2(k * 1.57)) - 52)
        const computed = double[name]!(x)
        expect(errorInUlps(computed, PRECISE[name]!(computed, x)), `${name}(${x})`).toBeLessThanOrEqual(1)
      }
    }
  })

  test.each(['sin', 'cos'])('%s and the function that takes over in lanes give the same bits', name => {
    const random = randomSource(4)
    const whole = double[`${name}.slow.whole`]!
    for (const x of SPECIAL) same(whole(x), double[name]!(x), () => `${name}(${x})`)
    for (let i = 0; i < 20_000; i++) {
      const [x] = angles(random, i) as [number]
      same(whole(x), double[name]!(x), () => `${name}(${x})`)
    }
  })

  test.each(['log', 'log10', 'log2'])(
    '%s and the function that takes over in lanes give the same bits',
    name => {
      const random = randomSource(6)
      const whole = double[`${name}.slow.whole`]!
      for (const x of SPECIAL) same(whole(x), double[name]!(x), () => `${name}(${x})`)
      for (let i = 0; i < 20_000; i++) {
        const x = randomDouble(random)
        same(whole(x), double[name]!(x), () => `${name}(${x})`)
      }
    },
  )

  test('pow and the function that takes over in lanes give the same bits', () => {
    const random = randomSource(5)
    const check = (x: number, y: number) =>
      same(double['pow.slow.whole']!(x, y), double.pow!(x, y), () => `pow(${x}, ${y})`)
    for (const x of SPECIAL) for (const y of SPECIAL) check(x, y)
    for (let i = 0; i < 20_000; i++) check(...(RANGES.pow!(random, i) as [number, number]))
  })

  test('single precision is the double result rounded, where it has no definition of its own', () => {
    const random = randomSource(3)
    const library = mathFunctions('single')
    const asks = (name: string) =>
      [...everyInstruction(library.get(name)!.body)].some(
        i => i.kind === 'call' && i.function === `${name}.f64`,
      )
    for (const name of NAMES.filter(asks)) {
      for (let i = 0; i < 500; i++) {
        const x = Array.from({ length: arity(name) }, () => Math.fround(ordinary(random, 6)))
        expect(single[name]!(...x), `${name}(${x})`).toEqual(Math.fround(double[name]!(...x)))
      }
    }
  })
})

describe('special values', () => {
  // JavaScript follows C99 but for 1^±∞ and 1^NaN and (-1)^±∞, and its values there are exact or NaN.
  test.each(NAMES.filter(n => n in Math && n !== 'round'))('%s as JavaScript', name => {
    const reference = (Math as unknown as Compiled)[name]!
    for (const x of SPECIAL) {
      for (const y of arity(name) === 2 ? SPECIAL : [0]) {
        const expected = c99(name, x, y) ?? reference(x, y)
        const actual = double[name]!(x, y)
        const message = `${name}(${x}, ${y})`
        if (!Number.isFinite(expected) || expected === 0) expect(actual, message).toBe(expected)
        else
          expect(Math.abs(actual - expected), message).toBeLessThanOrEqual(
            Math.abs(expected) * 4e-16 + 5e-324,
          )
      }
    }
  })

  function c99(name: string, x: number, y: number): number | undefined {
    if (name !== 'pow') return undefined
    if (x === 1 || (x === -1 && Math.abs(y) === Infinity)) return 1
    return undefined
  }

  test('pow of whole numbers is exact', () => {
    for (let x = -30; x <= 30; x++) {
      for (let y = 0; y <= 10; y++)
        expect(double.pow!(x, y), `${x}^${y}`).toBe(Number(BigInt(x) ** BigInt(y)))
    }
  })
})

describe('exact functions', () => {
  const random = randomSource(5)
  const pairs: [number, number][] = []
  for (const x of SPECIAL) for (const y of SPECIAL) pairs.push([x, y])
  for (let i = 0; i < 20_000; i++) {
    const range = [1, 12, 60, 1000][i % 4]!
    pairs.push(
      i % 5 === 0
        ? [randomDouble(random), randomDouble(random)]
        : [ordinary(random, range), ordinary(random, 8)],
    )
  }
  for (let i = -40; i <= 40; i++)
    for (let j = 1; j < 9; j++) pairs.push([i / 4, j / 4], [i * 5e-324, j * 5e-324])

  test('fmod', () => {
    for (const [x, y] of pairs) same(double.fmod!(x, y), x % y, () => `fmod(${x}, ${y})`)
  })

  test('remainder', () => {
    for (const [x, y] of pairs) {
      same(double.remainder!(x, y), ieeeRemainder(x, y), () => `remainder(${x}, ${y})`)
    }
  })

  /** From x % y, which is exact, and the parity of the quotient by x % 2y. */
  function ieeeRemainder(x: number, y: number): number {
    if (Number.isNaN(y) || !Number.isFinite(x) || y === 0) return Number.NaN
    if (!Number.isFinite(y)) return x
    const d = Math.abs(y)
    const rest = Math.abs(x % d)
    const other = d - rest
    const oddQuotient = d > Number.MAX_VALUE / 2 ? Math.abs(x) >= d : Math.abs(x % (2 * d)) >= d
    const up = rest > other || (rest === other && oddQuotient)
    const magnitude = up ? rest - d : rest
    return magnitude === 0 ? (Object.is(Math.sign(x), -0) || x < 0 ? -0 : 0) : x < 0 ? -magnitude : magnitude
  }

  test('round', () => {
    for (const [x] of pairs) {
      const whole = Math.trunc(Math.abs(x))
      const expected = Math.abs(x) - whole >= 0.5 ? whole + 1 : whole
      const negative = x < 0 || Object.is(x, -0)
      same(double.round!(x), Number.isNaN(x) ? x : negative ? -expected : expected, () => `round(${x})`)
    }
  })

  test('int functions', () => {
    const ints = [0, 1, -1, 2, -2, 3, 7, -7, 1000, 2147483647, -2147483648, -2147483647, 65536]
    for (const a of ints) {
      expect(double.absInt!(a)).toBe(Math.abs(a) | 0)
      for (const b of ints) {
        expect(double.remInt!(a, b), `${a} rem ${b}`).toBe(b === 0 ? 0 : (a % b) | 0)
        expect(double.minInt!(a, b)).toBe(Math.min(a, b))
        expect(double.maxInt!(a, b)).toBe(Math.max(a, b))
      }
    }
    expect(double.powInt!(3, 5)).toBe(243)
    expect(double.powInt!(2, 31)).toBe(2147483647)
    expect(double.powInt!(-2, 31)).toBe(-2147483648)
    expect(double.powInt!(2, -1)).toBe(0)
  })
})
