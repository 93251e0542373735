/** Comparisons that become reals in lanes have the bits of those that go by way of integers. */
import { expect, test } from 'vitest'
import { FunctionBuilder } from '../../src/codegen/builder.ts'
import type { KernelModule, Value } from '../../src/codegen/kernel.ts'
import { everyInstruction } from '../../src/codegen/regions.ts'
import { truthsInLanes } from '../../src/codegen/truths.ts'
import { verifyKernel } from '../../src/codegen/verify.ts'
import { instantiate } from './run.ts'

const COMPARISONS = ['eq', 'ne', 'lt', 'gt', 'le', 'ge']
const VALUES = [0, -0, 1, -1, 0.5, 1e-310, 1e30, Infinity, -Infinity, NaN]

/** `compute(x, y)`: the comparison as a real, next to what else is made of it. */
function moduleOf(type: 'f32' | 'f64', name: string, constant?: number): KernelModule {
  const b = new FunctionBuilder()
  const [x, y] = [b.parameter(type), b.parameter(type)]
  const other: Value = constant === undefined ? y : b.constant(type, constant)
  const truth = b.op(`${type}.${name}`, x, other)
  const real = b.op(`${type}.convert_i32_s`, truth)
  const result = b.op(`${type}.add`, b.op(`${type}.div`, x, real), b.select(truth, x, real))
  return { functions: [b.finish('compute', [x, y], result, true)], memoryBytes: 0, data: [] }
}

test.each(['f32', 'f64'] as const)('%s', async type => {
  for (const name of COMPARISONS) {
    for (const constant of [undefined, 0, 0.5]) {
      const module = moduleOf(type, name, constant)
      const inLanes = truthsInLanes(module)
      expect(verifyKernel(inLanes)).toEqual([])
      const ops = [...everyInstruction(inLanes.functions[0]!.body)].map(i =>
        i.kind === 'op' ? i.op : i.kind,
      )
      expect(ops).not.toContain(`${type}.convert_i32_s`)
      const [one, other] = [await instantiate(module), await instantiate(inLanes)]
      for (const x of VALUES) {
        for (const y of constant === undefined ? VALUES : [0]) {
          expect(other.compute!(x, y), `${x} ${name} ${y}`).toBe(one.compute!(x, y))
        }
      }
    }
  }
})

test('integers that are no comparisons of the same reals stay', () => {
  const b = new FunctionBuilder()
  const [x, n] = [b.parameter('f64'), b.parameter('i32')]
  const parts = [
    b.op('f64.convert_i32_s', n),
    b.op('f64.convert_i32_s', b.op('i32.gt_s', n, b.i32(0))),
    b.op('f64.convert_i32_s', b.op('f32.lt', b.op('f32.demote_f64', x), b.constant('f32', 0))),
  ]
  const sum = parts.reduce((left, right) => b.op('f64.add', left, right))
  const module = { functions: [b.finish('compute', [x, n], sum, true)], memoryBytes: 0, data: [] }
  expect(truthsInLanes(module)).toEqual(module)
})
