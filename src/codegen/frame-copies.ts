/**
 * Which loops over several frames work on several vectors side by side.
 *
 * Comes in: a plan. Goes out: how many vectors each loop computes in a turn. A stage of its own: where a turn is one
 * long chain, such as the sum of a FIR filter, a processor sees too little of the next turn while it waits; the terms
 * keep their order, so only other chains beside it fill the time. And of a delay line with many taps, a vector reads what
 * the one before it has read some taps earlier: side by side they read once. All ways are written on trial and estimated.
 */
import { costOfLoop } from './cost-loop.ts'
import type { Alignment } from './frame-align.ts'
import type { BlockWriting } from './frame-block.ts'
import type { FrameLoop } from './frame-plan.ts'
import { writeVectorLoop } from './frame-vector.ts'
import type { Loop } from './unroll.ts'

/** Smaller loops are seen by processors several turns at a time; of larger ones a copy would be too much. */
const LEAST_NODES = 48
const MOST_NODES = 1500
/** Vectors in a turn, and instructions of a frame beyond which there are only two. */
const MOST_COPIES = 4
const MANY_NODES = 600
/** Instructions of the functions that a loop calls. */
const LEAST_CALLED = 20
const MOST_CALLED = 600
/** Part of the time that must be left. */
const WORTH = 0.85
/** Reads of one delay line, by which vectors side by side have many in common. */
const MANY_READS = 8

type Writing = BlockWriting & { readonly alignment: Alignment }

export function planCopies(writing: Writing): readonly number[] {
  return writing.plan.loops.map(own => {
    if (!own.parallel || own.nodes.length > MOST_NODES || !isForward(writing, own)) return 1
    const most = own.nodes.length > MANY_NODES ? 2 : MOST_COPIES
    const perVector = (copies: number) => trial(writing, own, copies).cycles / copies
    if (mostReads(writing, own) >= MANY_READS) return perVector(most) <= perVector(1) ? most : 1
    if (hasLongCalls(writing, own)) return 2
    if (own.nodes.length < LEAST_NODES) return 1
    const { cycles, throughput } = trial(writing, own, 1)
    if (WORTH * cycles <= throughput) return 1
    const two = perVector(2)
    if (two > WORTH * cycles) return 1
    return most > 2 && perVector(most) <= two ? most : 2
  })
}

/** Functions are chains, which stand side by side when they are inlined; of many the code would get long. */
function hasLongCalls({ graph, machine }: Writing, own: FrameLoop): boolean {
  let work = 0
  for (const node of own.nodes) {
    const instruction = graph.nodes[node]!
    if (instruction.kind === 'call') work += machine.workOf(instruction.function)
  }
  return work >= LEAST_CALLED && work <= MOST_CALLED
}

/** Of a delay line that this loop only reads. */
function mostReads({ graph }: Writing, own: FrameLoop): number {
  const reads = new Map<string | undefined, number>()
  for (const node of own.nodes) {
    const i = graph.nodes[node]
    if (i?.kind === 'store') reads.set(i.space, Number.NEGATIVE_INFINITY)
    if (i?.kind === 'load' && graph.access.get(i)!.kind === 'ring')
      reads.set(i.space, (reads.get(i.space) ?? 0) + 1)
  }
  return Math.max(0, ...reads.values())
}

/** What is read from a delay line soon after it is written stands after the writing. */
function isForward({ graph, plan }: Writing, own: FrameLoop): boolean {
  const place = new Map(own.nodes.map((node, i) => [node, i]))
  return graph.edges.every(({ from, to, throughRing, delay, fixed }) => {
    const [written, read] = [place.get(from), place.get(to)]
    if (!throughRing || written === undefined || read === undefined) return true
    return written < read || (fixed ? plan.assumed.includes(fixed) : delay >= plan.chunk)
  })
}

/** The loop as it would be, of which nothing stays. */
function trial(writing: Writing, own: FrameLoop, copies: number) {
  const { b } = writing
  b.open()
  const [start, bytes, zero] = [b.parameter('i32'), b.parameter('i32'), b.parameter('i32')]
  const state = writing.graph.loop.carried.map(({ type }) => b.parameter(type))
  writeVectorLoop({ ...writing, start, bytes, zero, state, next: [] }, own, copies)
  const loop = b.close().find((i): i is Loop => i.kind === 'loop')!
  return costOfLoop(loop, writing.machine.costOfCall)
}
