import { describe, expect, test } from 'vitest'
import { FunctionBuilder } from '../../src/codegen/builder.ts'
import { inlineCalls } from '../../src/codegen/inline.ts'
import { interpretFunction } from '../../src/codegen/interpret.ts'
import type { KernelModule } from '../../src/codegen/kernel.ts'
import { requiredFunctions } from '../../src/codegen/math/index.ts'
import { printKernel } from '../../src/codegen/print.ts'
import { everyInstruction } from '../../src/codegen/regions.ts'
import { verifyKernel } from '../../src/codegen/verify.ts'
import { randomModule } from './random-kernel.ts'

const byName = (module: KernelModule) => new Map(module.functions.map(f => [f.name, f]))

function run(module: KernelModule, args: readonly (number | bigint)[]) {
  const memory = new ArrayBuffer(64)
  const result = interpretFunction(byName(module), 'main', args, memory)
  return { result, memory: new Uint8Array(memory) }
}

function callees(module: KernelModule, name: string): string[] {
  const found = [...everyInstruction(byName(module).get(name)!.body)]
  return found.flatMap(i => (i.kind === 'call' ? [i.function] : []))
}

describe('inlineCalls', () => {
  test('random modules verify and compute the same', () => {
    let inlined = 0
    for (let seed = 0; seed < 300; seed++) {
      const module = randomModule(seed)
      const after = inlineCalls(module, { calleeLimit: 40 })
      expect(verifyKernel(after), printKernel(after)).toEqual([])
      inlined += callees(module, 'main').length - callees(after, 'main').length
      for (const args of [
        [5, 3n, 1.5, -2.25],
        [-1, -(2n ** 62n), 1e30, 1e-300],
      ]) {
        expect(run(after, args)).toEqual(run(module, args))
      }
    }
    expect(inlined).toBeGreaterThan(100)
  })

  test('the quick path of sin moves into the caller, the slow one stays a call', () => {
    const b = new FunctionBuilder()
    const x = b.parameter('f64')
    const main = b.finish(
      'main',
      [x],
      b.op('f64.add', b.call('sin', 'f64', [x]), b.call('sin', 'f64', [x])),
      true,
    )
    const module = { functions: [...requiredFunctions(['sin'], 'double'), main], memoryBytes: 0, data: [] }
    const after = inlineCalls(module)
    expect(callees(after, 'main')).toEqual(['sin.slow.whole', 'sin.slow.whole'])
    expect(after.functions.map(f => f.name)).not.toContain('sin')
    for (const value of [0.3, -0, 1e300, Math.PI]) expect(run(after, [value])).toEqual(run(module, [value]))
  })

  test('callers do not grow beyond the limit', () => {
    const module = randomModule(4)
    const after = inlineCalls(module, { callerLimit: 1 })
    expect(callees(after, 'main')).toEqual(callees(module, 'main'))
  })
})
