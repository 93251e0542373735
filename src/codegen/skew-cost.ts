/**
 * Whether it pays to let the stages of a cascade work on different frames, and how far apart.
 *
 * Comes in: a loop and its stages. Goes out: estimates. A module of its own, as it is all a matter of machines and
 * cannot make a program wrong; measured on the programs of bench/ and on cascades of filters.
 *
 * In lanes each turn waits for what the turn before hands from lane to lane: a cascade of n filters in m lanes could
 * take a turn only every n/m filters' latency. With more turns from one stage to the next, several are under way.
 */
import type { FrameGraph } from './frame-graph.ts'
import type { Instruction } from './kernel.ts'
import { everyInstruction, regions } from './regions.ts'
import { historiesOf } from './skew-history.ts'
import { type SkewPlan, withSlack } from './skew-plan.ts'

/** Frames that a loop usually runs through, over which what the first and last turns cost is spread. */
const BLOCK = 128
const SHORT_BLOCK = 64
const PIECE = 48
/** Instructions that a carried value costs; of more than so many, in memory. */
const CARRIED = 0.4
const SPILLED = 1
const SPILLING = 24
/** Vectors that a processor keeps. */
const REGISTERS = 16
/** Instructions that a stage costs in each of the first and last turns. */
const STAGE = 3
/** Cycles, and the part of all cycles, that must be saved. */
const MIN_SAVED = 1.5
const MIN_PART = 0.07
/** The same where chains side by side fill the lanes: only waiting is saved. */
const MIN_PART_FULL = 0.1
/** How much rather lanes are filled once. */
const FILLS = 1.1
const LEAST_SLACK = 2
const MOST_SLACK = 3
/** Instructions that run in a cycle. */
const PER_CYCLE = 2
/** Instructions that are under way at once. */
const WAITING = 400
/** How much longer instructions on vectors take, with what brings values together. */
const VECTORS = 1.6
/** How much shorter waiting must be than working for it not to be felt. */
const ROOM = 1.5
/** Cycles to hand a value to the next lane. */
const CROSSING = 6
/** How much is saved of what could be. */
const USUAL = 0.7
/** More of what lanes can save is hardly saved where there is a cascade: it need not be found out. */
const MOST_BEFORE = 0.8

type WorkOfCall = (name: string) => number

const workOf = (i: Instruction, workOfCall: WorkOfCall): number =>
  i.kind === 'call' ? workOfCall(i.function) : 1

function workOfNodes(graph: FrameGraph, nodes: Iterable<number>, workOfCall: WorkOfCall): number {
  let work = 0
  for (const node of nodes) {
    const instruction = graph.nodes[node]
    if (!instruction) continue
    work += workOf(instruction, workOfCall)
    for (const region of regions(instruction))
      for (const i of everyInstruction(region)) work += workOf(i, workOfCall)
  }
  return work
}

export interface SkewCost {
  /** Turns from one stage to the next. */
  readonly slack: number
  /** Cycles that it would save if all went well, less what must be saved: asked before anything is written. */
  readonly promise: number
  /** What pairs save in the loop in stages, and in the loop as it was. */
  readonly isWorthIt: (gain: number, gainBefore: () => number) => boolean
}

/** `isPiece`: the loop runs through pieces of a block. */
export function skewCost(
  graph: FrameGraph,
  plan: SkewPlan,
  lanes: number,
  workOfCall: WorkOfCall,
  isPiece: boolean,
): SkewCost {
  const inLanes = new Set([...plan.twins.keys(), ...plan.twins.values()].sort((a, b) => a - b))
  const work = workOfNodes(graph, graph.nodes.keys(), workOfCall)
  const alike = workOfNodes(graph, inLanes, workOfCall)
  const saving = (filled: number) => alike * (1 - 1 / Math.min(lanes, filled))
  const most = saving(plan.count * plan.width)
  const waiting = latencyOfStage(graph, plan, inLanes, workOfCall) + CROSSING
  const slack = chooseSlack(
    (VECTORS * (work - most)) / PER_CYCLE,
    ROOM * waiting,
    (plan.last * work) / PER_CYCLE,
  )
  const saved = savedBy(graph, plan, slack, work, workOfCall, isPiece)
  const part = plan.width < lanes ? MIN_PART : MIN_PART_FULL
  // Where lanes are full only waiting is saved: little if several frames are under way, or slices see to it.
  const isIdle = plan.width >= lanes && (work < WAITING || graph.loop.carried.length > lanes * REGISTERS)
  const promise = saved(USUAL * saving(plan.width), most, part / 2) * (plan.fills ? FILLS : 1)
  return {
    slack,
    promise: isIdle ? 0 : promise,
    isWorthIt: (gain, gainBefore) =>
      saved(MOST_BEFORE * (1 - 1 / lanes) * work, gain, part) > 0 || saved(gainBefore(), gain, part) > 0,
  }
}

/** Turns between stages: more are less waiting, and more first and last turns, of which each adds `end` cycles. */
function chooseSlack(working: number, waiting: number, end: number): number {
  const cost = (slack: number) => Math.max(working, waiting / slack) + (slack * end) / SHORT_BLOCK
  let best = LEAST_SLACK
  for (let slack = best + 1; slack <= MOST_SLACK; slack++) if (cost(slack) < cost(best)) best = slack
  return best
}

/** Cycles saved, less those that must be, given what pairs save in the loop as it was and in stages. */
function savedBy(
  graph: FrameGraph,
  plan: SkewPlan,
  slack: number,
  work: number,
  workOfCall: WorkOfCall,
  isPiece: boolean,
): (before: number, gain: number, leastPart: number) => number {
  const pathBefore = pathOf(graph, workOfCall, () => true)
  const path = pathOf(graph, workOfCall, (from, to) => plan.stageOf[from] === plan.stageOf[to])
  const ends = (plan.last * slack * (work + 2 * STAGE)) / PER_CYCLE / (isPiece ? PIECE : BLOCK)
  const more = carriedMore(graph, withSlack(plan, slack))
  const carried = CARRIED * more + (SPILLED - CARRIED) * Math.max(0, more - SPILLING)
  // What is waited for is felt the more, the fewer frames are under way at once.
  const felt = Math.min(1, work / WAITING)
  return (before, gain, leastPart) => {
    const old = (work - before) / PER_CYCLE + felt * pathBefore
    const saved = old - (work - gain + carried) / PER_CYCLE - felt * path - ends
    return saved - MIN_SAVED - leastPart * old
  }
}

/** Values that are carried in addition. */
function carriedMore(graph: FrameGraph, plan: SkewPlan): number {
  let more = 0
  for (const { depth, own } of historiesOf(graph, plan)) more += depth - own.length
  return more
}

const LATENCIES: readonly (readonly [RegExp, number])[] = [
  [/\.div$/, 11],
  [/\.sqrt$/, 15],
  [/^f.*\.(min|max|floor|ceil|trunc|nearest)$|convert|trunc_sat/, 6],
  [/^f|^select$/, 3],
]

const known = new Map<string, number>()

function latencyOf(instruction: Instruction, workOfCall: WorkOfCall): number {
  if (instruction.kind === 'call') return 0.8 * workOfCall(instruction.function)
  if (instruction.kind === 'load') return 5
  if (instruction.kind !== 'op') return 1
  let found = known.get(instruction.op)
  if (found === undefined) {
    found = LATENCIES.find(([pattern]) => pattern.test(instruction.op))?.[1] ?? 1
    known.set(instruction.op, found)
  }
  return found
}

/** Cycles until a stage hands something on; lanes wait for each other, so that the longest of them counts. */
function latencyOfStage(
  { nodes, edges }: FrameGraph,
  { stageOf }: SkewPlan,
  inLanes: ReadonlySet<number>,
  workOfCall: WorkOfCall,
): number {
  const into: number[][] = nodes.map(() => [])
  const isLast = new Uint8Array(nodes.length)
  for (const { from, to, delay } of edges) {
    if (stageOf[from] !== stageOf[to]) isLast[from] = 1
    else if (delay === 0 && from < to && inLanes.has(from)) into[to]!.push(from)
  }
  const end = new Float64Array(nodes.length)
  let longest = 0
  for (const node of inLanes) {
    let start = 0
    for (const from of into[node]!) start = Math.max(start, end[from]!)
    end[node] = start + latencyOf(nodes[node]!, workOfCall)
    if (isLast[node]) longest = Math.max(longest, end[node]!)
  }
  return longest
}

/** Cycles that a frame, or a turn of all stages, takes from its first instruction to its last. */
function pathOf(
  { nodes, edges }: FrameGraph,
  workOfCall: WorkOfCall,
  isWithin: (from: number, to: number) => boolean,
): number {
  const into: number[][] = nodes.map(() => [])
  for (const { from, to, delay } of edges) {
    if (delay === 0 && from < to && isWithin(from, to)) into[to]!.push(from)
  }
  const end = new Float64Array(nodes.length)
  let longest = 0
  for (let node = 0; node < nodes.length; node++) {
    const instruction = nodes[node]
    let start = 0
    for (const from of into[node]!) start = Math.max(start, end[from]!)
    end[node] = start + (instruction ? latencyOf(instruction, workOfCall) : 0)
    longest = Math.max(longest, end[node]!)
  }
  return longest
}
