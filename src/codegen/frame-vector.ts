/**
 * Writes a loop that works on several frames at once.
 *
 * Comes in: a loop of a frame plan in which no frame of a vector needs another. Goes out: vector instructions, a lane
 * for each of 2 (double) or 4 (single precision) successive frames, and what other loops need in memory. One of two
 * writers of loops.
 */

import { sizeOf } from './frame-memory.ts'
import { delayed, startPast } from './frame-past.ts'
import type { FrameLoop } from './frame-plan.ts'
import { preparePast, valuesOfNode } from './frame-serial.ts'
import { readMemory, refreshGuards, type VectorWriter, writeStore } from './frame-vector-memory.ts'
import { type ChunkWriter, countedValue, PIECE, pastsOf, roomAddress } from './frame-write.ts'
import type { Instruction, Value } from './kernel.ts'
import { constantOf } from './memory-order.ts'
import { callInLanes } from './pair-function.ts'
import { asNumber, constantPair, gatherLanes, type Pair, pairOperation, type ScalarType } from './pair-op.ts'

/** With `copies`, so many vectors a turn, side by side. */
export function writeVectorLoop(writer: ChunkWriter, own: FrameLoop, copies = 1): void {
  const { b, graph, bytes, zero, machine } = writer
  const { step } = graph.counting
  const nodes = new Set(own.nodes)
  for (const node of own.nodes) preparePast(writer, node)
  refreshGuards(writer, own)
  const past = startPast(writer, pastsOf({ graph, own }))
  const turn = ([at, ...vectors]: readonly Value[]) => {
    const before = past.enter(vectors)
    const earlier = (value: Value, copy: number) =>
      sides
        .slice(0, copy)
        .reverse()
        .map(own => asNumber(b, own.packs.get(value)!).vector)
    const shared = new Map<string, Value>()
    const side = (copy: number): VectorWriter => ({
      ...{ ...writer, own, copy, shared, isOwn: node => nodes.has(node) },
      ...{ counted: new Map(), scaled: new Map() },
      at: copy === 0 ? at! : b.op('i32.add', at!, b.i32(copy * step * machine.lanes)),
      ...{
        packs: new Map(),
        lanes: machine.lanes,
        past: { get: value => [...earlier(value, copy), ...before.get(value)!] },
      },
    })
    const sides: VectorWriter[] = []
    for (let copy = 0; copy < copies; copy++) sides.push(side(copy))
    for (const node of own.nodes) for (const vector of sides) writeNode(vector, node)
    const next = past.leave(value => earlier(value, copies))
    const following = b.op('i32.add', at!, b.i32(copies * step * machine.lanes))
    return { next: [following, ...next], condition: b.op('i32.lt_u', following, bytes) }
  }
  // Functions stand side by side after inlining; what is between them may be computed where it is used.
  const isInterleaved = copies > 1 && own.nodes.every(node => graph.nodes[node]?.kind !== 'call')
  const results = b.loop([zero, ...past.initial], turn, isInterleaved ? { isInterleaved, ...PIECE } : PIECE)
  past.finish(results.slice(1))
}

function writeNode(writer: VectorWriter, node: number): void {
  const { b, graph, rooms, packs } = writer
  const instruction = graph.nodes[node]!
  compute(writer, instruction)
  for (const value of valuesOfNode(writer, node)) {
    const room = rooms.of(value)
    if (!room) continue
    const { vector } = asNumber(b, packs.get(value)!)
    const address = roomAddress(writer, sizeOf(value))
    b.store(
      address,
      room.offset,
      writer.lanes * sizeOf(value) === 16 ? vector : b.op('i64x2.extract_lane_0', vector),
      room.space,
    )
  }
}

function compute(writer: VectorWriter, instruction: Instruction): void {
  const { b, graph, packs } = writer
  switch (instruction.kind) {
    case 'op': {
      const args = instruction.args.map(value => packOf(writer, value))
      const constant = (pair: Pair) =>
        constantOf(instruction.args[args.indexOf(pair)]!, graph.counting.definitions)
      packs.set(instruction.result, pairOperation(b, instruction.op, args, constant)!)
      return
    }
    case 'call': {
      const args = instruction.args.map(value => asNumber(b, packOf(writer, value)).vector)
      const kind = instruction.result!.type as ScalarType
      const vector = callInLanes(b, writer.machine.pairFunction, instruction.function, args, writer.lanes)
      packs.set(instruction.result!, { kind, vector })
      return
    }
    case 'load':
      packs.set(
        instruction.result,
        readMemory(writer, instruction, value => packOf(writer, value)),
      )
      return
    case 'store':
      writeStore(writer, instruction, packOf(writer, instruction.value))
      return
    default:
      throw new Error(`internal error: ${instruction.kind} in lanes`)
  }
}

/** A value in all lanes. */
function packOf(writer: VectorWriter, value: Value): Pair {
  const known = writer.packs.get(value)
  if (known) return known
  const made = makePack(writer, value)
  writer.packs.set(value, made)
  return made
}

function makePack(writer: VectorWriter, value: Value): Pair {
  const { b, graph, lanes, rooms } = writer
  const kind = value.type as ScalarType
  const source = graph.sourceOf(value)
  if (!source) {
    const constant = constantOf(value, graph.counting.definitions)
    if (constant !== undefined) return constantPair(b, kind, constant)
    if (graph.counting.isFixed(value)) return gatherLanes(b, Array(lanes).fill(value))
    return gatherLanes(
      b,
      Array.from({ length: lanes }, (_, k) => countedValue(writer, value, k)),
    )
  }
  if (writer.isOwn(source.node)) {
    return { kind, vector: delayed(writer, source, asNumber(b, writer.packs.get(source.value)!).vector) }
  }
  const room = rooms.of(source.value)!
  const size = sizeOf(value)
  const address = roomAddress(writer, size)
  return { kind, vector: b.load('v128', address, room.offset - source.delay * size, false, room.space) }
}
