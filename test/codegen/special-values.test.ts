import { describe, expect, test } from 'vitest'
import { foreignPrimitive } from '../../src/core/primitives.ts'
import type { Stimulus } from '../support/machine.ts'
import { recordOurs } from '../support/ours.ts'
import { compileLibrary } from './compiled-math.ts'
import { randomSource } from './random-kernel.ts'
import { same } from './run.ts'

const double = await compileLibrary('double')

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

test('tgamma of whole numbers is the factorial', () => {
  let factorial = 1n
  for (let n = 1; n <= 23; n++) {
    expect(double.tgamma!(n)).toBe(Number(factorial))
    factorial *= BigInt(n)
  }
})

describe('Bessel functions of any order', () => {
  const random = randomSource(22)

  test('orders 0 and 1 are j0, j1, y0 and y1', () => {
    for (const x of [0, 0.3, 5, 31, 1e5, Infinity, NaN]) {
      for (const [any, zero, one] of [
        ['jn', 'j0', 'j1'],
        ['yn', 'y0', 'y1'],
      ] as const) {
        same(double[any]!(0, x), double[zero]!(x), () => `${any}(0, ${x})`)
        same(double[any]!(1, x), double[one]!(x), () => `${any}(1, ${x})`)
      }
    }
  })

  test('odd orders change sign with the order, and J with x', () => {
    for (let n = 0; n < 9; n++) {
      const sign = n % 2 ? -1 : 1
      for (const x of [0, 0.7, 4, 25, Infinity]) {
        same(double.jn!(-n, x), n === 0 ? double.jn!(0, x) : sign * double.jn!(n, x), () => `jn(-${n}, ${x})`)
        same(double.jn!(n, -x), sign * double.jn!(n, x), () => `jn(${n}, -${x})`)
        same(double.yn!(-n, x), sign * double.yn!(n, x), () => `yn(-${n}, ${x})`)
      }
    }
  })

  test('Wronskian: J(n + 1)·Y(n) - J(n)·Y(n + 1) = 2/πx', () => {
    for (let i = 0; i < 300; i++) {
      const n = 1 + random(i % 3 ? 100 : 10_000)
      const x = n * ((i % 3 ? 0.5 : 0.95) + random(1000) / 500)
      const [upper, lower] = [
        double.jn!(n + 1, x) * double.yn!(n, x),
        double.jn!(n, x) * double.yn!(n + 1, x),
      ]
      const expected = 2 / Math.PI / x
      const scale = Math.abs(upper) + Math.abs(lower) + expected
      expect(Math.abs(upper - lower - expected), `${n} ${x}`).toBeLessThan(
        4e-16 * scale * (10 + Math.sqrt(n)),
      )
    }
  })

  test('edges', () => {
    const rows: [string, number, number, number][] = [
      ['jn', 5, 0, 0],
      ['jn', 5, -0, -0],
      ['jn', 3, 1e-200, 0],
      ['jn', 500, 1, 0],
      ['jn', 2.9, 0.5, double.jn!(2, 0.5)],
      ['jn', NaN, 1, NaN],
      ['jn', 4, NaN, NaN],
      ['jn', 2147483647, 1e9, 0],
      ['jn', 2147483647, 1e10, NaN],
      ['yn', 5, 0, -Infinity],
      ['yn', -5, 0, Infinity],
      ['yn', 2, -1, NaN],
      ['yn', 2, Infinity, 0],
      ['yn', 300, 1, -Infinity],
      ['yn', NaN, 1, NaN],
      ['yn', 2147483647, 1e9, -Infinity],
      ['yn', 2147483647, 1e10, NaN],
    ]
    for (const [name, n, x, result] of rows) same(double[name]!(n, x), result, () => `${name}(${n}, ${x})`)
  })
})

test('C functions by other names', () => {
  const known = {
    nearbyint: 'rint',
    lrint: 'rint',
    lround: 'round',
    scalbn: 'ldexp',
    trunc: 'trunc',
    fma: 'fma',
  }
  for (const [name, primitive] of Object.entries(known)) expect(foreignPrimitive(name)).toBe(primitive)
})

const AT_REST: Stimulus = { blocks: [4], input: () => 0, control: () => undefined }

describe.each(['double', 'single'] as const)('programs in %s precision', precision => {
  const cases: [declaration: string, args: string, expected: number][] = [
    ['float erff|erf|erfl(float)', '0.5', double.erf!(0.5)],
    ['float jnf|jn|jnl(int, float)', '2, 3', double.jn!(2, 3)],
    ['float ldexpf|ldexp|ldexpl(float, int)', '0.75, 3', 6],
    ['float scalbnf|scalbn|scalbnl(float, int)', '0.75, -1', 0.375],
    ['int ilogbf|ilogb|ilogbl(float)', '100', 6],
    ['int lroundf|lround|lroundl(float)', '-2.5', -3],
    ['int lrintf|lrint|lrintl(float)', '2.5', 2],
    ['float fmaf|fma|fmal(float, float, float)', '2, 3, 4', 10],
  ]

  test.each(cases)('%s', async (declaration, args, expected) => {
    const call = `ffunction(${declaration}, <math.h>, "")`
    const constant = `${args} : ${call}`
    // The same while running: a signal that the compiler cannot fold.
    const zero = 'hslider("zero", 0, -1, 1, 0.1)'
    const running = `${args
      .split(', ')
      .map(x => `${x} + ${zero}`)
      .join(', ')} : ${call}`
    const source = `process = (${constant}), (${running});`
    const recording = await recordOurs(source, AT_REST, { precision })
    if (!recording.ok) expect.fail(JSON.stringify(recording.diagnostics))
    const rounded = precision === 'double' ? expected : Math.fround(expected)
    for (const channel of recording.outputs)
      expect([...channel]).toEqual([rounded, rounded, rounded, rounded])
  })
})
