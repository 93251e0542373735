/**
 * Which delay lines can be written in whole vectors that never go beyond their ends.
 *
 * Comes in: a frame plan. Goes out: the stores that all meet the end of their ring at once, and how many frames go
 * before the first of a block that does not. Rings are powers of two long and share one position, so that where it is
 * a multiple of a vector no vector crosses an end; with blocks of a multiple of a vector it always is.
 */
import type { FunctionBuilder } from './builder.ts'
import type { FrameGraph } from './frame-graph.ts'
import type { FramePlan } from './frame-plan.ts'
import type { Instruction, Value } from './kernel.ts'
import type { LinearSum } from './memory-order.ts'

export interface Alignment {
  readonly stores: ReadonlySet<Instruction>
  /** Their common address, but for multiples of a vector. */
  readonly sum: LinearSum
}

export const VECTOR_BYTES = 16

export function findAlignment({ access, counting, nodes }: FrameGraph, plan: FramePlan): Alignment {
  const stores = new Set<Instruction>()
  let sum: LinearSum | undefined
  for (const node of plan.loops.flatMap(loop => (loop.parallel ? loop.nodes : []))) {
    const instruction = nodes[node]
    const own = instruction?.kind === 'store' ? access.get(instruction) : undefined
    if (!instruction || own?.kind !== 'ring' || own.size !== counting.step) continue
    sum ??= own.sum
    if (isMultipleApart(own.sum, sum)) stores.add(instruction)
  }
  return { stores, sum: sum ?? { factors: new Map(), constant: 0 } }
}

function isMultipleApart(x: LinearSum, y: LinearSum): boolean {
  if (x.factors.size !== y.factors.size || (x.constant - y.constant) % VECTOR_BYTES !== 0) return false
  return [...x.factors].every(([value, factor]) => y.factors.get(value) === factor)
}

/** Bytes of frames before vectors begin, when the counter is 0. */
export function writeLead(b: FunctionBuilder, { sum, stores }: Alignment, counter: Value): Value {
  if (stores.size === 0) return b.i32(0)
  let address = b.i32(sum.constant)
  for (const [value, factor] of sum.factors) {
    if (value === counter) continue
    address = b.op('i32.add', address, factor === 1 ? value : b.op('i32.mul', value, b.i32(factor)))
  }
  return b.op('i32.and', b.op('i32.sub', b.i32(0), address), b.i32(VECTOR_BYTES - 1))
}
