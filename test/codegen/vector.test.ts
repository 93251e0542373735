/** Each vector instruction: interpreted = compiled. Vectors come from memory and go there. */
import { expect, test } from 'vitest'
import { FunctionBuilder } from '../../src/codegen/builder.ts'
import { interpretFunction } from '../../src/codegen/interpret.ts'
import type { KernelFunction, Value } from '../../src/codegen/kernel.ts'
import { signatureOf, VECTOR_OPERATIONS } from '../../src/codegen/operations.ts'
import { verifyKernel } from '../../src/codegen/verify.ts'
import { instantiate } from './run.ts'

/** Relaxed ones may give one of two results, and older engines lack them: see fast-math.test.ts. */
const OPERATIONS = VECTOR_OPERATIONS.filter(name => !name.includes('relaxed'))

const BYTES = 256
const RESULT = 192

/** Operands from memory: vectors 16 bytes apart, scalars after them. */
function using(name: string): KernelFunction {
  const b = new FunctionBuilder()
  const zero = b.i32(0)
  const { operands, result } = signatureOf(name)!
  const args: Value[] = operands.map((type, i) => b.load(type, zero, type === 'v128' ? 16 * i : 96 + 8 * i))
  // A count of a shift within the lane, as everywhere else.
  if (/sh[lr]/.test(name)) args[1] = b.op('i32.and', args[1]!, b.i32(31))
  b.store(zero, RESULT, b.op(name, ...args))
  if (result !== 'v128') b.store(zero, RESULT + 8, zero)
  return b.finish(name, [], undefined, true)
}

const NUMBERS = [
  0,
  -0,
  1,
  -1.5,
  2.5,
  1e10,
  -3e9,
  0.3,
  1e-310,
  2 ** 31,
  Infinity,
  -Infinity,
  NaN,
  16777217,
  -7,
  100,
]
const INTS = [0, 1, -1, 5, 2 ** 31 - 1, -(2 ** 31), 77, -64, 1000, 3, 2, -2, 31, 32, 33, 123456789]

/** Fills memory from one of the lists, started somewhere else each round. */
function fill(memory: ArrayBuffer, round: number, name: string): void {
  const doubles = /f64x2/.test(name)
  const floats = /f32x4/.test(name)
  const view = doubles ? new Float64Array(memory) : floats ? new Float32Array(memory) : new Int32Array(memory)
  const values = doubles || floats ? NUMBERS : INTS
  for (const i of view.keys()) view[i] = values[(i * 5 + round) % values.length]!
  if (/convert|extend/.test(name)) for (const [i, x] of INTS.entries()) new Int32Array(memory)[i] = x + round
  // A lane to splat or replace must not be a NaN: its bits are not determined.
  if (doubles) new Float64Array(memory).fill(round + 0.25, 12, 16)
  if (floats) new Float32Array(memory).fill(round + 0.25, 24, 32)
}

/** Bytes of the result; NaNs are one, whatever their bits. */
function resultOf(memory: ArrayBuffer, name: string): unknown {
  const isComparison = /\.(eq|ne|lt|le|gt|ge)$|all_true|trunc_sat/.test(name)
  if (!isComparison && /^f64|promote/.test(name)) return [...new Float64Array(memory, RESULT, 2)]
  if (!isComparison && /^f32|demote/.test(name)) return [...new Float32Array(memory, RESULT, 4)]
  return [...new Int32Array(memory, RESULT, 4)]
}

test('every vector instruction is interpreted as compiled', async () => {
  const functions = OPERATIONS.map(using)
  const module = { functions, memoryBytes: BYTES, data: [] }
  expect(verifyKernel(module)).toEqual([])
  const compiled = await instantiate(module)
  const byName = new Map(functions.map(f => [f.name, f]))
  for (const name of OPERATIONS) {
    for (let round = 0; round < 16; round++) {
      const mine = new ArrayBuffer(BYTES)
      fill(mine, round, name)
      const theirs = compiled.memory.buffer
      new Uint8Array(theirs).set(new Uint8Array(mine))
      interpretFunction(byName, name, [], mine)
      compiled[name]!()
      expect(resultOf(mine, name), `${name}, round ${round}`).toEqual(resultOf(theirs.slice(0, BYTES), name))
    }
  }
})
