/**
 * Functions with a definition of their own in single precision, against the double ones, which are right to an ulp of
 * theirs: at every exponent, at random, at edges, and where ranges meet.
 */
import { describe, expect, test } from 'vitest'
import { mathFunctions } from '../../src/codegen/math/index.ts'
import { pairFunctions } from '../../src/codegen/pair-function.ts'
import { compileLibrary } from './compiled-math.ts'
import { ordinary, SPECIAL } from './math-samples.ts'
import { type Random, randomSource } from './random-kernel.ts'
import { same } from './run.ts'

const single = await compileLibrary('single')
const double = await compileLibrary('double')

/** Of all 32 bits, so that four values fill a vector. */
const IN_FOUR = ['sin', 'cos', 'tan', 'exp', 'log', 'log10', 'tanh', 'atan', 'round']
const UNARY = [
  ...IN_FOUR,
  ...['asin', 'acos', 'sinh', 'cosh', 'exp2', 'exp10', 'log2'],
  ...['expm1', 'log1p', 'asinh', 'acosh', 'atanh', 'cbrt'],
]

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

type Draw = (random: Random, i: number) => readonly [number, number]

function* pairs(draw: Draw): Generator<readonly [number, number]> {
  for (const x of SPECIAL) for (const y of SPECIAL) yield [Math.fround(x), Math.fround(y)]
  const random = randomSource(10)
  for (let i = 0; i < 100_000; i++) {
    const [x, y] = i % 4 === 0 ? [fromBits(random(2 ** 32)), fromBits(random(2 ** 32))] : draw(random, i)
    yield [Math.fround(x), Math.fround(y)]
  }
}

const anything: Draw = (random, i) => [ordinary(random, (i % 8) + 1), ordinary(random, (i % 30) + 1)]

/** Powers of ordinary size and near both ends, the base near 1 or not. */
function powers(random: Random, i: number): readonly [number, number] {
  const base = i % 4 === 1 ? Math.fround(1 + ordinary(random, 20) / 2 ** 21) : Math.abs(ordinary(random, 9))
  return [base, ((random(2 ** 30) / 2 ** 29 - 1) * (i % 4 === 3 ? 104 : 5)) / Math.log(base)]
}

/** x at and beside whole and half multiples of y. */
function multiples(random: Random, i: number): readonly [number, number] {
  const y = Math.fround(ordinary(random, 8))
  const nearest = toBits(y * random(2 ** (i % 31)) + (i % 3 === 0 ? y / 2 : 0))
  return [fromBits(nearest + random(5) - 2), y]
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
    for (const [x, y] of pairs(powers)) compare(single.pow!(x, y), double.pow!(x, y), () => `pow(${x}, ${y})`)
  })

  test.each(['atan2', 'hypot'])('%s', name => {
    const [one, two] = [single[name]!, double[name]!]
    for (const [x, y] of pairs(anything)) compare(one(x, y), two(x, y), () => `${name}(${x}, ${y})`)
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

test.each(['fmod', 'remainder'])('%s is exact', name => {
  const [one, two] = [single[name]!, double[name]!]
  for (const [x, y] of pairs(multiples)) same(one(x, y), Math.fround(two(x, y)), () => `${name}(${x}, ${y})`)
})

test('round is exact', () => {
  for (const x of samples()) same(single.round!(x), double.round!(x), () => `round(${x})`)
})

test.each(['sin', 'cos', 'tanh'])('%s stays within ±1', name => {
  for (const x of samples()) {
    const y = single[name]!(x)
    if (Math.abs(y) > 1) expect.fail(`${name}(${x}) = ${y}`)
  }
})

test('pow and the function that takes over in lanes give the same bits', () => {
  const [one, whole] = [single.pow!, single['pow.slow.whole']!]
  for (const [x, y] of pairs(powers)) same(whole(x, y), one(x, y), () => `pow(${x}, ${y})`)
})

test.each(['exp', 'log', 'log10', 'log2', 'exp2', 'atan', 'tanh', 'sinh', 'asin'])(
  '%s rises across its seams',
  name => {
    for (const seam of SEAMS.filter(x => x >= 0)) {
      let before = Number.NEGATIVE_INFINITY
      for (let i = seam === 0 ? 0 : -300; i <= 300; i++) {
        const x = fromBits(toBits(seam) + i)
        const y = single[name]!(x)
        expect(y < before, `${name}(${x}) = ${y} after ${before}`).toBe(false)
        before = Number.isNaN(y) ? before : y
      }
    }
  },
)

test.each(['exp', 'log', 'log10', 'tan'])(
  '%s and the function that takes over in lanes give the same bits',
  name => {
    const whole = single[`${name}.slow.whole`]!
    for (const x of samples()) same(whole(x), single[name]!(x), () => `${name}(${x})`)
  },
)

test('functions of 32 bits have a form of four lanes', () => {
  const wide = pairFunctions([...mathFunctions('single').values()])
  expect(IN_FOUR.filter(name => !wide.find(name, 4))).toEqual([])
})
