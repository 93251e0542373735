/**
 * The past of values in loops over several frames: a value one frame ago is the vector of the last turn and the one
 * of this turn, put together anew.
 *
 * Comes in: carried values. Goes out: vectors carried instead, what a value was some frames ago, and the carried
 * values at the end. Apart from frame-vector, as it alone knows in which lane which frame lies.
 */
import type { Source } from './frame-graph.ts'
import { sizeOf } from './frame-memory.ts'
import type { ChunkWriter, LoopWriter } from './frame-write.ts'
import type { Value } from './kernel.ts'
import { extractLane, gatherLanes } from './pair-op.ts'

/** Vectors of a value, newest first; without the one being computed. */
export type PastVectors = Pick<ReadonlyMap<Value, readonly Value[]>, 'get'>

interface Chain {
  readonly value: Value
  /** Carried indices by delay - 1. */
  readonly indices: readonly number[]
  readonly vectors: number
}

export interface Past {
  readonly initial: readonly Value[]
  readonly enter: (vectors: readonly Value[]) => PastVectors
  /** What is carried on, given the vectors of each value in this turn, newest first. */
  readonly leave: (current: (value: Value) => readonly Value[]) => Value[]
  readonly finish: (results: readonly Value[]) => void
}

export function startPast(writer: ChunkWriter, pasts: readonly number[]): Past {
  const { b, machine, state, next } = writer
  const { lanes } = machine
  const chains = findChains(writer, pasts)
  const initial = chains.flatMap(chain =>
    Array.from({ length: chain.vectors }, (_, q) => {
      const last = state[chain.indices[0]!]!
      const frame = (lane: number) => state[chain.indices[(q + 1) * lanes - lane - 1] ?? -1] ?? last
      return gatherLanes(
        b,
        Array.from({ length: lanes }, (_, lane) => frame(lane)),
      ).vector
    }),
  )
  let entered = new Map<Value, readonly Value[]>()
  const divide = (list: readonly Value[]) => {
    let at = 0
    return new Map(chains.map(({ value, vectors }) => [value, list.slice(at, (at += vectors))]))
  }
  return {
    initial,
    enter: vectors => (entered = divide(vectors)),
    leave: current =>
      chains.flatMap(({ value, vectors }) => [...current(value), ...entered.get(value)!].slice(0, vectors)),
    finish: results => {
      const last = divide(results)
      for (const { value, indices } of chains) {
        for (const [i, index] of indices.entries()) {
          const vector = last.get(value)![Math.floor(i / lanes)]!
          next[index] = extractLane(b, value.type, vector, lanes - 1 - (i % lanes))
        }
      }
    },
  }
}

function findChains({ graph, machine }: ChunkWriter, pasts: readonly number[]): Chain[] {
  const byValue = new Map<Value, number[]>()
  for (const index of pasts) {
    const { value, delay } = graph.sourceOf(graph.loop.carried[index]!)!
    const list = byValue.get(value) ?? []
    list[delay - 1] = index
    byValue.set(value, list)
  }
  return [...byValue].map(([value, indices]) => ({
    ...{ value, indices, vectors: Math.ceil(indices.length / machine.lanes) },
  }))
}

/** The value `delay` frames ago, in all lanes. */
export function delayed(
  { b, past, machine: { lanes } }: LoopWriter & { past: PastVectors },
  { value, delay }: Source,
  current: Value,
): Value {
  if (delay === 0) return current
  const vectors = [current, ...past.get(value)!]
  const whole = Math.floor(delay / lanes)
  const rest = delay % lanes
  if (rest === 0) return vectors[whole]!
  const [older, newer] = [vectors[whole + 1]!, vectors[whole]!]
  if (lanes === 4) return b.op(`i32x4.shuffle_${['', '3456', '2345', '1234'][rest]}`, older, newer)
  return b.op(`i32x4.shuffle_${sizeOf(value) === 8 ? '2345' : '1445'}`, older, newer)
}
