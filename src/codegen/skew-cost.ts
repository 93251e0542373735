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
import { everyInstruction } from './regions.ts'
import type { SkewPlan } from './skew-plan.ts'
import type { Loop } from './unroll.ts'

/** Frames that a loop usually runs through, over which what the first and last turns cost is spread. */
const BLOCK = 128
const PIECE = 48
/** Instructions that a carried value costs, and a stage in each of the first and last turns. */
const CARRIED = 0.4
const STAGE = 3
/** Cycles, and the part of all cycles, that must be saved. */
const MIN_SAVED = 1.5
const MIN_PART = 0.07
const LEAST_SLACK = 2
const MOST_SLACK = 3
/** Instructions that run in a cycle. */
const PER_CYCLE = 2
/** Instructions that may wait for others while later ones run. */
const WAITING = 100
/** How much shorter waiting must be than working for it not to be felt. */
const ROOM = 1.5
/** Cycles to hand a value to the next lane. */
const CROSSING = 6

type WorkOfCall = (name: string) => number

export function workOfLoop({ body }: Loop, workOfCall: WorkOfCall): number {
  let work = 0
  for (const i of everyInstruction(body)) work += workOf(i, workOfCall)
  return work
}

const workOf = (i: Instruction, workOfCall: WorkOfCall): number =>
  i.kind === 'call' ? workOfCall(i.function) : 1

/** Turns from one stage to the next. */
export function chooseSlack(
  graph: FrameGraph,
  plan: SkewPlan,
  lanes: number,
  workOfCall: WorkOfCall,
): number {
  let work = 0
  for (const i of graph.nodes) if (i) work += workOf(i, workOfCall)
  let alike = 0
  const inLanes = new Set([...plan.twins.keys(), ...plan.twins.values()].sort((a, b) => a - b))
  for (const node of inLanes) alike += workOf(graph.nodes[node]!, workOfCall)
  const cycles = (work - alike * (1 - 1 / lanes)) / PER_CYCLE
  const waiting = latencyOfStage(graph, plan, inLanes, workOfCall) + CROSSING
  return Math.max(LEAST_SLACK, Math.min(MOST_SLACK, Math.ceil((ROOM * waiting) / cycles)))
}

const LATENCIES: readonly (readonly [RegExp, number])[] = [
  [/\.div$/, 11],
  [/\.sqrt$/, 15],
  [/^f.*\.(min|max|floor|ceil|trunc|nearest)$|convert|trunc_sat/, 6],
  [/^f|^select$/, 3],
]

function latencyOf(instruction: Instruction, workOfCall: WorkOfCall): number {
  if (instruction.kind === 'call') return 0.8 * workOfCall(instruction.function)
  if (instruction.kind === 'load') return 5
  if (instruction.kind !== 'op') return 1
  return LATENCIES.find(([pattern]) => pattern.test(instruction.op))?.[1] ?? 1
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
export function pathOf(
  { nodes, edges }: FrameGraph,
  workOfCall: WorkOfCall,
  isWithin: (from: number, to: number) => boolean = () => true,
): number {
  const into: number[][] = nodes.map(() => [])
  for (const { from, to, delay } of edges) {
    if (delay === 0 && from < to && isWithin(from, to)) into[to]!.push(from)
  }
  const end = new Float64Array(nodes.length)
  let longest = 0
  for (const [node, instruction] of nodes.entries()) {
    let start = 0
    for (const from of into[node]!) start = Math.max(start, end[from]!)
    end[node] = start + (instruction ? latencyOf(instruction, workOfCall) : 0)
    longest = Math.max(longest, end[node]!)
  }
  return longest
}

export interface Estimate {
  /** Instructions of a frame. */
  readonly work: number
  /** What pairs save of them. */
  readonly gain: number
  /** Cycles from the first to the last. */
  readonly path: number
}

/** A frame follows the other as soon as there is room for its instructions to wait. */
const cyclesOf = ({ work, gain, path }: Estimate): number =>
  Math.max((work - gain) / PER_CYCLE, path * Math.min(1, (work - gain) / WAITING))

/** `carried` values more, and `last` stage, of the loop in stages; `isPiece`: it runs through pieces of a block. */
export function isWorthIt(
  before: Estimate,
  after: Estimate & { readonly carried: number; readonly last: number; readonly isPiece: boolean },
): boolean {
  const { last, carried, isPiece } = after
  const frames = isPiece ? PIECE : BLOCK
  const ends = (last * (before.work + 2 * STAGE)) / PER_CYCLE / frames
  const old = cyclesOf(before)
  const saved = old - cyclesOf({ ...after, work: after.work + CARRIED * carried }) - ends
  return saved > MIN_SAVED + MIN_PART * old
}
