/**
 * Which stage of a cascade an instruction of a serial loop belongs to.
 *
 * Comes in: the dependencies in a loop. Goes out: if like recursions follow one another in it (filters in series), a
 * stage for each instruction; stage k is to work on the frame k turns ago, so that no stage of a turn needs another.
 * A stage of its own: it decides, skew-write writes.
 *
 * What depends on itself from frame to frame stays together. The longest chain of like recursions is divided into as
 * many groups as vectors have lanes left, or twice as many. What lies between two groups goes with the filter behind it if the same lies
 * before the first filter, else with the filter before it: so that all groups look alike.
 */
import type { FrameGraph } from './frame-graph.ts'
import { twinsOf } from './skew-align.ts'
import { type Chain, findChain, findUnits, nameOf, type Place, type Units } from './skew-chain.ts'

export interface SkewPlan {
  /** Of each node. */
  readonly stageOf: Int32Array
  /** The last stage. */
  readonly last: number
  /** How many there are. */
  readonly count: number
  /** By node: what is alike. */
  readonly twins: ReadonlyMap<number, number>
  /** Like chains side by side. */
  readonly width: number
  /** As many stages as fill a vector. */
  readonly fills: boolean
}

/** Ways to do it, with two stages, with as many as fill the `lanes` of a vector or two, or with as many as wanted. */
export function planSkew(graph: FrameGraph, lanes: number, wanted?: number): SkewPlan[] {
  const units = findUnits(graph)
  const chain = findChain(units)
  if (!chain) return []
  const once = Math.ceil(lanes / chain.width)
  const counts = new Set(
    (wanted ? [wanted] : [2, once, 2 * once]).map(count => Math.min(chain.length, count)),
  )
  const goesWithNext = likeBeforeFirst(graph, units, chain)
  return [...counts]
    .filter(count => count > 1)
    .map(count => {
      const placeAt = places(chain.length, count)
      const stages = assign(units, chain, depth => placeAt(depth).group, goesWithNext)
      return {
        stageOf: units.unitOf.map(unit => stages[unit]!),
        last: count - 1,
        twins: twinsOf(graph, units, chain, placeAt),
        count,
        width: chain.width,
        fills: count === once,
      }
    })
}

/** With `slack` turns from one stage to the next. */
export function withSlack(plan: SkewPlan, slack: number): SkewPlan {
  return { ...plan, stageOf: plan.stageOf.map(stage => slack * stage), last: slack * plan.last }
}

/** Groups of equal length, the first ones longer by one if need be. */
function places(length: number, groups: number): (depth: number) => Place {
  const least = Math.floor(length / groups)
  const inLonger = (length % groups) * (least + 1)
  return depth => {
    const at = Math.max(0, depth - 1)
    if (at < inLonger) return { group: Math.floor(at / (least + 1)), position: at % (least + 1) }
    const rest = at - inLonger
    return { group: (length % groups) + Math.floor(rest / least), position: rest % least }
  }
}

/**
 * Whether what lies between two links goes with the one behind it: something like it lies before the first. Shapes
 * are seen from the links that read them.
 */
function likeBeforeFirst(graph: FrameGraph, { members, unitOf, looks }: Units, chain: Chain) {
  const numbers = new Map<string, number>()
  const shape = new Int32Array(members.length)
  const readers = readersOf(graph, unitOf)
  const first = new Set<number>()
  for (let unit = members.length - 1; unit >= 0; unit--) {
    if (chain.isLink(unit)) continue
    const nodes = members[unit]!
    const own = looks[unit] ?? nameOf(graph.nodes[nodes[0]!])
    const found = nodes
      .flatMap(node => readers[node]!)
      .flatMap(({ node, delay }) => {
        const other = unitOf[node]!
        if (chain.isLink(other)) return [`link ${nameOf(graph.nodes[node])} ${delay}`]
        return shape[other] === 0 ? [] : [`${shape[other]} ${delay}`]
      })
    if (found.length === 0) continue
    const text = [own, ...found.sort()].join(',')
    if (!numbers.has(text)) numbers.set(text, numbers.size + 1)
    shape[unit] = numbers.get(text)!
    if (chain.depth[unit] === 0) first.add(shape[unit]!)
  }
  return (unit: number) => first.has(shape[unit]!)
}

interface Reader {
  readonly node: number
  readonly delay: number
}

/** Of each node, in other units. */
function readersOf({ nodes, edges }: FrameGraph, unitOf: Int32Array): Reader[][] {
  const readers: Reader[][] = nodes.map(() => [])
  for (const { from, to, delay } of edges)
    if (unitOf[from] !== unitOf[to]) readers[from]!.push({ node: to, delay })
  return readers
}

function assign(
  { members, after }: Units,
  { depth, isLink }: Chain,
  groupAt: (depth: number) => number,
  goesWithNext: (unit: number) => boolean,
): Int32Array {
  const stages = new Int32Array(members.length)
  for (let unit = members.length - 1; unit >= 0; unit--) {
    const earliest = groupAt(depth[unit]!)
    const latest = after[unit]!.reduce(
      (least, later) => Math.min(least, stages[later]!),
      Number.MAX_SAFE_INTEGER,
    )
    const isFirst =
      isLink(unit) || latest === Number.MAX_SAFE_INTEGER || (depth[unit]! > 0 && !goesWithNext(unit))
    stages[unit] = isFirst ? earliest : latest
  }
  return stages
}
