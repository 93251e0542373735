/**
 * Chains of like recursions in a loop: filters in series.
 *
 * Comes in: the dependencies in a loop. Goes out: what depends on itself from frame to frame, as units, and the longest
 * chain of units that look alike. A module of its own: how the chain is divided, and what is alike in the parts, are
 * other questions.
 */
import type { FrameGraph } from './frame-graph.ts'
import type { Instruction } from './kernel.ts'
import { components } from './strongly-connected.ts'

export interface Units {
  /** Nodes that depend on each other from frame to frame, in topological order. */
  readonly members: readonly (readonly number[])[]
  readonly unitOf: Int32Array
  readonly before: readonly (readonly number[])[]
  readonly after: readonly (readonly number[])[]
  /** What recursions look like; undefined for what is none. */
  readonly looks: readonly (string | undefined)[]
}

export interface Chain {
  /** How many like units lead to a unit, itself included. */
  readonly depth: Int32Array
  readonly isLink: (unit: number) => boolean
  readonly length: number
  /** Like units side by side. */
  readonly width: number
  readonly score: number
}

/** Where in its group a link stands, and in which. */
export interface Place {
  readonly group: number
  readonly position: number
}

/** Kinds of recursions that are looked at. */
const MAX_KINDS = 4

export function findUnits(graph: FrameGraph): Units {
  const { nodes, edges } = graph
  const successors: number[][] = nodes.map(() => [])
  for (const { from, to, throughRing } of edges) {
    if (from === to) continue
    successors[from]!.push(to)
    // A delay line is written and read in one stage.
    if (throughRing) successors[to]!.push(from)
  }
  const members = components(successors)
  const unitOf = new Int32Array(nodes.length)
  for (const [unit, list] of members.entries()) for (const node of list) unitOf[node] = unit
  const before = members.map(() => new Set<number>())
  const after = members.map(() => new Set<number>())
  const isRecursive = new Uint8Array(members.length)
  for (const { from, to, delay } of edges) {
    const [first, second] = [unitOf[from]!, unitOf[to]!]
    if (first !== second) {
      before[second]!.add(first)
      after[first]!.add(second)
    } else if (delay > 0) isRecursive[first] = 1
  }
  const looks = looksOf(graph, members, unitOf, isRecursive)
  return { members, unitOf, before: before.map(set => [...set]), after: after.map(set => [...set]), looks }
}

/**
 * Recursions look alike if they do the same, and if their past is read by the same; the last of a chain may differ
 * in that it is not read at all. Memory alone is no recursion.
 */
function looksOf(
  { nodes, edges }: FrameGraph,
  members: Units['members'],
  unitOf: Int32Array,
  isRecursive: Uint8Array,
): (string | undefined)[] {
  const reads: Set<string>[] = members.map(() => new Set())
  for (const { from, to, delay } of edges) {
    if (delay > 0 && unitOf[from] !== unitOf[to]) reads[unitOf[from]!]!.add(`${nameOf(nodes[to])} ${delay}`)
  }
  const usual = new Map<string, string>()
  const looks = members.map((list, unit) => {
    const names = isRecursive[unit] ? list.map(node => nameOf(nodes[node])) : []
    if (names.every(name => name === 'load' || name === 'store')) return undefined
    const own = names.sort().join(' ')
    if (reads[unit]!.size === 0) return own
    const look = `${own} past ${[...reads[unit]!].sort().join(' ')}`
    usual.set(own, look)
    return look
  })
  return looks.map(look => (look === undefined ? look : (usual.get(look) ?? look)))
}

export function nameOf(instruction: Instruction | undefined): string {
  if (!instruction) return 'fixed'
  if (instruction.kind === 'op') return instruction.op
  return instruction.kind === 'call' ? instruction.function : instruction.kind
}

/** The chain whose links are most work. */
export function findChain(units: Units): Chain | undefined {
  const kinds = new Map<string, { count: number; work: number }>()
  for (const [unit, look] of units.looks.entries()) {
    if (look === undefined) continue
    const kind = kinds.get(look) ?? { count: 0, work: 0 }
    kinds.set(look, { count: kind.count + 1, work: kind.work + units.members[unit]!.length })
  }
  const common = [...kinds].filter(([, { count }]) => count > 1).sort(([, a], [, b]) => b.work - a.work)
  const chains = common.slice(0, MAX_KINDS).map(([look, { count, work }]) => {
    const isLink = (unit: number) => units.looks[unit] === look
    const depth = depths(units, isLink)
    const length = depth.reduce((most, d) => Math.max(most, d), 0)
    const width = Math.max(1, Math.floor(count / length))
    return { depth, isLink, length, width, score: length > 1 ? work : 0 }
  })
  const best = chains.sort((a, b) => b.score - a.score)[0]
  return best && best.score > 0 ? best : undefined
}

function depths({ members, before }: Units, isLink: Chain['isLink']): Int32Array {
  const depth = new Int32Array(members.length)
  for (const unit of members.keys()) {
    for (const earlier of before[unit]!) depth[unit] = Math.max(depth[unit]!, depth[earlier]!)
    if (isLink(unit)) depth[unit]!++
  }
  return depth
}
