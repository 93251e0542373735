/**
 * Divides the frame loop into loops that run in turn over pieces of a block, most of them on several frames at once.
 *
 * Comes in: a module whose functions are not inlined yet, so that a call is one instruction. Goes out: the same, its
 * frame loop divided where an estimate says that it pays. The last frames of a block, fewer than fill a vector, run
 * in the old loop, and so does a block in which a delay is shorter than a piece. Each sample has the bits it had.
 */
import { FunctionBuilder } from './builder.ts'
import { type FrameGraph, frameGraph } from './frame-graph.ts'
import type { Machine } from './frame-lanes.ts'
import { type FramePlan, planFrames } from './frame-plan.ts'
import { planRooms, type Rooms } from './frame-rooms.ts'
import { writeSerialLoop } from './frame-serial.ts'
import { writeVectorLoop } from './frame-vector.ts'
import type { Instruction, KernelFunction, KernelModule, Value } from './kernel.ts'
import { pairFunctions } from './pair-function.ts'
import { gainOfPairs, replaceLoop, workOf } from './pairs.ts'
import { pureFunctions } from './per-function.ts'
import { definitions, everyInstruction, freshId } from './regions.ts'
import { findCounter, type Loop } from './unroll.ts'

export interface FrameOptions {
  /** Divides whatever it costs: for tests. */
  readonly always?: boolean
}

/** Instructions of a loop beyond which it stays as it is. */
const MAX_BODY = 20_000
/** Part of the work that must be saved. */
const MIN_PART = 0.21
/** How much more must be saved than by pairs in one loop, which keeps everything in registers. */
const BETTER_THAN_PAIRS = 1.45
/** Instructions that a further loop costs, in each frame. */
const LOOP = 2
/** What each carried value costs in a loop that has nothing else to do while it waits. */
const CARRIED = 1

export function divideFrames(module: KernelModule, options: FrameOptions = {}): KernelModule {
  const compute = module.functions.find(f => f.name === 'compute')
  const loop = compute && frameLoop(compute)
  const counter = loop && findCounter(loop)
  if (!compute || !loop || !counter || loop.body.instructions.length > MAX_BODY) return module
  const graph = frameGraph(compute, loop, counter, pureFunctions(module.functions))
  if (graph?.counting.definitions.get(loop.initial[0]!)?.kind !== 'const') return module
  const pairs = pairFunctions(module.functions)
  const work = workOf(module.functions)
  const lanes = graph.counting.step === 4 ? 4 : 2
  const machine: Machine = { lanes, pairFunction: pairs.find, workOf: name => work.get(name) ?? 1 }
  const plan = planFrames(graph, machine)
  if (!options.always && !isPromising(graph, plan, () => gainOfPairs(module, compute, loop))) return module
  const rooms = planRooms(graph, plan, module.memoryBytes)
  const instead = writeLoops(
    { graph, plan, machine, rooms, b: new FunctionBuilder(freshId(compute)) },
    counter.limit,
  )
  const rewritten = replaceLoop(compute, loop.results, instead)
  const functions = module.functions.map(f => (f === compute ? rewritten : f))
  const at = functions.findIndex(f => f.exported)
  const divided = {
    ...module,
    functions: functions.toSpliced(at, 0, ...pairs.made),
    memoryBytes: rooms.end,
  }
  if (options.always) return divided
  const saved = savedBy(graph, plan) + gainInside(divided, rewritten)
  return isBetter(saved, plan, gainOfPairs(module, compute, loop)) ? divided : module
}

function frameLoop(f: KernelFunction): Loop | undefined {
  for (const i of everyInstruction(f.body)) if (i.kind === 'loop') return i
  return undefined
}

/** Instructions of a frame that are saved, what a loop and what it carries costs deducted. */
function savedBy(graph: FrameGraph, { before, after, loops }: FramePlan): number {
  const serial = loops.filter(loop => !loop.parallel).flatMap(loop => loop.nodes)
  const carried = serial.reduce((sum, node) => sum + (graph.pasts.get(node)?.length ?? 0), 0)
  return before - after - LOOP * loops.length - CARRIED * carried
}

/** Pairs come later and work on the serial loops as well; what they save there counts for the division. */
function gainInside(divided: KernelModule, compute: KernelFunction): number {
  // A module of its own: plans are remembered by module, and these must not be carried out one after another.
  const trial = { ...divided }
  let gain = 0
  for (const i of everyInstruction(compute.body)) {
    if (i.kind !== 'loop' || i.isBrief || !isSerial(i)) continue
    gain += gainOfPairs(trial, compute, i)
  }
  return gain
}

/** An innermost loop that works on one frame. */
const isSerial = ({ body }: Loop) =>
  [...everyInstruction(body)].every(
    i => i.kind !== 'loop' && definitions(i).every(value => value.type !== 'v128'),
  )

/** Before loops are written: assumes that pairs save as much in them as in the undivided loop. */
function isPromising(graph: FrameGraph, plan: FramePlan, gainOfPairs: () => number): boolean {
  const saved = savedBy(graph, plan)
  if (saved <= 0 || !plan.loops.some(loop => loop.parallel)) return false
  const pairs = gainOfPairs()
  return isBetter(saved + pairs, plan, pairs)
}

function isBetter(saved: number, { before }: FramePlan, pairs: number): boolean {
  return saved >= MIN_PART * before && saved >= BETTER_THAN_PAIRS * pairs
}

interface Writing {
  readonly graph: FrameGraph
  readonly plan: FramePlan
  readonly machine: Machine
  readonly rooms: Rooms
  readonly b: FunctionBuilder
}

function writeLoops(writing: Writing, limit: Value): Instruction[] {
  const { b, graph, machine } = writing
  const { loop, counting } = graph
  b.open()
  const vector = counting.step * machine.lanes
  const main = b.op('i32.and', limit, b.i32(-vector))
  const middle = b.if(
    mayRun(writing, main),
    () => writeChunks(writing, main),
    () => loop.initial,
  )
  const results = loop.results.map(r => b.parameter(r.type))
  const old: Loop = { ...loop, initial: middle, results, isBrief: true }
  b.push({
    kind: 'if',
    results: loop.results,
    condition: b.op('i32.lt_u', middle[0]!, limit),
    thenRegion: { instructions: [old], yields: results },
    elseRegion: { instructions: [], yields: middle },
  })
  return b.close()
}

/** There are enough frames, and delays are long enough. */
function mayRun({ b, plan }: Writing, main: Value): Value {
  let condition = b.op('i32.ne', main, b.i32(0))
  for (const { factors, constant } of plan.assumed) {
    let distance = b.i32(constant)
    for (const [value, factor] of factors) {
      distance = b.op('i32.add', distance, factor === 1 ? value : b.op('i32.mul', value, b.i32(factor)))
    }
    condition = b.op('i32.and', condition, b.op('i32.ge_s', distance, b.i32(plan.chunk)))
  }
  return condition
}

function writeChunks(writing: Writing, main: Value): Value[] {
  const { b, graph, plan } = writing
  const { loop, counting } = graph
  const most = b.i32(plan.chunk * counting.step)
  const zero = b.i32(0)
  return b.loop(loop.initial, ([start, ...carried]) => {
    const rest = b.op('i32.sub', main, start!)
    const bytes = b.select(b.op('i32.lt_u', rest, most), rest, most)
    const state = [start!, ...carried]
    const next: Value[] = []
    for (const own of plan.loops) {
      const writer = { ...writing, start: start!, bytes, zero, state, next }
      if (own.parallel) writeVectorLoop(writer, own)
      else writeSerialLoop(writer, own)
    }
    const following = b.op('i32.add', start!, bytes)
    const nexts = carried.map((_, i) => next[i + 1]!)
    return { next: [following, ...nexts], condition: b.op('i32.lt_u', following, main) }
  })
}
