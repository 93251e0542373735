/**
 * What a program costs, by definition, and what runs in lanes and what does not, and why.
 *
 * Comes in: a Core program, and what the user calls the places where its variables are computed. Goes out: a report of
 * plain data. Beside the passes, not in them: it runs them, looks at what they decided, and asks the model by which
 * they decided. Times are estimates, for a processor of 4 GHz; they say where time goes, not how much there is of it.
 */
import type { CoreProgram } from '../core/ast.ts'
import type { Precision } from '../core/program.ts'
import { costOfFrames } from './cost-frames.ts'
import { type DefinitionCost, definitionCosts } from './explain-definitions.ts'
import { type Division, planDivision } from './frames.ts'
import { addMathFunctions } from './generate.ts'
import type { KernelModule, Value } from './kernel.ts'
import { PASSES, passesLeftOut, runPasses } from './passes.ts'
import { toKernel } from './to-kernel.ts'

export interface CostOptions {
  readonly precision: Precision
  readonly disabledPasses?: readonly string[]
  readonly fastMath?: boolean
}

export interface LoopCostReport {
  /** Frames that it computes in a turn: 1, or several at once. */
  readonly frames: number
  readonly instructions: number
  /** Of these, how many are vector instructions. */
  readonly vectorInstructions: number
  readonly nanoseconds: number
  /** What its time is spent on: instructions, or waiting for what it computed in the frame before. */
  readonly limit: 'instructions' | 'feedback'
  readonly definitions: readonly string[]
}

export interface CostReport {
  readonly precision: Precision
  /** Of a frame, estimated. */
  readonly nanoseconds: number
  /** Frames that fit in a vector. */
  readonly lanes: number
  /** Whether the frame loop was divided into loops that take turns; if not, why. */
  readonly divided: boolean
  readonly undivided?: 'disabled' | 'notUnderstood' | 'notFaster'
  readonly loops: readonly LoopCostReport[]
  readonly definitions: readonly DefinitionCost[]
}

const CYCLES_A_NANOSECOND = 4
/** The first and the last of the passes that decide in how many lanes what is computed. */
const DECIDING = ['fission', 'pairs'] as const

export function explainCost(
  program: CoreProgram,
  labels: ReadonlyMap<string, string>,
  options: CostOptions,
): CostReport {
  const { precision } = options
  const labelOf = new Map<Value, string>()
  const { module } = toKernel(program, {
    precision,
    watch: (name, value) => {
      const label = labels.get(name)
      if (label !== undefined && !labelOf.has(value)) labelOf.set(value, label)
    },
  })
  const stages = runDeciding(addMathFunctions(module, precision), options)
  const division = planDivision(stages.before)
  const divided = stages.divided !== stages.before
  const step = precision === 'single' ? 4 : 8
  const costs = costOfFrames(stages.after, step, division?.plan.usual)
  const nanoseconds = costs.cyclesPerFrame / CYCLES_A_NANOSECOND
  const own = definitionCosts(stages.before, division, divided, nanoseconds, labelOf)
  const loops = costs.loops.map((cost, i): LoopCostReport => {
    const { instructions } = cost.loop.body
    const cycles = cost.cycles / cost.frames
    return {
      frames: cost.frames,
      instructions: instructions.length,
      vectorInstructions: instructions.filter(x => x.kind === 'op' && /^(v128|.*x\d)\./.test(x.op)).length,
      nanoseconds: cycles / CYCLES_A_NANOSECOND,
      limit: cost.recurrence() > 0.8 * cost.cycles ? 'feedback' : 'instructions',
      definitions: divided && costs.loops.length === division?.plan.loops.length ? own.ofLoop(i) : own.all,
    }
  })
  const undivided = divided ? {} : { undivided: reasonUndivided(division, options) }
  const lanes = 16 / step
  return { ...{ precision, nanoseconds, lanes, divided }, ...undivided, loops, definitions: own.definitions }
}

function reasonUndivided(
  division: Division | undefined,
  { disabledPasses }: CostOptions,
): NonNullable<CostReport['undivided']> {
  if (disabledPasses?.includes('fission')) return 'disabled'
  return division ? 'notFaster' : 'notUnderstood'
}

interface Stages {
  readonly before: KernelModule
  /** After the pass that divides. */
  readonly divided: KernelModule
  /** After the last that decides. */
  readonly after: KernelModule
}

function runDeciding(module: KernelModule, { disabledPasses = [], fastMath = false }: CostOptions): Stages {
  let [before, divided, after] = [module, module, module]
  const disabled = new Set([...passesLeftOut(fastMath), ...disabledPasses])
  const order = PASSES.map(pass => pass.name)
  const inspect = (current: KernelModule, pass: string) => {
    const place = order.indexOf(pass)
    if (place < order.indexOf(DECIDING[0])) before = current
    if (place <= order.indexOf(DECIDING[0])) divided = current
    if (place <= order.indexOf(DECIDING[1])) after = current
  }
  runPasses(module, inspect, disabled)
  return { before, divided, after }
}
