/**
 * The back end as one call: Core program to WebAssembly.
 *
 * Comes in: a program that `verifyCore` accepts. Goes out: the module's bytes, its layout, and the kernel it
 * was emitted from, for `--emit`. Language and builder API both end here.
 */
import type { CoreProgram } from '../core/ast.ts'
import { hasSlack, type Placement, type SavedValue } from '../core/layout.ts'
import type { Layout, Precision } from '../core/program.ts'
import { type EncodeOptions, emitWasm } from './emit.ts'
import type { KernelModule } from './kernel.ts'
import { requiredFunctions } from './math/index.ts'
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

/** The passes that drafts do without are loaded when they are needed: that takes as long as some drafts do. */
export const loadPasses = () => import('./passes.ts')
type Passes = Pick<Awaited<ReturnType<typeof loadPasses>>, 'runPasses' | 'passesLeftOut'>

export async function generate(program: CoreProgram, options: GenerateOptions): Promise<Generated> {
  const { kernel, layout } = optimizedKernel(program, options, await loadPasses())
  const { memory = 'own', optimize = false } = options
  const { wasm } = await emitWasm(kernel, { memory, optimize })
  return { wasm, layout, kernel }
}

export function optimizedKernel(
  program: CoreProgram,
  options: GenerateOptions,
  { runPasses, passesLeftOut }: Passes,
): Pick<Generated, 'kernel' | 'layout'> {
  const { module, layout, disabled } = translate(program, options)
  options.inspect?.(module, 'translation')
  const leftOut = new Set([...passesLeftOut(options.fastMath ?? false), ...disabled])
  const kernel = runPasses(module, options.inspect, leftOut)
  return { kernel, layout: grown(layout, kernel) }
}

/** Passes may add data of their own at the end. */
export function grown(layout: Layout, { memoryBytes, pool }: KernelModule): Layout {
  return { ...layout, end: memoryBytes, ...(pool && { literals: pool.start + 8 * pool.own }) }
}

/** Passes that rely on the slack of delay lines. */
const NEEDS_SLACK = ['fission']

interface Translated {
  readonly module: KernelModule
  readonly layout: Layout
  readonly saved: readonly SavedValue[]
  /** Passes that do not run, beside those for `fastMath`. */
  readonly disabled: ReadonlySet<string>
}

/** `isOpen`: the code is the same whatever the real literals of the program are. */
export function translate(
  program: CoreProgram,
  options: GenerateOptions & { readonly isOpen?: boolean },
): Translated {
  const { precision, placement, disabledPasses = [], isOpen } = options
  const { module, layout, saved } = toKernel(program, { precision, placement, ...(isOpen && { isOpen }) })
  const isRoomy = hasSlack(program, precision, placement)
  const disabled = new Set([...(isRoomy ? [] : NEEDS_SLACK), ...disabledPasses])
  return { module: addMathFunctions(module, precision), layout, saved, disabled }
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
