import { describe, expect, test } from 'vitest'
import { compileLibrary } from './compiled-math.ts'
import { ordinary } from './math-samples.ts'
import { errorInUlps } from './precise.ts'
import { randomSource } from './random-kernel.ts'
import { SPECIAL_PRECISE } from './special-functions.ts'

const double = await compileLibrary('double')
const random = randomSource(21)
const fraction = () => random(2 ** 31) / 2 ** 31

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
  erf: { ulps: 1.2, x: i => [i % 4 ? fraction() * [1, 2, 6][i % 3]! : ordinary(random, 100) % 6] },
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
