/**
 * Memory in loops over several frames.
 *
 * Comes in: a load or store of a frame. Goes out: the same for all frames of a vector. Apart from frame-vector, as it
 * alone knows of rings' ends: behind each ring lies a copy of its first elements, so that a vector may be read across
 * the end; writing brings what lies beyond it to the start.
 */
import { type Access, type Load, type Store, sizeOf } from './frame-memory.ts'
import type { PastVectors } from './frame-past.ts'
import type { FrameLoop } from './frame-plan.ts'
import { type ChunkWriter, countedValue, type LoopWriter } from './frame-write.ts'
import type { Value } from './kernel.ts'
import { asNumber, extractLane, gatherLanes, type Pair, type ScalarType } from './pair-op.ts'

/** A loop over several frames being written. */
export interface VectorWriter extends LoopWriter {
  readonly lanes: 2 | 4
  /** What values are in this loop. */
  readonly packs: Map<Value, Pair>
  readonly past: PastVectors
  /** Which of the vectors that a turn computes side by side. */
  readonly copy: number
  /** What the vectors of a turn have read of delay lines: one reads what another has read some taps before. */
  readonly shared: Map<string, Value>
}

export function readMemory(writer: VectorWriter, load: Load, packOf: (value: Value) => Pair): Pair {
  const { b, graph, lanes } = writer
  const { address, offset, constant, space, result } = load
  const access = graph.access.get(load)!
  const kind = result.type as ScalarType
  if (access.kind !== 'anywhere') {
    const read = () => b.load('v128', countedValue(writer, address), offset, constant, space)
    return { kind, vector: access.kind === 'ring' ? readOnce(writer, load, access, read) : read() }
  }
  const isCounted = graph.counting.isCounted(address)
  const addresses = isCounted ? undefined : asNumber(b, packOf(address)).vector
  const values = Array.from({ length: lanes }, (_, lane) => {
    const at = addresses ? extractLane(b, 'i32', addresses, lane) : countedValue(writer, address, lane)
    return b.load(result.type, at, offset, constant, space)
  })
  return gatherLanes(b, values)
}

function readOnce(writer: VectorWriter, { offset, space }: Load, access: Access, read: () => Value): Value {
  const { graph, own, lanes, copy, shared } = writer
  const isWritten = own.nodes.some(node => {
    const store = graph.nodes[node]
    return store?.kind === 'store' && store.space === space
  })
  if (isWritten) return read()
  const { factors, constant } = access.sum
  const first = (constant + copy * lanes * access.size) & access.mask
  const terms = [...factors].map(([{ id }, factor]) => `${factor}*${id}`)
  const key = `${space} ${offset} ${first} ${terms.join('+')}`
  const known = shared.get(key)
  if (known) return known
  const made = read()
  shared.set(key, made)
  return made
}

export function writeStore(writer: VectorWriter, store: Store, pack: Pair): void {
  const { b, graph, lanes } = writer
  const { address, offset, space } = store
  const access = graph.access.get(store)!
  const { vector } = asNumber(b, pack)
  const at = countedValue(writer, address)
  const whole = lanes * access.size === 16 ? vector : b.op('i64x2.extract_lane_0', vector)
  b.store(at, offset, whole, space)
  if (access.kind !== 'ring') return
  if (!writer.alignment.stores.has(store)) closeRing(writer, store, at, vector)
  else if (isReadSoon(writer, store)) repeatStart(writer, store, at, vector)
}

/** Whether this loop reads what it wrote into a ring, perhaps beyond its end, before the next piece. */
function isReadSoon({ graph, own, plan }: VectorWriter, store: Store): boolean {
  const written = graph.nodes.indexOf(store)
  return graph.edges.some(({ from, to, delay, throughRing, fixed }) => {
    if (from !== written || !own.nodes.includes(to)) return false
    if (!throughRing) return true
    return fixed ? !plan.assumed.includes(fixed) : delay < plan.chunk
  })
}

/** What lies at the ring's start is to be found behind its end as well. */
function repeatStart({ b, graph }: VectorWriter, store: Store, at: Value, vector: Value): void {
  const end = store.offset + graph.access.get(store)!.mask + 1
  b.if(
    b.op('i32.eqz', at),
    () => {
      b.store(at, end, vector, store.space)
      return []
    },
    () => [],
  )
}

/** After a store near the ring's end or start. */
function closeRing(writer: VectorWriter, store: Store, at: Value, vector: Value): void {
  const { b, lanes, zero } = writer
  const { offset, value, space } = store
  const size = sizeOf(value)
  const ring = writer.graph.access.get(store)!.mask
  const mask = b.i32(ring)
  const more = (lanes - 1) * size
  const last = b.op('i32.and', b.op('i32.add', at, b.i32(more)), mask)
  b.if(
    b.op('i32.lt_u', last, b.i32(2 * more)),
    () => {
      for (let lane = 1; lane < lanes; lane++) {
        const address = b.op('i32.and', b.op('i32.add', at, b.i32(lane * size)), mask)
        b.store(address, offset, extractLane(b, value.type, vector, lane), space)
      }
      copyStart(writer, zero, offset, ring + 1, space)
      return []
    },
    () => [],
  )
}

/** The first elements of a ring, behind its end. */
function copyStart(
  { b }: ChunkWriter,
  zero: Value,
  offset: number,
  bytes: number,
  space: string | undefined,
): void {
  b.store(zero, offset + bytes, b.load('v128', zero, offset, false, space), space)
}

/** Before a loop: others may have written since. */
export function refreshGuards(writer: ChunkWriter, own: FrameLoop): void {
  const { graph, zero } = writer
  const done = new Set<number>()
  for (const node of own.nodes) {
    const instruction = graph.nodes[node]
    if (instruction?.kind !== 'load') continue
    const access = graph.access.get(instruction)!
    if (access.kind !== 'ring' || done.has(instruction.offset)) continue
    done.add(instruction.offset)
    copyStart(writer, zero, instruction.offset, access.mask + 1, instruction.space)
  }
}
