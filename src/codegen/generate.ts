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
import { requiredFunctions } from './math/index.ts'
import { runPasses } from './passes.ts'
import { everyInstruction } from './regions.ts'
import { toKernel } from './to-kernel.ts'

export interface GenerateOptions {
  readonly precision: Precision
  /** Runs binaryen's optimiser too. */
  readonly optimize?: boolean
  /** Names of passes that do not run. */
  readonly disabledPasses?: ReadonlySet<string>
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
  const { module: open, layout } = toKernel(program, options.precision)
  const module = addMathFunctions(open, options.precision)
  inspect(module, 'translation')
  const kernel = runPasses(module, inspect, options.disabledPasses)
  const { wasm } = await emitWasm(kernel, options.optimize ? { optimize: true } : {})
  // Passes may add data of their own at the end.
  return { wasm, layout: { ...layout, end: kernel.memoryBytes }, kernel }
}

/** The functions of codegen/math that the module calls, in front of its own. */
export function addMathFunctions(module: KernelModule, precision: Precision): KernelModule {
  const own = new Set(module.functions.map(f => f.name))
  const called = new Set<string>()
  for (const { body } of module.functions) {
    for (const instruction of everyInstruction(body)) {
      if (instruction.kind === 'call' && !own.has(instruction.function)) called.add(instruction.function)
    }
  }
  return { ...module, functions: [...requiredFunctions(called, precision), ...module.functions] }
}
