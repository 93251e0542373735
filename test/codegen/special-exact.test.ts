import { describe, expect, test } from 'vitest'
import { compileLibrary } from './compiled-math.ts'
import { ordinary, randomDouble, SPECIAL } from './math-samples.ts'
import { decompose, shift } from './precise.ts'
import { randomSource } from './random-kernel.ts'
import { same } from './run.ts'

type Whole = ReturnType<typeof decompose>

const double = await compileLibrary('double')
const random = randomSource(21)
const anywhere = () => (random(4) ? ordinary(random, [3, 30, 1000][random(3)]!) : randomDouble(random))

/** mantissa·2^exponent of any size to the nearest double, ties to even. */
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
