/** The functions of `ma` against JavaScript's own, and against identities. */
import { expect, it } from 'vitest'
import { applyEach, renderAll } from '../support/render.ts'

const everywhere = Array.from({ length: 201 }, (_, i) => (i - 100) / 20)
const small = [1e-9, -1e-9, 1e-5, 0.01, -0.03, 0.0999, 0.1001, 0.2999, 0.3001, -0.2999]

interface Case {
  readonly code: string
  readonly expected: (x: number) => number
  readonly args?: readonly number[]
}

const cases: readonly Case[] = [
  { code: 'ma.tanh', expected: Math.tanh, args: [...everywhere, 40, -40, 800, -800] },
  { code: 'ma.sinh', expected: Math.sinh, args: [...everywhere, ...small] },
  { code: 'ma.cosh', expected: Math.cosh },
  { code: 'ma.asinh', expected: Math.asinh, args: [...everywhere, ...small] },
  { code: 'abs : +(1) : ma.acosh', expected: x => Math.acosh(Math.abs(x) + 1) },
  { code: '*(0.19) : ma.atanh', expected: x => Math.atanh(0.19 * x), args: [...everywhere, ...small] },
  { code: 'ma.expm1', expected: Math.expm1, args: [...everywhere, ...small] },
  { code: '*(0.19) : ma.log1p', expected: x => Math.log1p(0.19 * x), args: [...everywhere, ...small] },
  { code: 'ma.cbrt', expected: Math.cbrt },
  { code: 'abs : +(0.1) : ma.log2', expected: x => Math.log2(Math.abs(x) + 0.1) },
  { code: 'ma.signum', expected: Math.sign },
  { code: 'ma.frac', expected: x => x - Math.floor(x) },
  { code: 'ma.neg', expected: x => 0 - x },
  { code: 'int : ma.not', expected: x => ~Math.trunc(x) },
  { code: '\\(x).(ma.hypot(x, 1.5))', expected: x => Math.hypot(x, 1.5) },
  { code: '\\(x).(ma.copysign(2, x))', expected: x => (x < 0 ? -2 : 2) },
  { code: '\\(x).(ma.ldexp(x, -3))', expected: x => x / 8 },
  { code: '\\(x).(ma.modulo(int(x), 3))', expected: x => ((Math.trunc(x) % 3) + 3) % 3 },
  { code: 'abs : +(0.3) : ma.logb', expected: x => Math.floor(Math.log2(Math.abs(x) + 0.3)) },
  // Tn(cos φ) = cos(nφ)
  { code: 'cos : ma.chebychev(5)', expected: x => Math.cos(5 * x) },
  {
    code: 'cos : ma.chebychevpoly((0.5, 1, 0, 0.25))',
    expected: x => 0.5 + Math.cos(x) + 0.25 * Math.cos(3 * x),
  },
]

it.each(cases)('$code', async ({ code, expected, args = everywhere }) => {
  const [answers] = await applyEach([code], args)
  args.forEach((x, i) => {
    const wanted = expected(x)
    expect(Math.abs(answers![i]! - wanted), `at ${x}`).toBeLessThanOrEqual(
      1e-13 * Math.max(1, Math.abs(wanted)),
    )
  })
})

it('keeps small arguments exact to the last digits', async () => {
  const [expm1, log1p, sinh, atanh] = await applyEach(['ma.expm1', 'ma.log1p', 'ma.sinh', 'ma.atanh'], small)
  small.forEach((x, i) => {
    expect(expm1![i]! / Math.expm1(x)).toBeCloseTo(1, 13)
    expect(log1p![i]! / Math.log1p(x)).toBeCloseTo(1, 13)
    expect(sinh![i]! / Math.sinh(x)).toBeCloseTo(1, 13)
    expect(atanh![i]! / Math.atanh(x)).toBeCloseTo(1, 13)
  })
})

it('recognises what is no number', async () => {
  const args = [0, 1, -1, 1e308, Number.NaN, Infinity, -Infinity]
  const [isnan, isinf] = await applyEach(['ma.isnan', 'ma.isinf'], args)
  expect([...isnan!]).toEqual([0, 0, 0, 0, 1, 0, 0])
  expect([...isinf!]).toEqual([0, 0, 0, 0, 0, 1, 1])
})

it('finds changes of sign and differences', async () => {
  const [zc, diffn] = await applyEach(['ma.zc', 'ma.diffn'], [1, 2, -1, -3, 4, 0, -1])
  expect([...zc!]).toEqual([0, 0, 1, 0, 1, 0, 0])
  expect([...diffn!]).toEqual([-1, -1, 3, 2, -7, 4, 1])
})

it('knows constants and the sample rate', async () => {
  const options = { frames: 1, sampleRate: 48_000 }
  const values = await renderAll(['ma.PI', 'ma.TWOPI', 'ma.E', 'ma.SR', 'ma.T', 'ma.EPSILON'], options)
  const expected = [Math.PI, 2 * Math.PI, Math.E, 48_000, 1 / 48_000, Number.EPSILON]
  expect(values.map(channel => channel[0])).toEqual(expected)
})

it('finds powers of two', async () => {
  const sizes = [1, 2, 3, 5, 1000, 1024, 1025]
  const values = await renderAll(
    sizes.flatMap(n => [`ma.np2(${n})`, `2^ma.nextpow2(${n})`]),
    { frames: 1 },
  )
  const expected = sizes.flatMap(n => [2 ** Math.ceil(Math.log2(n)), 2 ** Math.ceil(Math.log2(n))])
  expect(values.map(channel => channel[0])).toEqual(expected)
})

it('knows its precision', async () => {
  const codes = ['ma.EPSILON', 'ma.MAX', 'ma.MIN', 'ma.isinf(1e30*1e30)']
  const [epsilon, largest, smallest, isInfinite] = await renderAll(codes, { frames: 1, precision: 'single' })
  expect(epsilon![0]).toBe(2 ** -23)
  expect(largest![0]).toBe((2 - 2 ** -23) * 2 ** 127)
  expect(smallest![0]).toBe(2 ** -126)
  expect(isInfinite![0]).toBe(1)
})
