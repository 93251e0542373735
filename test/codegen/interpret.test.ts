import { describe, expect, test } from 'vitest'
import { FunctionBuilder } from '../../src/codegen/builder.ts'
import { interpretFunction, type Scalar } from '../../src/codegen/interpret.ts'
import type { KernelType } from '../../src/codegen/kernel.ts'
import { SCALAR_OPERATIONS, signatureOf } from '../../src/codegen/operations.ts'
import { instantiate } from './run.ts'

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
  3.7,
  1e-40,
  -1e-310,
  16777217,
  1e10,
  -3e9,
  2 ** 63,
  -(2 ** 63),
]
const EXTREME = [1e300, -1e300, 3.4e38, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN]
const INTS = [0, 1, -1, 2, -2, 5, 31, 32, 33, -64, 1000, 123456789, 2 ** 31 - 1, -(2 ** 31)]
const LONGS = [...INTS.map(BigInt), 63n, 64n, 2n ** 40n + 1n, -(2n ** 53n) - 1n, 2n ** 63n - 1n, -(2n ** 63n)]

const VALUES: Partial<Record<KernelType, readonly Scalar[]>> = {
  i32: INTS,
  i64: LONGS,
  f64: [...REALS, ...EXTREME],
  f32: [...REALS, ...EXTREME].map(Math.fround),
  v128: [],
}

/** JavaScript can neither pass vectors in nor get them out; they are no constants either. */
const SCALAR = SCALAR_OPERATIONS.filter(name => {
  const { operands, result } = signatureOf(name)!
  return [...operands, result].every(type => VALUES[type]?.length)
})

/** The result, or that it traps. */
function outcome(run: () => Scalar | undefined): Scalar | undefined | 'trap' {
  try {
    return run()
  } catch {
    return 'trap'
  }
}

describe('each instruction: interpreted = compiled, traps included', async () => {
  const functions = SCALAR.map(name => {
    const b = new FunctionBuilder()
    const parameters = signatureOf(name)!.operands.map(t => b.parameter(t))
    return b.finish(name, parameters, b.op(name, ...parameters), true)
  })
  const compiled = await instantiate({ functions, memoryBytes: 0, data: [] })
  const byName = new Map(functions.map(f => [f.name, f]))

  test.each(SCALAR)('%s', name => {
    const [first, second] = signatureOf(name)!.operands
    for (const x of VALUES[first!]!) {
      // The payload of a NaN is not determined.
      if (name.includes('reinterpret_f') && Number.isNaN(x)) continue
      for (const y of second ? VALUES[second]! : [0]) {
        const args = second ? [x, y] : [x]
        // Nor is the sign of one.
        if (name.endsWith('copysign') && Number.isNaN(y)) continue
        const expected = outcome(() => compiled[name]!(...args))
        expect(
          outcome(() => interpretFunction(byName, name, args)),
          `${name}(${args})`,
        ).toBe(expected)
      }
    }
  })
})

test('memory out of bounds is an error, not a wrong value', () => {
  const b = new FunctionBuilder()
  const address = b.parameter('i32')
  const f = b.finish('main', [address], b.load('f64', address, 4))
  const run = (at: number) => interpretFunction(new Map([['main', f]]), 'main', [at], new ArrayBuffer(16))
  expect(run(4)).toBe(0)
  expect(() => run(8)).toThrow()
  expect(() => run(-4)).toThrow()
})
