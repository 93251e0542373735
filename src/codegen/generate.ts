/**
 * The back end as one call: Core program to WebAssembly.
 *
 * Comes in: a program that `verifyCore` accepts. Goes out: the module's bytes, its layout, and the kernel it
 * was emitted from, for `--emit`. Language and builder API both end here.
 */
import type { CoreProgram } from '../core/ast.ts'
import { hasSlack, type Placement } from '../core/layout.ts'
import type { Layout, Precision } from '../core/program.ts'
import { type EncodeOptions, emitWasm, encodeWasm } from './emit.ts'
import type { KernelModule } from './kernel.ts'
import { requiredFunctions } from './math/index.ts'
import { passesLeftOut, runPasses } from './passes.ts'
import { everyInstruction } from './regions.ts'
import { toKernel } from './to-kernel.ts'

/** How fast the program is to become. */
export interface OptimizerOptions {
  /** Run binaryen's optimiser over the module. */
  readonly optimize?: boolean
  /**
   * Long sums may be reordered, and multiplications be fused with additions where the engine has relaxed vector
   * instructions: faster, but samples change within rounding, and may differ from machine to machine.
   */
  readonly fastMath?: boolean
  /** Passes of our own that do not run, by name (`PASS_NAMES` of codegen/passes); samples stay the same. */
  readonly disabledPasses?: readonly string[]
}

export interface GenerateOptions extends OptimizerOptions {
  readonly precision: Precision
  /** State lives where the host has put it. */
  readonly placement?: Placement
  /** Default `own`: the module makes its memory. */
  readonly memory?: EncodeOptions['memory']
  /** Sees the kernel as translated and after each pass, for `--verify` and tests. */
  readonly inspect?: (module: KernelModule, stage: string) => void
}

/** Those of a larger set. */
export const optimizerOptions = ({
  optimize,
  fastMath,
  disabledPasses,
}: OptimizerOptions): OptimizerOptions => ({
  ...(optimize === undefined ? {} : { optimize }),
  ...(fastMath === undefined ? {} : { fastMath }),
  ...(disabledPasses === undefined ? {} : { disabledPasses }),
})

export interface Generated {
  readonly wasm: Uint8Array
  readonly layout: Layout
  readonly kernel: KernelModule
}

export async function generate(program: CoreProgram, options: GenerateOptions): Promise<Generated> {
  const { kernel, layout } = optimizedKernel(program, options)
  const { memory = 'own', optimize = false } = options
  const { wasm } = await emitWasm(kernel, { memory, optimize })
  return { wasm, layout, kernel }
}

/** Without binaryen's optimiser there is nothing to wait for. */
export function generateNow(program: CoreProgram, options: Omit<GenerateOptions, 'optimize'>): Generated {
  const { kernel, layout } = optimizedKernel(program, options)
  return { wasm: encodeWasm(kernel, { memory: options.memory ?? 'own' }), layout, kernel }
}

/** Passes that rely on the slack of delay lines. */
const NEEDS_SLACK = ['fission']

function optimizedKernel(
  program: CoreProgram,
  { inspect = () => {}, precision, placement, fastMath = false, disabledPasses = [] }: GenerateOptions,
): Pick<Generated, 'kernel' | 'layout'> {
  const { module: open, layout } = toKernel(program, precision, placement)
  const module = addMathFunctions(open, precision)
  inspect(module, 'translation')
  const isRoomy = hasSlack(program, precision, placement)
  const disabled = new Set([...passesLeftOut(fastMath), ...(isRoomy ? [] : NEEDS_SLACK), ...disabledPasses])
  const kernel = runPasses(module, inspect, disabled)
  // Passes may add data of their own at the end.
  return { kernel, layout: { ...layout, end: kernel.memoryBytes } }
}

/** The functions of codegen/math that the module calls, in front of its own. */
export function addMathFunctions(module: KernelModule, precision: Precision): KernelModule {
  const own = new Set([...module.functions, ...(module.imports ?? [])].map(f => f.name))
  const called = new Set<string>()
  for (const { body } of module.functions) {
    for (const instruction of everyInstruction(body)) {
      if (instruction.kind === 'call' && !own.has(instruction.function)) called.add(instruction.function)
    }
  }
  return { ...module, functions: [...requiredFunctions(called, precision), ...module.functions] }
}
