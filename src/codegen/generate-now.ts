/**
 * The back end for those who cannot wait: the JIT of the builder API.
 *
 * Comes in: a program that `verifyCore` accepts. Goes out: as `generate`, without binaryen's optimiser. Apart from that
 * because it loads all passes beforehand.
 */
import type { CoreProgram } from '../core/ast.ts'
import { encodeWasm } from './emit.ts'
import { type Generated, type GenerateOptions, optimizedKernel } from './generate.ts'
import * as passes from './passes.ts'

export function generateNow(program: CoreProgram, options: Omit<GenerateOptions, 'optimize'>): Generated {
  const { kernel, layout } = optimizedKernel(program, options, passes)
  return { wasm: encodeWasm(kernel, { memory: options.memory ?? 'own' }), layout, kernel }
}
