/**
 * Lets the stages of a cascade work side by side: filters in series run on frames one apart (a wavefront).
 *
 * Comes in: a module whose functions are not inlined yet. Goes out: the same, serial loops with chains of like
 * recursions rewritten where an estimate says that it pays: what one stage hands to the next is carried to the next
 * turn, so that the stages of a turn do not depend on each other, and `pairs` can compute them in lanes. Each sample
 * has the bits it had, and what is carried out of the loop is the same.
 */
import { frameGraph } from './frame-graph.ts'
import type { Instruction, KernelFunction, KernelModule } from './kernel.ts'
import { gainOfPairs, replaceLoop, workOf } from './pairs.ts'
import { inCompute, pureFunctions } from './per-function.ts'
import { everyInstruction, freshId } from './regions.ts'
import { skewCost } from './skew-cost.ts'
import { isUnderstood } from './skew-history.ts'
import { planSkew, withSlack } from './skew-plan.ts'
import { writeSkewed } from './skew-write.ts'
import { findCounter, type Loop } from './unroll.ts'

export interface SkewOptions {
  /** Skews whatever it costs: for tests. */
  readonly always?: boolean
  readonly stages?: number
  /** Turns from one stage to the next. */
  readonly slack?: number
}

/** Instructions of a loop beyond which it stays as it is. */
const MAX_BODY = 2000
/** A counter and one recursion are no cascade. */
const LEAST_CARRIED = 2

interface Skewing {
  readonly module: KernelModule
  readonly options: SkewOptions
  readonly pure: ReadonlySet<string>
  readonly workOfCall: (name: string) => number
}

export function skewCascades(module: KernelModule, options: SkewOptions = {}): KernelModule {
  const { functions } = module
  const sizes = workOf(functions)
  const workOfCall = (name: string) => sizes.get(name) ?? 1
  const skewing = { module, options, pure: pureFunctions(functions), workOfCall }
  return inCompute(module, f => skewFunction(skewing, f))
}

function skewFunction(skewing: Skewing, f: KernelFunction): KernelFunction {
  let current = f
  const pieces = new Set<Instruction>()
  for (const loop of everyInstruction(f.body)) {
    if (loop.kind !== 'loop' || loop.isBrief || loop.carried.length <= LEAST_CARRIED) continue
    const inner = [...everyInstruction(loop.body)]
    if (inner.some(i => i.kind === 'loop')) for (const i of inner) pieces.add(i)
    if (!isSerial(inner)) continue
    const skewed = skewLoop(skewing, current, loop, pieces.has(loop))
    if (skewed) current = replaceLoop(current, loop.results, skewed)
  }
  return current
}

const isSerial = (inner: readonly Instruction[]): boolean =>
  inner.length <= MAX_BODY &&
  inner.every(i => i.kind !== 'loop' && !(i.kind === 'op' && i.result.type === 'v128'))

function skewLoop(
  { module, pure, options, workOfCall }: Skewing,
  f: KernelFunction,
  loop: Loop,
  isPiece: boolean,
): readonly Instruction[] | undefined {
  const { constants, plain } = withoutConstants(loop)
  const counter = findCounter(plain)
  const graph = counter && frameGraph(f, plain, counter, pure)
  if (!counter || !graph || !isUnderstood(graph)) return undefined
  const lanes = graph.counting.step === 4 ? 4 : 2
  const best = planSkew(graph, lanes, options.stages)
    .map(plan => ({ plan, cost: skewCost(graph, plan, lanes, workOfCall, isPiece) }))
    .sort((a, b) => b.cost.promise - a.cost.promise)[0]
  if (!best || (!options.always && best.cost.promise <= 0)) return undefined
  const { cost } = best
  const plan = withSlack(best.plan, options.slack ?? cost.slack)
  const skewed = writeSkewed(graph, plan, counter.limit, freshId(f))
  const instead = [...constants, ...skewed.instructions]
  if (options.always) return instead
  // A module of its own: plans are remembered by module, and this one is only tried.
  const after = gainOfPairs({ ...module }, replaceLoop(f, loop.results, instead), skewed.steady)
  const isWorthIt = cost.isWorthIt(after, () => gainOfPairs(module, f, loop))
  return isWorthIt ? instead : undefined
}

/** Constants of the body stand before it. */
function withoutConstants(loop: Loop): { constants: readonly Instruction[]; plain: Loop } {
  const { instructions, yields } = loop.body
  const constants = instructions.filter(i => i.kind === 'const')
  if (constants.length === 0) return { constants, plain: loop }
  return {
    constants,
    plain: { ...loop, body: { instructions: instructions.filter(i => i.kind !== 'const'), yields } },
  }
}
