/**
 * Which instructions of two stages of a cascade are alike.
 *
 * Comes in: a chain of like recursions and what lies between them. Goes out: pairs of instructions, so that `pairs`
 * need not find by trying what this pass knows: the first filter of one stage goes with the first of another.
 */
import type { FrameGraph } from './frame-graph.ts'
import { type Chain, nameOf, type Place, type Units } from './skew-chain.ts'

/** By node: one that does the same in another stage, or beside it in the same. */
export function twinsOf(
  graph: FrameGraph,
  units: Units,
  chain: Chain,
  placeAt: (depth: number) => Place,
): Map<number, number> {
  const shapes = shapesOf(graph, units, chain)
  const alike = new Map<string, number[]>()
  for (const [unit, nodes] of units.members.entries()) {
    const depth = chain.depth[unit]!
    if (depth === 0) continue
    const { position } = placeAt(depth)
    // The nodes of links lie in different orders if they were written so: then they are found by trying.
    const names = nodes.map(node => nameOf(graph.nodes[node])).join(' ')
    for (const [i, node] of nodes.entries()) {
      const key = `${position} ${i} ${chain.isLink(unit) ? names : shapes[unit]}`
      const list = alike.get(key)
      if (list) list.push(node)
      else alike.set(key, [node])
    }
  }
  const twins = new Map<number, number>()
  for (const list of alike.values()) {
    for (let i = 0; i + 1 < list.length; i += 2) twins.set(list[i]!, list[i + 1]!)
  }
  return twins
}

/** A number for each unit that is made of links; equal ones are made of them in the same way. */
function shapesOf(graph: FrameGraph, { members, unitOf, looks }: Units, chain: Chain): Int32Array {
  const numbers = new Map<string, number>()
  const shapes = new Int32Array(members.length)
  const sources: { node: number; delay: number }[][] = graph.nodes.map(() => [])
  for (const { from, to, delay } of graph.edges) {
    if (unitOf[from] !== unitOf[to]) sources[to]!.push({ node: from, delay })
  }
  for (const [unit, nodes] of members.entries()) {
    if (chain.depth[unit] === 0 || chain.isLink(unit)) continue
    const own = looks[unit] ?? nameOf(graph.nodes[nodes[0]!])
    const read = nodes
      .flatMap(node => sources[node]!)
      .map(({ node, delay }) => {
        const other = unitOf[node]!
        if (chain.isLink(other)) return `link ${nameOf(graph.nodes[node])} ${delay}`
        return chain.depth[other] === 0 ? 'in' : `${shapes[other]} ${delay}`
      })
    const text = [own, ...read].join(',')
    if (!numbers.has(text)) numbers.set(text, numbers.size + 1)
    shapes[unit] = numbers.get(text)!
  }
  return shapes
}
