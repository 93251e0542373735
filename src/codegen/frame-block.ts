/**
 * Writes what a block consists of: pieces for the divided loops, and the old loop for the frames around them.
 *
 * Comes in: a plan. Goes out: instructions that stand in place of the frame loop. Apart from frames, which decides,
 * and from the writers of single loops.
 *
 * The old loop runs the frames before the first whole vector (frame-align) and after the last, or all of them where
 * delays are shorter than a piece. It is written once, in a loop that turns twice at most.
 */
import type { FunctionBuilder } from './builder.ts'
import { type Alignment, findAlignment, writeLead } from './frame-align.ts'
import { planCopies } from './frame-copies.ts'
import type { FrameGraph } from './frame-graph.ts'
import type { Machine } from './frame-lanes.ts'
import { type FramePlan, LEAST_CHUNK, PIECE_STEP } from './frame-plan.ts'
import type { Rooms } from './frame-rooms.ts'
import { writeSerialLoop } from './frame-serial.ts'
import { writeVectorLoop } from './frame-vector.ts'
import type { Instruction, Value } from './kernel.ts'
import type { Loop } from './unroll.ts'

export interface BlockWriting {
  readonly graph: FrameGraph
  readonly plan: FramePlan
  readonly machine: Machine
  readonly rooms: Rooms
  readonly b: FunctionBuilder
  /** What the counter ends at. */
  readonly limit: Value
}

interface Writing extends BlockWriting {
  readonly alignment: Alignment
  /** Vectors in a turn, by loop. */
  readonly copies: readonly number[]
}

export function writeBlock(block: BlockWriting): Instruction[] {
  const { b, graph, plan, limit } = block
  const { loop, counting } = graph
  const aligned = { ...block, alignment: findAlignment(graph, plan) }
  b.open()
  const copies = planCopies(aligned)
  const writing = { ...aligned, copies }
  const vector = counting.step * block.machine.lanes * copies.reduce((most, n) => Math.max(most, n), 1)
  const lead = writeLead(b, writing.alignment, counting.counter)
  const main = b.op('i32.and', b.op('i32.sub', limit, lead), b.i32(-vector))
  const piece = pieceOf(writing)
  const runs = mayRun(writing, main, piece)
  const end = b.op('i32.add', lead, main)
  const results = b.loop([b.select(runs, lead, limit), ...loop.initial], ([stop, ...state]) => {
    const before = b.if(
      b.op('i32.lt_u', state[0]!, stop!),
      () => writeOldLoop(writing, state, stop!),
      () => state,
    )
    const after = b.if(
      b.op('i32.lt_u', stop!, limit),
      () => writePieces(writing, before, end, piece),
      () => before,
    )
    return { next: [limit, ...after], condition: b.op('i32.lt_u', after[0]!, limit) }
  })
  // What stands after the loop knows its results by their old names.
  const names = loop.results
  const again = b.close()
  const last = again.at(-1) as Loop
  return [...again.slice(0, -1), { ...last, results: [results[0]!, ...names] }]
}

/** The loop as it was, to `stop` instead of the block's end. */
function writeOldLoop({ b, graph: { loop } }: Writing, initial: readonly Value[], stop: Value): Value[] {
  const instructions = loop.body.instructions.map(i =>
    i.kind === 'op' && i.result === loop.condition ? { ...i, args: [i.args[0]!, stop] } : i,
  )
  const results = loop.results.map(r => b.parameter(r.type))
  b.push({ ...loop, initial, results, body: { ...loop.body, instructions }, isBrief: true })
  return results
}

/** Frames of a piece: no more than the shortest delay, in whole turns. */
function pieceOf({ b, plan }: Writing): Value {
  let piece = b.i32(plan.chunk)
  for (const { factors, constant } of plan.assumed) {
    let distance = b.i32(constant)
    for (const [value, factor] of factors) {
      distance = b.op('i32.add', distance, factor === 1 ? value : b.op('i32.mul', value, b.i32(factor)))
    }
    piece = b.select(b.op('i32.lt_s', distance, piece), distance, piece)
  }
  return plan.assumed.length === 0 ? piece : b.op('i32.and', piece, b.i32(-PIECE_STEP))
}

/** There are enough frames, and delays are long enough. */
function mayRun({ b, plan }: Writing, main: Value, piece: Value): Value {
  const isSome = b.op('i32.gt_s', main, b.i32(0))
  if (plan.assumed.length === 0) return isSome
  return b.op('i32.and', isSome, b.op('i32.ge_s', piece, b.i32(LEAST_CHUNK)))
}

function writePieces(writing: Writing, initial: readonly Value[], end: Value, piece: Value): Value[] {
  const { b, graph, plan } = writing
  const { counting } = graph
  const most = b.op('i32.mul', piece, b.i32(counting.step))
  const zero = b.i32(0)
  return b.loop(initial, ([start, ...carried]) => {
    const rest = b.op('i32.sub', end, start!)
    const bytes = b.select(b.op('i32.lt_u', rest, most), rest, most)
    const state = [start!, ...carried]
    const next: Value[] = []
    for (const [i, own] of plan.loops.entries()) {
      const writer = { ...writing, start: start!, bytes, zero, state, next }
      if (own.parallel) writeVectorLoop(writer, own, writing.copies[i])
      else writeSerialLoop(writer, own)
    }
    const following = b.op('i32.add', start!, bytes)
    const nexts = carried.map((_, i) => next[i + 1]!)
    return { next: [following, ...nexts], condition: b.op('i32.lt_u', following, end) }
  })
}
