/**
 * What a loop in stages has to remember of its values.
 *
 * Comes in: a loop and its stages. Goes out: for each value that is read in a later turn how far back. A module of
 * its own: estimates ask for it, and the writer.
 */
import type { FrameGraph } from './frame-graph.ts'
import type { Value } from './kernel.ts'
import { valuesUsed } from './regions.ts'
import type { SkewPlan } from './skew-plan.ts'

export interface History {
  readonly value: Value
  readonly stage: number
  /** Indices of carried values of the old loop that hold its past, by delay - 1. */
  readonly own: readonly number[]
  /** How many turns back other stages read it. */
  readonly ahead: number
  /** How many turns back it is known. */
  readonly depth: number
  /**
   * Carried itself, and from the second frame on always the same (this). `own` has then what it is now.
   */
  readonly fixed: Value | undefined
}

interface Found {
  readonly stage: number
  readonly own: number[]
  ahead: number
  fixed: Value | undefined
}

export function historiesOf(graph: FrameGraph, { stageOf }: Pick<SkewPlan, 'stageOf'>): History[] {
  const found = new Map<Value, Found>()
  const historyOf = (value: Value, node: number) => {
    let history = found.get(value)
    if (!history) found.set(value, (history = { stage: stageOf[node]!, own: [], ahead: 0, fixed: undefined }))
    return history
  }
  for (const index of [...graph.pasts.values()].flat()) {
    const { value, node, delay } = graph.sourceOf(graph.loop.carried[index]!)!
    const history = historyOf(value, node)
    history.own[Math.max(0, delay - 1)] = index
    if (delay === 0) history.fixed = graph.loop.body.yields[index]!
  }
  for (const [to, instruction] of graph.nodes.entries()) {
    for (const used of instruction ? valuesUsed(instruction) : []) {
      const source = graph.sourceOf(used)
      if (!source || stageOf[source.node] === stageOf[to]) continue
      const history = historyOf(source.value, source.node)
      history.ahead = Math.max(history.ahead, source.delay + stageOf[to]! - stageOf[source.node]!)
    }
  }
  return [...found].map(([value, history]) => {
    const { own, ahead, fixed } = history
    return { value, ...history, depth: fixed ? 1 + ahead : Math.max(own.length, ahead) }
  })
}

/** Whether what is carried without being computed in the loop is always the same after the first frame. */
export function isUnderstood({ nodes, pasts, loop, counting }: FrameGraph): boolean {
  const at = nodes.indexOf(undefined)
  return at < 0 || (pasts.get(at) ?? []).every(index => counting.isFixed(loop.body.yields[index]!))
}
