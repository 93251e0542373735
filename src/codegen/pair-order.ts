/**
 * An order for a loop body in which some instructions have become one.
 *
 * Comes in: dependencies and pairs. Goes out: steps, each an instruction or a pair, and the pairs that could be
 * kept. A stage of its own: two pairs may each need a half of the other, which nobody sees before they are ordered.
 * Instructions keep their places as far as possible; a pair stands where its later half stood.
 */
import type { BodyGraph } from './body-graph.ts'
import type { Candidate } from './pair-candidates.ts'

export type Step =
  | { readonly kind: 'single'; readonly index: number }
  | { readonly kind: 'pair'; readonly pair: Candidate }

export interface Order {
  readonly steps: readonly Step[]
  readonly pairs: readonly Candidate[]
}

export function orderPairs(graph: BodyGraph, candidates: readonly Candidate[]): Order {
  let pairs = candidates.filter(pair => pair.kind === 'instructions')
  for (;;) {
    const attempt = tryOrder(graph, pairs)
    if ('steps' in attempt) return { ...attempt, pairs }
    const { stuck } = attempt
    pairs = pairs.filter(pair => pair !== stuck)
  }
}

function tryOrder(
  graph: BodyGraph,
  pairs: readonly Candidate[],
): { readonly steps: readonly Step[] } | { readonly stuck: Candidate } {
  const pairOf = new Map(pairs.flatMap(pair => [[pair.first, pair] as const, [pair.second, pair] as const]))
  const steps: Step[] = []
  const done = new Set<number>()
  const open = new Set<number>()
  /** Indices to bring about, with what they need above them; negative when that has been done. */
  const stack: number[] = []
  const halves = (i: number) => {
    const pair = pairOf.get(i)
    return pair ? [pair.first, pair.second] : [i]
  }
  for (const index of graph.instructions.keys()) {
    stack.push(index)
    while (stack.length > 0) {
      const top = stack.at(-1)!
      const node = halves(top)
      const [key] = node as [number]
      if (done.has(key)) {
        stack.pop()
        continue
      }
      const waiting = node.flatMap(i => graph.needs[i]!).filter(i => !done.has(halves(i)[0]!))
      const inside = waiting.find(i => open.has(halves(i)[0]!))
      if (inside !== undefined) return { stuck: pairOf.get(inside) ?? pairOf.get(top) ?? pairs[0]! }
      if (waiting.length > 0) {
        open.add(key)
        stack.push(...waiting.reverse())
        continue
      }
      stack.pop()
      open.delete(key)
      done.add(key)
      const pair = pairOf.get(top)
      steps.push(pair ? { kind: 'pair', pair } : { kind: 'single', index: top })
    }
  }
  return { steps }
}
