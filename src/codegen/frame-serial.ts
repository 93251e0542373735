/**
 * Writes a loop that goes from frame to frame.
 *
 * Comes in: a loop of a frame plan. Goes out: its instructions as they were, with what other loops computed read from
 * memory, and what others need written there; its own past is carried in registers. One of two writers of loops.
 */
import { sizeOf } from './frame-memory.ts'
import type { FrameLoop } from './frame-plan.ts'
import {
  type ChunkWriter,
  countedValue,
  type LoopWriter,
  PIECE,
  pastsOf,
  roomAddress,
  writePast,
} from './frame-write.ts'
import { copyInstructions } from './inline.ts'
import type { Instruction, Value } from './kernel.ts'
import { definitions, everyInstruction, regions, valuesUsed } from './regions.ts'
import { withOperands } from './rewrite.ts'

interface SerialWriter extends LoopWriter {
  readonly names: Map<Value, Value>
  /** Carried values that this loop carries. */
  readonly carried: ReadonlyMap<Value, Value>
}

export function writeSerialLoop(writer: ChunkWriter, own: FrameLoop): void {
  const { b, graph, state, zero, bytes } = writer
  const { loop, counting } = graph
  const pasts = pastsOf({ graph, own })
  const nodes = new Set(own.nodes)
  for (const node of own.nodes) preparePast(writer, node)
  const results = b.loop(
    [zero, ...pasts.map(i => state[i]!)],
    ([at, ...values]) => {
      const serial: SerialWriter = {
        ...writer,
        ...{
          own,
          at: at!,
          isOwn: node => nodes.has(node),
          counted: new Map(),
          scaled: new Map(),
          names: new Map(),
        },
        carried: new Map(pasts.map((index, i) => [loop.carried[index]!, values[i]!])),
      }
      for (const node of own.nodes) writeNode(serial, node)
      const next = pasts.map(index => operand(serial, loop.body.yields[index]!))
      const following = b.op('i32.add', at!, b.i32(counting.step))
      return { next: [following, ...next], condition: b.op('i32.lt_u', following, bytes) }
    },
    PIECE,
  )
  for (const [i, index] of pasts.entries()) writer.next[index] = results[i + 1]!
}

export function valuesOfNode({ graph }: ChunkWriter, node: number): readonly Value[] {
  const instruction = graph.nodes[node]
  return instruction
    ? definitions(instruction)
    : (graph.pasts.get(node) ?? []).map(i => graph.loop.carried[i]!)
}

export function preparePast(writer: ChunkWriter, node: number): void {
  for (const value of valuesOfNode(writer, node)) {
    const room = writer.rooms.of(value)
    if (room && room.past > 0) writePast(writer, node, value, room)
  }
}

function writeNode(writer: SerialWriter, node: number): void {
  const { b, graph, names, rooms } = writer
  const instruction = graph.nodes[node]
  if (instruction) copy(writer, instruction)
  for (const value of valuesOfNode(writer, node)) {
    const room = rooms.of(value)
    if (!room) continue
    b.store(
      roomAddress(writer, sizeOf(value)),
      room.offset,
      names.get(value) ?? operand(writer, value),
      room.space,
    )
  }
}

/** What a value of the old loop is in this one. */
function operand(writer: SerialWriter, value: Value): Value {
  const { b, graph, names, carried, rooms } = writer
  const known = names.get(value) ?? carried.get(value)
  if (known) return known
  const source = graph.sourceOf(value)
  if (!source) return countedValue(writer, value)
  const room = rooms.of(source.value)
  if (!room) throw new Error(`internal error: v${value.id} is not handed to the loop that reads it`)
  const size = sizeOf(value)
  const loaded = b.load(
    value.type,
    roomAddress(writer, size),
    room.offset - source.delay * size,
    false,
    room.space,
  )
  names.set(value, loaded)
  return loaded
}

function copy(writer: SerialWriter, instruction: Instruction): void {
  const { b, names } = writer
  if (regions(instruction).length === 0) {
    const made = b.copy(withOperands(instruction, value => operand(writer, value)))
    for (const [i, value] of definitions(instruction).entries()) if (i === 0) names.set(value, made!)
    return
  }
  const inner = new Set([...regions(instruction)].flatMap(r => [...everyInstruction(r)]).flatMap(definitions))
  const known = new Map<Value, Value>()
  for (const value of valuesUsed(instruction)) if (!inner.has(value)) known.set(value, operand(writer, value))
  const results = definitions(instruction)
  const holder = { instructions: [instruction], yields: results }
  const { instructions } = copyInstructions(holder, known, b.takeIds(inner.size + results.length))
  for (const made of instructions) b.push(made)
  for (const value of results) names.set(value, known.get(value)!)
}
