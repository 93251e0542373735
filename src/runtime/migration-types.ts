/**
 * What a swap of programs does to state. Types only: planned by migrate.ts, carried out beside the sound, and
 * shown to people.
 */
import type { Cell } from '../core/program.ts'

/**
 * State of the old memory that goes to the new one; what it does not fill keeps the new start value. Between a
 * delay line and a variable (`Cell.age`) goes the sample of that age.
 */
export interface StateCopy {
  readonly from: Cell
  readonly to: Cell
}

/** One piece of state, called as the user wrote it, with what became of it. */
export interface MigrationEntry {
  /** Path of definitions, such as `process/echo`. */
  readonly name: string
  readonly kind: Cell['kind']
  /** What kind of value it keeps, where that is known: `phase`, `filter`, `past`, … */
  readonly form?: string
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
  /** In hertz, before and after, where known: turns lengths into seconds. */
  readonly formerSampleRate?: number | undefined
  readonly sampleRate?: number | undefined
}

export interface Migration {
  readonly copies: readonly StateCopy[]
  readonly report: MigrationReport
  /** Counters that say where the newest element of every delay line is; absent without delay lines. */
  readonly formerPosition: Cell | undefined
  readonly position: Cell | undefined
  /** Old sample rate / new one: how many old samples pass while a new one does. */
  readonly rateRatio: number
}
