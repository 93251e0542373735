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
import { runPasses } from './passes.ts'
import { toKernel } from './to-kernel.ts'

export interface GenerateOptions {
  readonly precision: Precision
  /** Runs binaryen's optimiser too. */
  readonly optimize?: boolean
  /** Sees the kernel as translated and after each pass, for `--verify` and tests. */
  readonly inspect?: (module: KernelModule, stage: string) => void
}

export interface Generated {
  readonly wasm: Uint8Array
  readonly layout: Layout
  readonly kernel: KernelModule
}

export async function generate(program: CoreProgram, options: GenerateOptions): Promise<Generated> {
  const { inspect = () => {} } = options
  const { module, layout } = toKernel(program, options.precision)
  inspect(module, 'translation')
  const kernel = runPasses(module, inspect)
  const { wasm } = await emitWasm(kernel, options.optimize ? { optimize: true } : {})
  // Passes may add data of their own at the end.
  return { wasm, layout: { ...layout, end: kernel.memoryBytes }, kernel }
}
