/**
 * States of programs that were replaced, so that they can come back.
 *
 * Comes in: a program that stops playing. Goes out: a number, and for it later the program with its state. Old ones
 * go when all together need more memory than there is for them.
 */
import type { CompiledProgram } from '../../core/program.ts'
import type { HostModule } from '../host-module.ts'
import type { SnapshotId } from '../player-types.ts'
import { type Deck, valuesOf } from './deck.ts'
import { type MemoryPool, PAGE_BYTES } from './memory-pool.ts'

export interface Snapshot {
  readonly program: CompiledProgram
  readonly module: HostModule
  readonly heard: number
  readonly memory: WebAssembly.Memory
  readonly values: Readonly<Record<string, number>>
  readonly before: SnapshotId | undefined
}

export interface Snapshots {
  /** Undefined when it alone is too large. A program that runs on, to fade out, is copied; the memory of others is kept. */
  take(deck: Deck, runsOn: boolean): SnapshotId | undefined
  get(id: SnapshotId | undefined): Snapshot | undefined
}

/** Of all together; the newest is kept whatever its size. */
const LIMIT_BYTES = 20 * 2 ** 20
/** Machine code, layout and description that come with each byte of a module, roughly. */
const PROGRAM_PER_BYTE = 16
/** Of one. */
const MOST_BYTES = 256 * 2 ** 20

/** What a program takes apart from its memory. */
export const codeBytes = ({ wasm }: CompiledProgram) => wasm.length * PROGRAM_PER_BYTE

/** What a snapshot takes, all in all. */
const heldBytes = (program: CompiledProgram, memory: WebAssembly.Memory) =>
  memory.buffer.byteLength + codeBytes(program)

export function createSnapshots(memories: MemoryPool, limit = LIMIT_BYTES): Snapshots {
  const held = new Map<SnapshotId, Snapshot>()
  let bytes = 0
  let next = 1
  /** Before a copy is made, which takes what was given back: new pages take longer than all the rest of a swap. */
  const makeRoom = (wanted: number) => {
    for (const [oldest, { program, memory }] of held) {
      if (bytes + wanted <= limit) return
      held.delete(oldest)
      memories.give(memory)
      bytes -= heldBytes(program, memory)
    }
  }
  return {
    take: (deck, runsOn) => {
      const { program, module, heard, instance, before } = deck
      if (program.layout.end > MOST_BYTES) return undefined
      makeRoom(heldBytes(program, instance.memory))
      const memory = runsOn ? copy(instance.memory, program.layout.end, memories) : instance.memory
      const id = next++
      held.set(id, { program, module, heard, memory, values: valuesOf(deck), before })
      bytes += heldBytes(program, memory)
      return id
    },
    get: id => (id === undefined ? undefined : held.get(id)),
  }
}

function copy({ buffer }: WebAssembly.Memory, bytes: number, memories: MemoryPool): WebAssembly.Memory {
  const target = memories.take(buffer.byteLength / PAGE_BYTES, false)
  new Uint8Array(target.buffer).set(new Uint8Array(buffer, 0, bytes))
  return target
}
