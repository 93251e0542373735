/**
 * The back end as one call: Core program to WebAssembly.
 *
 * Comes in: a program that `verifyCore` accepts. Goes out: the module's bytes, its layout, and the kernel it
 * was emitted from, for `--emit`. Language and builder API both end here.
 */
import type { CoreProgram } from '../core/ast.ts'
import { hasSlack, type Placement } from '../core/layout.ts'
import type { Layout, Precision } from '../core/program.ts'
import { applyPasses, applyPassesInTurns, DRAFT_ENDING, DRAFT_PASSES, type Turn } from './draft-passes.ts'
import { type EncodeOptions, emitWasm, encodeWasm } from './emit.ts'
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
const loadPasses = () => import('./passes.ts')
type Passes = Pick<Awaited<ReturnType<typeof loadPasses>>, 'runPasses' | 'passesLeftOut'>

export async function generate(program: CoreProgram, options: GenerateOptions): Promise<Generated> {
  const { kernel, layout } = optimizedKernel(program, options, await loadPasses())
  const { memory = 'own', optimize = false } = options
  const { wasm } = await emitWasm(kernel, { memory, optimize })
  return { wasm, layout, kernel }
}

/** Samples and state are those of the finished code. */
export interface DraftCode extends Generated {
  /** Goes on where the draft ends; `turn` is taken now and then. */
  finish(turn: Turn): Promise<Generated>
}

/** Code that is there soon, and what makes it fast. */
export function generateDraft(program: CoreProgram, options: Omit<GenerateOptions, 'fastMath'>): DraftCode {
  const { memory = 'own', optimize = false } = options
  const { module, layout, disabled } = translate(program, options)
  const kernel = applyPasses(module, DRAFT_PASSES, disabled)
  const finish = async (turn: Turn) => {
    const { FINISHING_PASSES, passesLeftOut } = await loadPasses()
    const leftOut = new Set([...passesLeftOut(false), ...disabled])
    const finished = await applyPassesInTurns(kernel, FINISHING_PASSES, leftOut, turn)
    const { wasm } = await emitWasm(finished, { memory, optimize })
    return { wasm, layout: grown(layout, finished), kernel: finished }
  }
  const draft = applyPasses(kernel, DRAFT_ENDING, disabled)
  return { wasm: encodeWasm(draft, { memory }), layout: grown(layout, draft), kernel: draft, finish }
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
function grown(layout: Layout, { memoryBytes, literals }: KernelModule): Layout {
  return { ...layout, end: memoryBytes, ...(literals !== undefined && { literals }) }
}

/** Passes that rely on the slack of delay lines. */
const NEEDS_SLACK = ['fission']

interface Translated {
  readonly module: KernelModule
  readonly layout: Layout
  /** Passes that do not run, beside those for `fastMath`. */
  readonly disabled: ReadonlySet<string>
}

function translate(
  program: CoreProgram,
  { precision, placement, disabledPasses = [] }: GenerateOptions,
): Translated {
  const { module, layout } = toKernel(program, precision, placement)
  const isRoomy = hasSlack(program, precision, placement)
  const disabled = new Set([...(isRoomy ? [] : NEEDS_SLACK), ...disabledPasses])
  return { module: addMathFunctions(module, precision), layout, disabled }
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
