/**
 * Divides the work of a frame into loops of their own.
 *
 * Comes in: the dependencies in a frame loop. Goes out: a sequence of loops, some that work on several frames at once
 * and some that go from frame to frame; their order keeps all dependencies if each runs through a short piece of the
 * block before the next starts. A stage of its own: it decides, others write.
 *
 * What depends on its own past goes frame by frame. The rest is divided so that the work, and what has to be handed
 * from loop to loop through memory, is least (a minimum cut), then put into as few loops as possible.
 */
import type { Edge, FixedDelay, FrameGraph } from './frame-graph.ts'
import { canRunInLanes, laneCost, type Machine, serialCost } from './frame-lanes.ts'
import { constantOf } from './memory-order.ts'
import { type Edge as CutEdge, minimumCut } from './minimum-cut.ts'
import { components } from './strongly-connected.ts'

export interface FrameLoop {
  readonly parallel: boolean
  /** Nodes in an order in which they can be computed. */
  readonly nodes: readonly number[]
}

export interface FramePlan {
  readonly loops: readonly FrameLoop[]
  /** Frames that all loops work on in turn, at most. */
  readonly chunk: number
  /** Delays that a piece must not be longer than. */
  readonly assumed: readonly FixedDelay[]
  /** Frames of a piece, for estimates. */
  readonly usual: number
  /** Estimates of instructions a frame: as it was, and divided. */
  readonly before: number
  readonly after: number
}

/** Frames that fit in the fastest cache with what is handed on. */
const CHUNK = 64
/** Pieces are whole vectors, and two vectors a turn. */
export const PIECE_STEP = 8
export const LEAST_CHUNK = 16
const USUAL_ASSUMED = 32

export interface Units {
  readonly members: readonly (readonly number[])[]
  readonly unitOf: Int32Array
}

export function planFrames(graph: FrameGraph, machine: Machine): FramePlan {
  const { chunk, assumed, edges, units } = cutLongDelays(graph)
  const usual = assumed.length > 0 ? Math.min(chunk, USUAL_ASSUMED) : chunk
  const possible = units.members.map((nodes, unit) =>
    canBeParallel(graph, machine, edges, units, nodes, unit),
  )
  const isParallel = choose(graph, machine, edges, units, possible)
  const loops = arrange(graph, machine, edges, units, isParallel)
  return { loops, chunk, assumed, usual, ...estimate(graph, machine, edges, units, isParallel) }
}

interface Cut {
  readonly chunk: number
  readonly assumed: FixedDelay[]
  readonly edges: readonly Edge[]
  readonly units: Units
}

/** Without what a delay line brings from before the chunk. */
export function cutLongDelays(graph: FrameGraph): Cut {
  const whole = findUnits(graph.nodes.length, graph.edges)
  const { unitOf } = whole
  const isFeedback = ({ from, to }: Edge) => unitOf[from] === unitOf[to]
  const assumed = graph.edges.flatMap(e => (e.fixed && isFeedback(e) ? [e.fixed] : []))
  let chunk = CHUNK
  for (const edge of graph.edges) {
    if (!edge.throughRing || edge.fixed || edge.delay < LEAST_CHUNK || !isFeedback(edge)) continue
    chunk = Math.min(chunk, edge.delay - (edge.delay % PIECE_STEP))
  }
  const isLong = (e: Edge) => e.throughRing && (e.fixed ? isFeedback(e) : e.delay >= chunk)
  const edges = graph.edges.filter(e => !isLong(e))
  const isSame = edges.length === graph.edges.length
  return { chunk, assumed, edges, units: isSame ? whole : findUnits(graph.nodes.length, edges) }
}

/** What depends on each other from frame to frame, in topological order. */
function findUnits(count: number, edges: readonly Edge[]): Units {
  const successors: number[][] = []
  for (let node = 0; node < count; node++) successors.push([])
  for (const { from, to } of edges) if (from !== to) successors[from]!.push(to)
  const members = components(successors)
  const unitOf = new Int32Array(count)
  for (let unit = 0; unit < members.length; unit++) for (const node of members[unit]!) unitOf[node] = unit
  return { members, unitOf }
}

function canBeParallel(
  graph: FrameGraph,
  machine: Machine,
  edges: readonly Edge[],
  { unitOf }: Units,
  nodes: readonly number[],
  unit: number,
): boolean {
  const { definitions } = graph.counting
  const fits = nodes.every(node => {
    const instruction = graph.nodes[node]
    const isConstant = (index: number) =>
      instruction?.kind === 'op' &&
      constantOf(instruction.args[index] ?? instruction.result, definitions) !== undefined
    return canRunInLanes(machine, instruction, instruction && graph.access.get(instruction), isConstant)
  })
  if (!fits) return false
  return !edgesInside(edges, unitOf)
    .get(unit)
    ?.some(e => !isShortless(e, machine.lanes))
}

/** Frames of one vector do not depend on each other by it. */
export const isShortless = ({ delay, throughRing, fixed }: Edge, lanes: number): boolean =>
  delay === 0 || (throughRing && !fixed && delay >= lanes)

const insideOf = new WeakMap<readonly Edge[], Map<number, Edge[]>>()

function edgesInside(edges: readonly Edge[], unitOf: Int32Array): Map<number, Edge[]> {
  const known = insideOf.get(edges)
  if (known) return known
  const inside = new Map<number, Edge[]>()
  for (const edge of edges) {
    const unit = unitOf[edge.from]!
    if (unit !== unitOf[edge.to]) continue
    const list = inside.get(unit)
    if (list) list.push(edge)
    else inside.set(unit, [edge])
  }
  insideOf.set(edges, inside)
  return inside
}

/** What handing a value on costs a frame: from lanes to single frames, and the other way. */
const crossing = (lanes: number) => 1 + 1 / lanes

/** On side 0 of the cut is what runs in lanes, on side 1 what goes frame by frame. */
function choose(
  graph: FrameGraph,
  machine: Machine,
  edges: readonly Edge[],
  { members, unitOf }: Units,
  possible: readonly boolean[],
): boolean[] {
  const cut: CutEdge[] = []
  const nodeOf = (unit: number) => 2 + unit
  for (let unit = 0; unit < members.length; unit++) {
    const [serial, lanes] = costs(graph, machine, members[unit]!)
    cut.push({ from: 0, to: nodeOf(unit), capacity: serial })
    cut.push({ from: nodeOf(unit), to: 1, capacity: possible[unit] ? lanes : Number.MAX_SAFE_INTEGER })
  }
  let count = 2 + members.length
  const price = crossing(machine.lanes)
  for (const [unit, users] of usersOfUnits(graph, edges, unitOf)) {
    const inLanes = [...users].filter(user => possible[user])
    // What cannot but go frame by frame is on side 1, so that what leads to it leads there.
    const down = inLanes.length < users.size ? 1 : count++
    if (possible[unit]) cut.push({ from: nodeOf(unit), to: down, capacity: price })
    if (possible[unit] && down > 1)
      for (const user of inLanes)
        cut.push({ from: down, to: nodeOf(user), capacity: Number.MAX_SAFE_INTEGER })
    if (inLanes.length === 0) continue
    const up = count++
    cut.push({ from: up, to: possible[unit] ? nodeOf(unit) : 1, capacity: price })
    for (const user of inLanes) cut.push({ from: nodeOf(user), to: up, capacity: Number.MAX_SAFE_INTEGER })
  }
  const isFirst = minimumCut(count, cut)
  return members.map((_, unit) => Boolean(possible[unit]) && isFirst(nodeOf(unit)))
}

function costs(graph: FrameGraph, machine: Machine, nodes: readonly number[]): [number, number] {
  let [serial, lanes] = [0, 0]
  for (const node of nodes) {
    const instruction = graph.nodes[node]
    if (!instruction) continue
    const access = graph.access.get(instruction)
    serial += serialCost(machine, instruction, access)
    lanes += laneCost(machine, instruction, access)
  }
  return [serial, lanes]
}

/** Other units that read what a unit computes. */
function usersOfUnits(
  graph: FrameGraph,
  edges: readonly Edge[],
  unitOf: Int32Array,
): Map<number, ReadonlySet<number>> {
  const users = new Map<number, Set<number>>()
  for (const { from, to, throughRing } of edges) {
    const unit = unitOf[from]!
    const user = unitOf[to]!
    const instruction = graph.nodes[from]
    if (unit === user || throughRing || instruction?.kind === 'store') continue
    const list = users.get(unit)
    if (list) list.add(user)
    else users.set(unit, new Set([user]))
  }
  return users
}

/** Loops in turns of both kinds, each unit in the first that comes after all it needs. */
function arrange(
  graph: FrameGraph,
  machine: Machine,
  edges: readonly Edge[],
  { members, unitOf }: Units,
  isParallel: readonly boolean[],
): FrameLoop[] {
  const level = new Int32Array(members.length).map((_, unit) => (isParallel[unit] ? 0 : 1))
  const torn = new Set(edges.filter(edge => isTorn(edge, machine.lanes)).map(edge => edge.from))
  const into: { readonly before: number; readonly edge: Edge }[][] = members.map(() => [])
  for (const edge of edges) {
    const before = unitOf[edge.from]!
    const unit = unitOf[edge.to]!
    if (before !== unit) into[unit]!.push({ before, edge })
  }
  const nodesAt: number[][] = []
  for (const [unit, nodes] of members.entries()) {
    for (const { before, edge } of into[unit]!) {
      const isSame = isParallel[before] === isParallel[unit]
      const later = !isSame ? 1 : isParallel[unit] && edge.throughRing && torn.has(edge.from) ? 2 : 0
      if (level[unit]! < level[before]! + later) level[unit] = level[before]! + later
    }
    const at = (nodesAt[level[unit]!] ??= [])
    for (const node of nodes) at.push(node)
  }
  return [...nodesAt.entries()].flatMap(([at, nodes]): FrameLoop[] => {
    if (!nodes) return []
    if (at % 2 === 0) return [{ parallel: true, nodes }]
    return apart(graph, machine, edges, nodes).map(part => ({ parallel: false, nodes: part }))
  })
}

/**
 * Lines that are read so are read in a later loop: what is read lies in two vectors that were written shortly before.
 * Processors hand on only what was written as a whole; such a read waits until all that went before has been completed, so
 * that no turn overlaps with the next.
 */
const isTorn = ({ throughRing, delay, fixed }: Edge, lanes: number): boolean =>
  throughRing && !fixed && delay % lanes > 0

/** Carried values of one loop, beyond which they do not stay in registers; most of them lie in lanes later. */
const MAX_CARRIED = { 2: 16, 4: 40 } as const

/** What does not depend on each other, in loops of few carried values. */
function apart(
  graph: FrameGraph,
  { lanes }: Machine,
  edges: readonly Edge[],
  nodes: readonly number[],
): number[][] {
  const inside = new Map(nodes.map((node, i) => [node, i]))
  const near: number[][] = nodes.map(() => [])
  for (const { from, to } of edges) {
    const a = inside.get(from)
    const b = inside.get(to)
    if (a === undefined || b === undefined) continue
    near[a]!.push(b)
    near[b]!.push(a)
  }
  const parts: number[][] = []
  let carried = Number.POSITIVE_INFINITY
  for (const component of components(near)) {
    const own = component.map(i => nodes[i]!)
    const count = own.reduce((sum, node) => sum + (graph.pasts.get(node)?.length ?? 0), 0)
    if (carried + count > MAX_CARRIED[lanes]) {
      parts.push([])
      carried = 0
    }
    for (const node of own) parts.at(-1)!.push(node)
    carried += count
  }
  return parts.map(part => part.sort((a, b) => a - b))
}

function estimate(
  graph: FrameGraph,
  machine: Machine,
  edges: readonly Edge[],
  { members, unitOf }: Units,
  isParallel: readonly boolean[],
): { before: number; after: number } {
  let [before, after] = [0, 0]
  for (const [unit, nodes] of members.entries()) {
    const [serial, lanes] = costs(graph, machine, nodes)
    before += serial
    after += isParallel[unit] ? lanes : serial
  }
  for (const [unit, users] of usersOfUnits(graph, edges, unitOf)) {
    if ([...users].some(user => isParallel[user] !== isParallel[unit])) after += crossing(machine.lanes)
  }
  return { before, after }
}
