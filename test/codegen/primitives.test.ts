/**
 * The table of primitives tests itself: for each pure entry, what is emitted, what is folded and what the
 * interval says must agree. A new primitive is covered without a new test.
 */
import { describe, expect, test } from 'vitest'
import { FunctionBuilder } from '../../src/codegen/builder.ts'
import { emitPrimitive, kernelType, primitiveCalls } from '../../src/codegen/emit-primitive.ts'
import { foldMath } from '../../src/codegen/fold.ts'
import { interpretFunction } from '../../src/codegen/interpret.ts'
import type { KernelFunction } from '../../src/codegen/kernel.ts'
import { mathFunctions, requiredFunctions } from '../../src/codegen/math/index.ts'
import { verifyKernel } from '../../src/codegen/verify.ts'
import { asInt, INT_RANGE, type Interval, intersect } from '../../src/core/interval.ts'
import {
  applyTypeRule,
  foldPrimitive,
  MATH_NAMES,
  type MathFunctions,
  type NumberType,
  PURE_NAMES,
  type PureName,
  purePrimitive,
} from '../../src/core/primitives.ts'
import type { Precision } from '../../src/core/program.ts'
import { ordinary, randomDouble } from './math-samples.ts'
import { type Random, randomSource } from './random-kernel.ts'
import { instantiate, same } from './run.ts'

/** Compilation folds in double; in single precision the program's functions are asked, for comparison. */
const math = { double: foldMath(), single: singleMath() }
const INTS = [0, 1, -1, 2, -2, 3, 5, -7, 31, 32, 33, 100, 46341, -46341, 2 ** 30, 2 ** 31 - 1, -(2 ** 31)]
const REALS = [
  0,
  -0,
  1,
  -1,
  0.5,
  -0.5,
  1.5,
  2.5,
  -2.5,
  3,
  0.1,
  1e-3,
  7.25,
  -7.25,
  100,
  1e10,
  -1e10,
  2 ** 31,
  -(2 ** 31) - 1,
  1e-320,
  1e300,
  -1e300,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
  Number.NaN,
]

function singleMath(): MathFunctions {
  const library = mathFunctions('single')
  const entries = MATH_NAMES.map(name => [
    name,
    (...x: number[]) => Number(interpretFunction(library, name, x)),
  ])
  return Object.fromEntries(entries) as MathFunctions
}

interface Case {
  readonly name: PureName
  readonly type: NumberType
  /** Operand types after conversion; `select2` has an int in front. */
  readonly operands: readonly NumberType[]
  readonly result: NumberType
}

const cases: Case[] = PURE_NAMES.flatMap(name => {
  const entry = purePrimitive(name)
  return (['int', 'real'] as const)
    .filter(type => entry.emit[type] !== undefined)
    .map(type => {
      const given = Array.from({ length: entry.inputs }, () => type)
      return { name, type, ...applyTypeRule(entry.type, given) }
    })
})

const label = ({ name, type }: Case) => `${name} on ${type}`

function functionOf(c: Case, precision: Precision): KernelFunction {
  const b = new FunctionBuilder()
  const parameters = c.operands.map(t => b.parameter(kernelType(t, precision)))
  return b.finish(label(c), parameters, emitPrimitive(b, c.name, c.type, precision, parameters), true)
}

async function compile(precision: Precision) {
  const calls = cases.flatMap(c => primitiveCalls(c.name, c.type))
  const functions = [...requiredFunctions(calls, precision), ...cases.map(c => functionOf(c, precision))]
  const module = { functions, memoryBytes: 0, data: [] }
  expect(verifyKernel(module)).toEqual([])
  return await instantiate(module)
}

function draw(random: Random, type: NumberType): number {
  if (type === 'int') return random(3) === 0 ? random(2 ** 32) | 0 : random(65) - 32
  return random(6) === 0 ? randomDouble(random) : ordinary(random, random(2) === 0 ? 3 : 35)
}

/** Every combination of edge values, then random ones. */
function* argumentLists(c: Case, random: Random, count: number): Generator<number[]> {
  const edges = c.operands.map(t => (t === 'int' ? INTS : REALS))
  let lists: number[][] = [[]]
  for (const values of edges) lists = lists.flatMap(list => values.map(v => [...list, v]))
  yield* lists
  for (let i = 0; i < count; i++) yield c.operands.map(t => draw(random, t))
}

/**
 * Operands beyond what `foldPrimitive` is told are of the one type that the entry was converted to. Functions of ints
 * compute in double.
 */
const fold = (c: Case, x: readonly number[], precision: Precision): number =>
  foldPrimitive(c.name, x, c.type, math[c.type === 'int' ? 'double' : precision])

describe.each(['double', 'single'] as const)('%s: compiled = folded', async precision => {
  const compiled = await compile(precision)
  const held = (x: number, type: NumberType) =>
    type === 'real' && precision === 'single' ? Math.fround(x) : x

  test.each(cases.map(c => [label(c), c] as const))('%s', (name, c) => {
    for (const list of argumentLists(c, randomSource(11), 1500)) {
      const x = list.map((v, i) => held(v, c.operands[i]!))
      const folded = held(fold(c, x, precision), c.result)
      same(compiled[name]!(...x), folded, () => `${name} (${x})`)
    }
  })
})

/** An interval around a value: a point, a neighbourhood, or everything on one side. */
function around(random: Random, value: number, type: NumberType): Interval {
  const size = Math.abs(ordinary(random, 6))
  const [below, above] = [random(3) * size, random(3) * size]
  const wide = {
    low: value - (random(8) === 0 ? Infinity : below),
    high: value + (random(8) === 0 ? Infinity : above),
  }
  if (type === 'real') return wide
  const whole = { low: Math.floor(wide.low), high: Math.ceil(wide.high) }
  return asInt(intersect(whole, INT_RANGE))
}

describe('folded values lie inside the interval', () => {
  test.each(cases.map(c => [label(c), c] as const))('%s', (name, c) => {
    const random = randomSource(12)
    const entry = purePrimitive(c.name)
    for (const x of argumentLists(c, random, 4000)) {
      if (x.some(v => Number.isNaN(v))) continue
      const ranges = x.map((v, i) => around(random, v, c.operands[i]!))
      if (ranges.some(r => Number.isNaN(r.low) || Number.isNaN(r.high))) continue
      const value = fold(c, x, 'double')
      if (Number.isNaN(value)) continue
      const { low, high } = entry.interval(ranges, c.type)
      if (low <= value && value <= high) continue
      const shown = ranges.map(r => `[${r.low}, ${r.high}]`).join(', ')
      expect.fail(`${name} (${x}) = ${value}; of ${shown} is [${low}, ${high}]`)
    }
  })

  test('bounds are numbers', () => {
    const random = randomSource(13)
    for (const c of cases) {
      for (let i = 0; i < 500; i++) {
        const ranges = c.operands.map(t => around(random, draw(random, t), t)).filter(r => r.low <= r.high)
        if (ranges.length < c.operands.length) continue
        const { low, high } = purePrimitive(c.name).interval(ranges, c.type)
        expect(low <= high, `${label(c)} of ${JSON.stringify(ranges)}: ${low} … ${high}`).toBe(true)
      }
    }
  })
})
