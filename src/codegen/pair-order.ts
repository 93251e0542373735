/**
 * An order for a loop body in which some instructions have become one.
 *
 * Comes in: dependencies and candidates. Goes out: steps, each an instruction or several that are one, and the
 * candidates that could be kept. A stage of its own: two pairs may each need a half of the other, which nobody sees
 * before they are ordered. Instructions keep their places as far as possible; what is computed together stands where
 * the first of it stood, after what it needs.
 */
import type { BodyGraph } from './body-graph.ts'
import type { Candidate } from './pair-candidates.ts'

export type Step =
  | { readonly kind: 'single'; readonly index: number }
  | { readonly kind: 'together'; readonly candidate: Candidate }

export function orderPairs(graph: BodyGraph, candidates: readonly Candidate[]): readonly Step[] {
  let kept = candidates.filter(candidate => candidate.kind === 'instructions')
  for (;;) {
    const attempt = tryOrder(graph, kept)
    if ('steps' in attempt) return attempt.steps
    const { stuck } = attempt
    kept = kept.flatMap(candidate => (candidate === stuck ? (candidate.halves ?? []) : [candidate]))
  }
}

type Attempt = { readonly steps: readonly Step[] } | { readonly stuck: Candidate }

function tryOrder(graph: BodyGraph, candidates: readonly Candidate[]): Attempt {
  const together = new Map(candidates.flatMap(c => c.members.map(i => [i, c] as const)))
  const steps: Step[] = []
  const done = new Set<number>()
  const open = new Set<number>()
  /** Indices to bring about, with what they need above them. */
  const stack: number[] = []
  const keyOf = (i: number) => together.get(i)?.members[0] ?? i
  for (const index of graph.instructions.keys()) {
    stack.push(index)
    while (stack.length > 0) {
      const top = stack.at(-1)!
      const candidate = together.get(top)
      const key = keyOf(top)
      if (done.has(key)) {
        stack.pop()
        continue
      }
      const needed = candidate ? candidate.members.flatMap(i => graph.needs[i]!) : graph.needs[top]!
      const waiting = needed.filter(i => !done.has(keyOf(i)))
      const inside = waiting.find(i => open.has(keyOf(i)))
      if (inside !== undefined) return { stuck: together.get(inside) ?? candidate ?? candidates[0]! }
      if (waiting.length > 0) {
        open.add(key)
        stack.push(...waiting.reverse())
        continue
      }
      stack.pop()
      open.delete(key)
      done.add(key)
      steps.push(candidate ? { kind: 'together', candidate } : { kind: 'single', index: top })
    }
  }
  return { steps }
}
