/**
 * Divides the frame loop into loops that run in turn over pieces of a block, most of them on several frames at once.
 *
 * Comes in: a module whose functions are not inlined yet, so that a call is one instruction. Goes out: the same, its
 * frame loop divided where an estimate says that it pays. The last frames of a block, fewer than fill a vector, run
 * in the old loop, and so does a block in which a delay is shorter than a piece. Each sample has the bits it had.
 */
import { FunctionBuilder } from './builder.ts'
import { costOfFrames } from './cost-frames.ts'
import { costsOfCalls } from './cost-loop.ts'
import { writeBlock } from './frame-block.ts'
import { type FrameGraph, frameGraph } from './frame-graph.ts'
import type { Machine } from './frame-lanes.ts'
import { type FramePlan, planFrames } from './frame-plan.ts'
import { planRooms } from './frame-rooms.ts'
import type { KernelFunction, KernelModule } from './kernel.ts'
import { type PairFunctions, pairFunctions } from './pair-function.ts'
import { computeInPairs, replaceLoop, workOf } from './pairs.ts'
import { pureFunctions } from './per-function.ts'
import { everyInstruction, freshId } from './regions.ts'
import { type Counter, findCounter, type Loop } from './unroll.ts'

export interface FrameOptions {
  /** Divides whatever it costs: for tests. */
  readonly always?: boolean
  /** What passes do after this one with loops, for the comparison. */
  readonly later?: (module: KernelModule) => KernelModule
}

/** Instructions of a loop beyond which it stays as it is. */
const MAX_BODY = 20_000
/** Part of the instructions that must be saved by lanes alone, for a closer look. */
const PROMISING = 0.08
/** How much faster the divided program must be by estimate, which is too careful with division more often than not. */
const BETTER = 0.985

/** How the frame loop of a program can be divided. */
export interface Division {
  readonly compute: KernelFunction
  readonly loop: Loop
  readonly counter: Counter
  readonly graph: FrameGraph
  readonly machine: Machine
  readonly pairs: PairFunctions
  readonly plan: FramePlan
}

/** Nothing if the loop does what is not understood. */
export function planDivision(module: KernelModule): Division | undefined {
  const compute = module.functions.find(f => f.name === 'compute')
  const loop = compute && frameLoop(compute)
  const counter = loop && findCounter(loop)
  if (!compute || !loop || !counter || loop.body.instructions.length > MAX_BODY) return undefined
  const graph = frameGraph(compute, loop, counter, pureFunctions(module.functions))
  if (graph?.counting.definitions.get(loop.initial[0]!)?.kind !== 'const') return undefined
  const pairs = pairFunctions(module.functions)
  const work = workOf(module.functions)
  const lanes = graph.counting.step === 4 ? 4 : 2
  const functions = new Map(module.functions.map(f => [f.name, f]))
  const machine: Machine = {
    ...{ lanes, pairFunction: pairs.find, workOf: name => work.get(name) ?? 1 },
    // What is made for lanes on the way is there when it is asked for.
    costOfCall: costsOfCalls(name => functions.get(name) ?? pairs.made.find(f => f.name === name)),
  }
  return { compute, loop, counter, graph, machine, pairs, plan: planFrames(graph, machine) }
}

export function divideFrames(module: KernelModule, options: FrameOptions = {}): KernelModule {
  const division = planDivision(module)
  if (!division) return module
  const { compute, loop, counter, graph, machine, pairs, plan } = division
  if (!options.always && !isPromising(plan)) return module
  const rooms = planRooms(graph, plan, module.memoryBytes)
  const b = new FunctionBuilder(freshId(compute))
  const instead = writeBlock({ graph, plan, machine, rooms, b, limit: counter.limit })
  const rewritten = replaceLoop(compute, loop.results, instead)
  const functions = module.functions.map(f => (f === compute ? rewritten : f))
  const at = functions.findIndex(f => f.exported)
  const divided = {
    ...module,
    functions: functions.toSpliced(at, 0, ...pairs.made),
    memoryBytes: rooms.end,
  }
  if (options.always) return divided
  const { later = computeInPairs } = options
  const cycles = (way: KernelModule) =>
    costOfFrames(later(way), graph.counting.step, plan.usual).cyclesPerFrame
  return cycles(module) >= BETTER * cycles(divided) ? divided : module
}

export function frameLoop(f: KernelFunction): Loop | undefined {
  for (const i of everyInstruction(f.body)) if (i.kind === 'loop') return i
  return undefined
}

/** Before loops are written: whether lanes save anything to speak of. */
const isPromising = ({ loops, before, after }: FramePlan): boolean =>
  loops.some(loop => loop.parallel) && before - after >= PROMISING * before
