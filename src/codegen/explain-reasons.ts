/**
 * Why parts of a frame go from frame to frame instead of several frames at once.
 *
 * Comes in: how a frame loop can be divided. Goes out: for each node of its graph a reason, or none. A stage of its
 * own: the pass only needs to know what is possible, people want to know what they could change.
 */
import type { Edge, FrameGraph } from './frame-graph.ts'
import { canRunInLanes, type Machine } from './frame-lanes.ts'
import { cutLongDelays, isShortless } from './frame-plan.ts'
import type { Division } from './frames.ts'
import { constantOf } from './memory-order.ts'
import { components } from './strongly-connected.ts'

/**
 * - `feedback`: it depends on its own past, by one sample or few
 * - `shortDelay`: on what a delay line brings back after `frames`, fewer than a loop works on at once
 * - `unknownDelay`: the same, after a time that changes or is not known
 * - `noVectorForm`: there is no vector instruction for `what`
 * - `condition`: it is computed in some frames only
 * - `write`: it writes a table at computed places
 * - `handing`: it could be, but handing values on would cost more
 */
export type Reason =
  | { readonly kind: 'feedback' | 'unknownDelay' | 'condition' | 'write' | 'handing' }
  | { readonly kind: 'shortDelay'; readonly frames: number }
  | { readonly kind: 'noVectorForm'; readonly what: string }

export interface NodeReason {
  readonly reason: Reason
  /** Nodes of the loop of dependencies that the node is in; only itself if there is none. */
  readonly together: readonly number[]
}

/** By node; of those that run in lanes nothing. */
export function reasonsOf({ graph, machine, plan }: Division): (NodeReason | undefined)[] {
  const { edges, units } = cutLongDelays(graph)
  const { members, unitOf } = units
  const inside = members.map((): Edge[] => [])
  for (const edge of edges) if (unitOf[edge.from] === unitOf[edge.to]) inside[unitOf[edge.from]!]!.push(edge)
  const known = new Map<number, Reason | undefined>()
  const past = (unit: number): Reason | undefined => {
    if (!known.has(unit)) known.set(unit, recurrent(inside[unit]!, machine.lanes))
    return known.get(unit)
  }
  const reasons: (NodeReason | undefined)[] = []
  for (const { parallel, nodes } of plan.loops) {
    if (parallel) continue
    for (const node of nodes) {
      const unit = unitOf[node]!
      const reason = unable(graph, machine, node) ?? past(unit) ?? ({ kind: 'handing' } as const)
      reasons[node] = { reason, together: members[unit]! }
    }
  }
  return reasons
}

function unable(graph: FrameGraph, machine: Machine, node: number): Reason | undefined {
  const instruction = graph.nodes[node]
  if (!instruction) return undefined
  const access = graph.access.get(instruction)
  const isConstant = (index: number) =>
    instruction.kind === 'op' &&
    constantOf(instruction.args[index] ?? instruction.result, graph.counting.definitions) !== undefined
  if (canRunInLanes(machine, instruction, access, isConstant)) return undefined
  switch (instruction.kind) {
    case 'if':
      return { kind: 'condition' }
    case 'store':
      return { kind: 'write' }
    case 'call':
      return { kind: 'noVectorForm', what: instruction.function }
    case 'op':
      return { kind: 'noVectorForm', what: instruction.op }
    default:
      return { kind: 'noVectorForm', what: instruction.kind }
  }
}

/** What a unit that depends on its own past waits for. */
function recurrent(inside: readonly Edge[], lanes: number): Reason | undefined {
  if (inside.every(edge => isShortless(edge, lanes))) return undefined
  const rings = inside.filter(edge => edge.throughRing)
  const others = inside.filter(edge => !edge.throughRing)
  if (rings.length === 0 || isCircle(others)) {
    const frames = others.reduce((least, e) => (e.delay > 0 ? Math.min(least, e.delay) : least), Infinity)
    return frames > 1 ? { kind: 'shortDelay', frames } : { kind: 'feedback' }
  }
  // A distance that is not known counts as the least that it can be.
  if (rings.some(edge => edge.fixed !== undefined || edge.delay <= 1)) return { kind: 'unknownDelay' }
  return { kind: 'shortDelay', frames: rings.reduce((least, e) => Math.min(least, e.delay), Infinity) }
}

function isCircle(edges: readonly Edge[]): boolean {
  const numbers = new Map<number, number>()
  for (const node of edges.flatMap(e => [e.from, e.to]))
    if (!numbers.has(node)) numbers.set(node, numbers.size)
  const successors: number[][] = Array.from(numbers, () => [])
  for (const { from, to } of edges) {
    if (from === to) return true
    successors[numbers.get(from)!]!.push(numbers.get(to)!)
  }
  return components(successors).some(component => component.length > 1)
}
