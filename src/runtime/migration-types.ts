/**
 * What a swap of programs does to state. Types only: planned by migrate.ts, carried out beside the sound, and
 * shown to people.
 */
import type { Cell } from '../core/program.ts'

/** Bytes of the old memory that go to the new one. Fills what it does not copy with the new start value. */
export interface StateCopy {
  readonly from: Cell
  readonly to: Cell
}

/** One piece of state, called as the user wrote it, with what became of it. */
export interface MigrationEntry {
  /** Path of definitions, such as `process/echo`. */
  readonly name: string
  readonly kind: Cell['kind']
  /** Where it was called otherwise before: its old path. */
  readonly formerName?: string
  /** Elements (of a delay line: samples) before and after. */
  readonly formerLength?: number
  readonly length?: number
}

/** Every cell with an identity is in just one list. */
export interface MigrationReport {
  readonly kept: readonly MigrationEntry[]
  /** Kept, under another name or elsewhere in the program. */
  readonly moved: readonly MigrationEntry[]
  readonly resized: readonly MigrationEntry[]
  /** Starts clean. */
  readonly fresh: readonly MigrationEntry[]
  readonly dropped: readonly MigrationEntry[]
}

export interface Migration {
  readonly copies: readonly StateCopy[]
  readonly report: MigrationReport
}
