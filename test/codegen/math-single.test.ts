/**
 * Functions with a definition of their own in single precision, against the double ones, which are right to an ulp of
 * theirs: at every exponent, at random, at edges, and where ranges meet.
 */
import { describe, expect, test } from 'vitest'
import { mathFunctions } from '../../src/codegen/math/index.ts'
import { pairFunctions } from '../../src/codegen/pair-function.ts'
import { compileLibrary } from './compiled-math.ts'
import { ordinary, SPECIAL } from './math-samples.ts'
import { randomSource } from './random-kernel.ts'
import { same } from './run.ts'

const single = await compileLibrary('single')
const double = await compileLibrary('double')

/** Of all 32 bits, so that four values fill a vector. */
const IN_FOUR = ['sin', 'cos', 'tan', 'exp', 'log', 'log10', 'tanh', 'atan']
const UNARY = [...IN_FOUR]

/** From each of these to each side, singles in a row. */
const SEAMS = [
  0,
  0.65,
  1,
  1.5,
  2,
  3200,
  87,
  88.72,
  -87.33,
  -103.9,
  Math.SQRT1_2,
  Math.SQRT2,
  2 ** -126,
  Math.PI,
]

const words = new DataView(new ArrayBuffer(4))

function fromBits(pattern: number): number {
  words.setUint32(0, pattern >>> 0)
  return words.getFloat32(0)
}

function toBits(x: number): number {
  words.setFloat32(0, x)
  return words.getUint32(0)
}

function* samples(): Generator<number> {
  for (const x of SPECIAL) yield Math.fround(x)
  for (const seam of SEAMS) for (let i = -300; i <= 300; i++) yield fromBits(toBits(seam) + i)
  // Some of each exponent and sign.
  for (let pattern = 0; pattern < 2 ** 32; pattern += 25_471) yield fromBits(pattern)
  const random = randomSource(9)
  for (let i = 0; i < 20_000; i++) yield Math.fround(ordinary(random, [2, 5, 9, 14][i % 4]!))
}

/** The distance of two neighbours around x. */
function ulp(x: number): number {
  const size = Math.abs(x)
  return size < 2 ** -126 ? 2 ** -149 : 2 ** (Math.floor(Math.log2(size)) - 23)
}

/** NaN, infinite and zero results must be what the double function gives; others may lie an ulp away. */
function compare(actual: number, exact: number, message: () => string): void {
  const rounded = Math.fround(exact)
  if (!Number.isFinite(rounded) || rounded === 0) same(actual, rounded, message)
  else if (!(Math.abs(actual - exact) <= ulp(exact)))
    expect.fail(`${message()} = ${actual}, but exactly ${exact}`)
}

describe('at most an ulp away', () => {
  test.each(UNARY)('%s', name => {
    for (const x of samples()) compare(single[name]!(x), double[name]!(x), () => `${name}(${x})`)
  })

  test('pow', () => {
    const random = randomSource(10)
    const draw = (i: number): [number, number] => {
      const [x, y] = [fromBits(random(2 ** 32)), fromBits(random(2 ** 32))]
      if (i % 4 === 0) return [x, y]
      // Results of ordinary size, the base near 1 or not.
      const base =
        i % 4 === 1 ? Math.fround(1 + ordinary(random, 20) / 2 ** 21) : Math.abs(ordinary(random, 9))
      const result = ((random(2 ** 30) / 2 ** 29 - 1) * (i % 4 === 3 ? 104 : 5)) / Math.log(base)
      return [Math.fround(base), Math.fround(result)]
    }
    const edges = SPECIAL.flatMap(x => SPECIAL.map(y => [Math.fround(x), Math.fround(y)] as const))
    for (let i = 0; i < 100_000 + edges.length; i++) {
      const [x, y] = edges[i] ?? draw(i)
      compare(single.pow!(x, y), double.pow!(x, y), () => `pow(${x}, ${y})`)
    }
  })

  test.each(['sin', 'cos', 'tan'])('%s near the multiples of π/2', name => {
    for (let k = 1; k < 2100; k++) {
      const nearest = toBits((k * Math.PI) / 2)
      for (const pattern of [nearest - 1, nearest, nearest + 1]) {
        const x = fromBits(pattern)
        compare(single[name]!(x), double[name]!(x), () => `${name}(${x})`)
      }
    }
  })
})

test.each(['sin', 'cos', 'tanh'])('%s stays within ±1', name => {
  for (const x of samples()) expect(Math.abs(single[name]!(x)) > 1).toBe(false)
})

test('functions of 32 bits have a form of four lanes', () => {
  const wide = pairFunctions([...mathFunctions('single').values()])
  expect(IN_FOUR.filter(name => !wide.find(name, 4))).toEqual([])
})
