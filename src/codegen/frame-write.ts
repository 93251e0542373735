/**
 * What the writers of both kinds of loops share: the state of a chunk, counters, addresses, rooms.
 *
 * Comes in: a plan. Goes out: small writing steps. A module of its own so that the loops over single frames and those
 * over several differ only in what they do with an instruction.
 */
import type { FunctionBuilder } from './builder.ts'
import type { Alignment } from './frame-align.ts'
import type { FrameGraph } from './frame-graph.ts'
import type { Machine } from './frame-lanes.ts'
import { sizeOf } from './frame-memory.ts'
import type { FrameLoop, FramePlan } from './frame-plan.ts'
import type { Room, Rooms } from './frame-rooms.ts'
import type { Value } from './kernel.ts'
import { withOperands } from './rewrite.ts'

export interface ChunkWriter {
  readonly b: FunctionBuilder
  readonly graph: FrameGraph
  readonly plan: FramePlan
  readonly machine: Machine
  readonly rooms: Rooms
  readonly alignment: Alignment
  /** Byte offset of the chunk's first frame, and how many bytes of frames it has. */
  readonly start: Value
  readonly bytes: Value
  readonly zero: Value
  /** Carried values at the start of the chunk, and at its end, by index. */
  readonly state: readonly Value[]
  readonly next: Value[]
}

/** What all loops over a piece are. */
export const PIECE = { isPiece: true } as const

/** One loop being written. */
export interface LoopWriter extends ChunkWriter {
  readonly own: FrameLoop
  readonly isOwn: (node: number) => boolean
  /** Byte offset of the frame within the chunk. */
  readonly at: Value
  /** Counters and what is computed from them. */
  readonly counted: Map<Value, Value>
  /** Addresses in rooms of elements of another size. */
  readonly scaled: Map<number, Value>
}

/** Carried values that are the past of what this loop computes. */
export const pastsOf = ({ graph, own }: Pick<LoopWriter, 'graph' | 'own'>): number[] =>
  own.nodes.flatMap(node => graph.pasts.get(node) ?? [])

/** A value computed from the counter, for the frame at `ahead` frames from this one. */
export function countedValue(writer: LoopWriter, value: Value, ahead = 0): Value {
  const { graph, b, counted, start, at } = writer
  const { counter, step } = graph.counting
  if (ahead > 0) {
    const moved = b.op('i32.add', countedValue(writer, counter), b.i32(ahead * step))
    return countedValue({ ...writer, counted: new Map([[counter, moved]]) }, value)
  }
  const known = counted.get(value)
  if (known) return known
  const instruction = graph.counted.get(value)
  if (!instruction && value !== counter) return value
  const made = instruction
    ? b.copy(withOperands(instruction, operand => countedValue(writer, operand)))!
    : b.op('i32.add', start, at)
  counted.set(value, made)
  return made
}

/** Address of this frame's element in rooms of elements of a size. */
export function roomAddress({ b, graph, at, scaled }: LoopWriter, size: number): Value {
  const { step } = graph.counting
  if (size === step) return at
  const known = scaled.get(size)
  if (known) return known
  const made = b.op(size < step ? 'i32.shr_u' : 'i32.shl', at, b.i32(1))
  scaled.set(size, made)
  return made
}

/** Puts the past that is read of a value in front of its room. */
export function writePast(
  { b, graph, state, zero }: ChunkWriter,
  node: number,
  value: Value,
  room: Room,
): void {
  for (const index of graph.pasts.get(node) ?? []) {
    const source = graph.sourceOf(graph.loop.carried[index]!)!
    if (source.value !== value || source.delay === 0 || source.delay > room.past) continue
    b.store(zero, room.offset - source.delay * sizeOf(value), state[index]!, room.space)
  }
}
