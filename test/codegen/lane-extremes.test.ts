/** Short forms of minima, maxima, choices and conversions of lanes have the bits of the scalar instructions. */
import { expect, test } from 'vitest'
import { FunctionBuilder } from '../../src/codegen/builder.ts'
import type { KernelFunction, Value } from '../../src/codegen/kernel.ts'
import {
  asNumber,
  constantPair,
  gatherLanes,
  laneOf,
  type Pair,
  pairOperation,
} from '../../src/codegen/pair-op.ts'
import { instantiate } from './run.ts'

const VALUES = [0, -0, 1, -1, 1.5, -2.25, 1e-310, 1e-40, 3e9, Infinity, -Infinity, NaN]
const CONSTANTS = [0, -0, 1.5, -2, Infinity, NaN]
const COMPARISONS = ['lt', 'le', 'gt', 'ge', 'eq', 'ne']
type Float = 'f32' | 'f64'

/** Computes with scalars, or with the same in all lanes, from two numbers. */
interface Way {
  readonly op: (name: string, ...args: Value[]) => Value
  readonly constant: (x: number) => Value
}
type Program = (way: Way, x: Value, y: Value) => Value

/** The same program with scalars and with lanes. */
function bothWays(name: string, type: Float, program: Program): KernelFunction[] {
  const b = new FunctionBuilder()
  const scalars = [b.parameter(type), b.parameter(type)] as const
  const result = program(
    { op: (op, ...args) => b.op(op, ...args), constant: x => b.constant(type, x) },
    ...scalars,
  )
  const c = new FunctionBuilder()
  const parameters = [c.parameter(type), c.parameter(type)] as const
  const pairs = new Map<Value, Pair>()
  const constants = new Map<Pair, number>()
  const keep = (pair: Pair): Value => {
    // A value of its own stands for each pair, as vectors may be shared.
    const stands: Value = { id: -1, type: pair.vector.type }
    pairs.set(stands, pair)
    return stands
  }
  const lanes = program(
    {
      op: (op, ...args) =>
        keep(
          pairOperation(
            c,
            op,
            args.map(a => pairs.get(a)!),
            pair => constants.get(pair),
          )!,
        ),
      constant: x => {
        const pair = constantPair(c, type, x)
        constants.set(pair, x)
        return keep(pair)
      },
    },
    keep(gatherLanes(c, [parameters[0], parameters[1]])),
    keep(gatherLanes(c, [parameters[1], parameters[0]])),
  )
  const low = laneOf(c, asNumber(c, pairs.get(lanes)!), 0)
  return [b.finish(`${name} scalar`, scalars, result, true), c.finish(`${name} lanes`, parameters, low, true)]
}

function programs(type: Float): Map<string, Program> {
  const made = new Map<string, Program>()
  for (const name of ['min', 'max']) {
    made.set(`${name}(x, y)`, (w, x, y) => w.op(`${type}.${name}`, x, y))
    for (const k of CONSTANTS) {
      const text = Object.is(k, -0) ? '-0' : String(k)
      made.set(`${name}(x, ${text})`, (w, x) => w.op(`${type}.${name}`, x, w.constant(k)))
      made.set(`${name}(${text}, x)`, (w, x) => w.op(`${type}.${name}`, w.constant(k), x))
    }
  }
  for (const name of COMPARISONS) {
    made.set(`x ${name} y ? x : y`, (w, x, y) => w.op('select', x, y, w.op(`${type}.${name}`, x, y)))
    made.set(`y ${name} x ? x : y`, (w, x, y) => w.op('select', x, y, w.op(`${type}.${name}`, y, x)))
    made.set(`x ${name} y ? 0 : x`, (w, x, y) =>
      w.op('select', w.constant(0), x, w.op(`${type}.${name}`, x, y)),
    )
    made.set(`x ${name} y ? x : 0`, (w, x, y) =>
      w.op('select', x, w.constant(0), w.op(`${type}.${name}`, x, y)),
    )
    made.set(`x ${name} y ? x : -0`, (w, x, y) =>
      w.op('select', x, w.constant(-0), w.op(`${type}.${name}`, x, y)),
    )
    made.set(`x ${name} y ? 2 : 3`, (w, x, y) =>
      w.op('select', w.constant(2), w.constant(3), w.op(`${type}.${name}`, x, y)),
    )
    made.set(`number of x ${name} y`, (w, x, y) =>
      w.op(`${type}.convert_i32_s`, w.op(`${type}.${name}`, x, y)),
    )
  }
  for (const name of ['abs', 'neg']) made.set(`${name} x`, (w, x) => w.op(`${type}.${name}`, x))
  return made
}

test.each(['f32', 'f64'] as const)('%s', async type => {
  const all = programs(type)
  const functions = [...all].flatMap(([name, program]) => bothWays(name, type, program))
  const compiled = await instantiate({ functions, memoryBytes: 0, data: [] })
  const wrong: string[] = []
  for (const name of all.keys()) {
    for (const x of VALUES) {
      for (const y of VALUES) {
        const [scalar, lanes] = [compiled[`${name} scalar`]!(x, y), compiled[`${name} lanes`]!(x, y)]
        if (!Object.is(scalar, lanes)) wrong.push(`${name} of ${x}, ${y}: ${lanes}, not ${scalar}`)
      }
    }
  }
  expect(wrong).toEqual([])
})
