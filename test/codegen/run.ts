/** Helpers of the code generation tests: run an emitted module, compare numbers as WebAssembly defines them. */

import { expect } from 'vitest'
import { emitWasm } from '../../src/codegen/emit.ts'
import type { KernelModule } from '../../src/codegen/kernel.ts'

export type Exports = { memory: WebAssembly.Memory } & Record<
  string,
  ((...args: (number | bigint)[]) => number | bigint) & WebAssembly.Memory
>

export async function instantiate(module: KernelModule, optimize = false): Promise<Exports> {
  const { wasm } = await emitWasm(module, { validate: true, optimize })
  const { instance } = await WebAssembly.instantiate(wasm as BufferSource)
  return instance.exports as Exports
}

/** NaN equals NaN, 0 does not equal -0. Writes the message only when it is needed: loops compare by the 10,000. */
export function same(actual: unknown, expected: unknown, message: () => string): void {
  if (!Object.is(actual, expected)) expect(actual, message()).toBe(expected)
}
