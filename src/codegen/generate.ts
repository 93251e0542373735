/**
 * The back end as one call: Core program to WebAssembly.
 *
 * Comes in: a program that `verifyCore` accepts. Goes out: the module's bytes, its layout, and the kernel it
 * was emitted from, for `--emit`. Language and builder API both end here.
 */
import type { CoreProgram } from '../core/ast.ts'
import type { Layout, Precision } from '../core/program.ts'
import { emitWasm } from './emit.ts'
import type { KernelModule } from './kernel.ts'
import { toKernel } from './to-kernel.ts'

export interface GenerateOptions {
  readonly precision: Precision
  /** Runs binaryen's optimiser too. */
  readonly optimize?: boolean
}

export interface Generated {
  readonly wasm: Uint8Array
  readonly layout: Layout
  readonly kernel: KernelModule
}

export async function generate(program: CoreProgram, options: GenerateOptions): Promise<Generated> {
  const { module: kernel, layout } = toKernel(program, options.precision)
  const { wasm } = await emitWasm(kernel, options.optimize ? { optimize: true } : {})
  return { wasm, layout, kernel }
}
