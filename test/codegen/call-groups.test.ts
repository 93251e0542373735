/** Calls that are brought together and inlined side by side give the bits they gave apart. */

import { describe, expect, it } from 'vitest'
import { FunctionBuilder } from '../../src/codegen/builder.ts'
import { groupCalls } from '../../src/codegen/call-groups.ts'
import { inlineCalls } from '../../src/codegen/inline.ts'
import { interpretFunction } from '../../src/codegen/interpret.ts'
import type { KernelModule, Value } from '../../src/codegen/kernel.ts'
import { requiredFunctions } from '../../src/codegen/math/index.ts'
import { pairFunctions } from '../../src/codegen/pair-function.ts'
import { constantPair } from '../../src/codegen/pair-op.ts'
import { everyInstruction } from '../../src/codegen/regions.ts'
import { verifyKernel } from '../../src/codegen/verify.ts'
import fc from '../support/property.ts'

const NAMES = ['sin', 'cos', 'exp', 'log', 'tanh', 'atan', 'tan'] as const
const BYTES = 256

interface Step {
  readonly name: (typeof NAMES)[number]
  /** Which of the values so far it is computed of. */
  readonly from: number
  /** Where the result goes, and whether what lies there is computed with. */
  readonly place: number
  readonly reads: boolean
}

const step: fc.Arbitrary<Step> = fc.record({
  name: fc.constantFrom(...NAMES),
  from: fc.nat(20),
  place: fc.nat(BYTES / 16 - 1),
  reads: fc.boolean(),
})
/** Numbers of all sizes, so that some lanes are rare. */
const number = fc.oneof(
  fc.double({ min: -3, max: 3, noNaN: true }),
  fc.constantFrom(0, -0, 1e-310, 1e30, -1e30, Number.NaN, Number.POSITIVE_INFINITY),
)

/** Calls on constants and on one another, in lanes, with loads and stores between them. */
function moduleOf(steps: readonly Step[], numbers: readonly number[]): KernelModule {
  const functions = requiredFunctions(NAMES, 'double')
  const wide = pairFunctions(functions)
  const b = new FunctionBuilder()
  const values: Value[] = []
  for (let i = 0; i + 1 < numbers.length; i += 2)
    values.push(constantPair(b, 'f64', numbers[i]!, numbers[i + 1]!).vector)
  const zero = b.i32(0)
  for (const { name, from, place, reads } of steps) {
    const x = values[from % values.length]!
    const arg = reads ? b.op('f64x2.add', x, b.load('v128', zero, 16 * place)) : x
    const result = b.call(wide.find(name)!, 'v128', [arg])
    b.store(zero, 16 * place, result)
    values.push(result)
  }
  const main = b.finish('compute', [], undefined, true)
  return { functions: [...functions, ...wide.made, main], memoryBytes: BYTES, data: [] }
}

function run(module: KernelModule): Uint8Array {
  const memory = new ArrayBuffer(BYTES)
  interpretFunction(new Map(module.functions.map(f => [f.name, f])), 'compute', [], memory)
  return new Uint8Array(memory)
}

const compute = ({ functions }: KernelModule) => functions.find(f => f.name === 'compute')!
const callsOf = (module: KernelModule) =>
  compute(module).body.instructions.flatMap(i => (i.kind === 'call' ? [i.function] : []))

describe('calls side by side', () => {
  it('compute what they did, in any order, with any arguments', () => {
    const cases = fc.tuple(
      fc.array(step, { minLength: 2, maxLength: 12 }),
      fc.array(number, { minLength: 4, maxLength: 8 }),
    )
    fc.assert(
      fc.property(cases, ([steps, numbers]) => {
        const module = moduleOf(steps, numbers)
        const grouped = groupCalls(module)
        expect(verifyKernel(grouped)).toEqual([])
        expect([...callsOf(grouped)].sort()).toEqual([...callsOf(module)].sort())
        const inlined = inlineCalls(grouped)
        expect(verifyKernel(inlined)).toEqual([])
        const expected = run(module)
        expect(run(grouped)).toEqual(expected)
        expect(run(inlined)).toEqual(expected)
      }),
      { numRuns: 150 },
    )
  })

  it('prefer the same function, and ask once whether a lane is rare', () => {
    const names = ['sin', 'log', 'sin', 'log'] as const
    const steps = names.map((name, i) => ({ name, from: i, place: i, reads: false }))
    const module = moduleOf(steps, [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8])
    const grouped = groupCalls(module)
    expect(callsOf(grouped)).toEqual(['sin.pair', 'sin.pair', 'log.pair', 'log.pair'])
    const all = everyInstruction(compute(inlineCalls(grouped)).body)
    expect(all.filter(i => i.kind === 'if')).toHaveLength(2)
  })

  it('leave a call where it waits for the other', () => {
    const steps = [0, 2, 3].map((from, place) => ({ name: 'sin' as const, from, place, reads: false }))
    const module = moduleOf(steps, [0.1, 0.2, 0.3, 0.4])
    const all = everyInstruction(compute(inlineCalls(groupCalls(module))).body)
    expect(all.filter(i => i.kind === 'if')).toHaveLength(3)
  })
})
