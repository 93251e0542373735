/**
 * States of programs that were replaced, so that they can come back.
 *
 * Comes in: a program that stops playing. Goes out: a number, and for it later the program with its state. Old ones
 * go when all together need more memory than there is for them.
 */
import type { CompiledProgram } from '../../core/program.ts'
import type { SnapshotId } from '../player-types.ts'
import { type Deck, valuesOf } from './deck.ts'

export interface Snapshot {
  readonly program: CompiledProgram
  readonly module: WebAssembly.Module
  readonly heard: number
  readonly memory: ArrayBuffer
  readonly values: Readonly<Record<string, number>>
  readonly before: SnapshotId | undefined
}

export interface Snapshots {
  /** Undefined when it alone is too large. A program that runs on, to fade out, is copied; the memory of others is kept. */
  take(deck: Deck, runsOn: boolean): SnapshotId | undefined
  get(id: SnapshotId | undefined): Snapshot | undefined
}

/** Of all together; the newest is kept whatever its size. */
const LIMIT_BYTES = 32 * 2 ** 20
/** Machine code, layout and description that come with each byte of a module, roughly. */
const PROGRAM_PER_BYTE = 16
/** Of one. */
const MOST_BYTES = 256 * 2 ** 20

/** What a snapshot of a program takes, all in all. */
export function heldBytes({ layout, wasm }: CompiledProgram): number {
  return layout.end + wasm.length * PROGRAM_PER_BYTE
}

export function createSnapshots(limit = LIMIT_BYTES): Snapshots {
  const held = new Map<SnapshotId, Snapshot>()
  let bytes = 0
  let next = 1
  return {
    take: (deck, runsOn) => {
      const { program, module, heard, instance, before } = deck
      if (program.layout.end > MOST_BYTES) return undefined
      const { buffer } = instance.memory
      const memory = runsOn ? buffer.slice(0, program.layout.end) : buffer
      const snapshot = { program, module, heard, memory, values: valuesOf(deck), before }
      const id = next++
      held.set(id, snapshot)
      bytes += heldBytes(program)
      for (const [oldest, old] of held) {
        if (bytes <= limit || oldest === id) break
        held.delete(oldest)
        bytes -= heldBytes(old.program)
      }
      return id
    },
    get: id => (id === undefined ? undefined : held.get(id)),
  }
}
