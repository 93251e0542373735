/** Scalars rounded in lanes have the bits of those rounded alone. */
import { expect, test } from 'vitest'
import { FunctionBuilder } from '../../src/codegen/builder.ts'
import type { KernelModule } from '../../src/codegen/kernel.ts'
import { everyInstruction } from '../../src/codegen/regions.ts'
import { roundInLanes } from '../../src/codegen/roundings.ts'
import { verifyKernel } from '../../src/codegen/verify.ts'
import { instantiate } from './run.ts'

const NAMES = ['floor', 'ceil', 'trunc', 'nearest', 'sqrt']
const VALUES = [
  0,
  -0,
  0.5,
  -0.5,
  1.5,
  2.5,
  -2.5,
  1e-310,
  8388607.5,
  4503599627370495.5,
  1e30,
  -3,
  Infinity,
  -Infinity,
  NaN,
]

/** `compute(x)` with one instruction. */
function moduleOf(type: 'f32' | 'f64', name: string): KernelModule {
  const b = new FunctionBuilder()
  const x = b.parameter(type)
  return { functions: [b.finish('compute', [x], b.op(`${type}.${name}`, x), true)], memoryBytes: 0, data: [] }
}

test.each(['f32', 'f64'] as const)('%s', async type => {
  for (const name of NAMES) {
    const module = moduleOf(type, name)
    const inLanes = roundInLanes(module, 1)
    expect(verifyKernel(inLanes)).toEqual([])
    expect([...everyInstruction(inLanes.functions[0]!.body)]).toHaveLength(3)
    const [one, other] = [await instantiate(module), await instantiate(inLanes)]
    for (const x of VALUES) expect(other.compute!(x), `${name} ${x}`).toBe(one.compute!(x))
  }
})
