/**
 * What plays: the front end of the audio host as the command line, the REPL and tests see it. Types only, so that
 * each of them can be built and tested without a process and without sound.
 */
import type { CompiledProgram } from '../core/program.ts'
import type { MigrationReport } from './migration-types.ts'

export interface PlayerOptions {
  /** `speaker`, `pipe:NAME`, `null`, `file:PATH` or `stdout`; `auto` takes the first that works. */
  readonly backend: string
  readonly device?: string
  /** In hertz. */
  readonly sampleRate: number
  /** In frames. */
  readonly blockSize: number
  /** Sound queued ahead of the device, in seconds; Infinity fills the device's buffer. */
  readonly latency: number
  /** Recording that is played, over and over, into the inputs. */
  readonly inputFile?: string
  /** What is heard is also written here, a WAV file. */
  readonly recordFile?: string
  /** Stop by itself after as many frames. */
  readonly frames?: number
}

/** A state of the running program at the moment it was replaced; a number of this player. */
export type SnapshotId = number

export interface SwapOptions {
  /** Outputs from this one on are not heard but kept for `capture`. Default: all are heard. */
  readonly audibleOutputs?: number
  /** Takes the state from this snapshot instead of from what runs; controls too. */
  readonly restore?: SnapshotId
  /** Hear how the program goes on before it is let out; default true. */
  readonly audition?: boolean
  /** Starts everything anew, controls too. */
  readonly reset?: boolean
  /** Another program with the same samples and state, but faster, comes soon: refused at half of the usual cost. */
  readonly draft?: boolean
  /** This is it, for the program of that number: nothing that is heard changes. */
  readonly finishes?: number
  /** Starts all state anew; controls keep their values. */
  readonly fresh?: boolean
  /** Moves these controls before the first frame; where the program has them, into their range. */
  readonly settings?: readonly { readonly address: string; readonly value: number }[]
}

export type SwapOutcome =
  | {
      readonly ok: true
      readonly report: MigrationReport
      /** Why its state was not taken over, a whole sentence: with it, it would have been refused. */
      readonly anew?: string | undefined
      /** Number of the program that plays now. */
      readonly serial: number
      /** Of what ran until now; none before the first program. */
      readonly snapshot: SnapshotId | undefined
      /** Frames played since the start, at the swap. */
      readonly frame: number
      /** Length of the cross-fade; 0 without. */
      readonly fadeFrames: number
      /** What it cost in the audio host. */
      readonly cost?: SwapCost
    }
  /** What ran before goes on. `reason` is a whole sentence for the user. */
  | { readonly ok: false; readonly reason: string; readonly code: SwapRefusal }

/** In milliseconds. */
export interface SwapCost {
  /** Beside the sound: compiling, tables, rehearsal. */
  readonly beside: number
  /** Between two blocks: starting the instance, copying state. */
  readonly between: number
}

export type SwapRefusal = 'notANumber' | 'directCurrent' | 'levelJump' | 'tooExpensive' | 'invalid' | 'ended'

/** About twenty times a second. */
export interface PlayerStatus {
  readonly frame: number
  /** Computing time in parts of real time; 1 is the limit. */
  readonly load: number
  readonly underruns: number
  /** Milliseconds that the first block of the program took; absent before it. */
  readonly firstBlock?: number | undefined
  /** Largest magnitude since the last status, of each heard output. */
  readonly peaks: readonly number[]
  /** All controls and bargraphs by address. */
  readonly values: Readonly<Record<string, number>>
}

export interface MutedEvent {
  /** `runaway`: far too loud; `trapped`: the program ended with a fault. */
  readonly reason: 'notANumber' | 'runaway' | 'trapped'
  readonly frame: number
  /** Controls at that moment, by address. */
  readonly values: Readonly<Record<string, number>>
  /** The program before it plays again. */
  readonly recovered: boolean
}

/** A control took a value, at this frame: enough to play the same once more. */
export interface ChangedEvent {
  readonly address: string
  readonly value: number
  readonly frame: number
}

export interface EndedEvent {
  readonly reason: 'stopped' | 'finished' | 'device' | 'crash'
  /** Frame at which the sound began to fade out; absent where it did not. */
  readonly fadedFrom?: number | undefined
  /** A sentence for the user when it is a failure. */
  readonly message?: string
  /** Of that message, such as `DSP0724`. */
  readonly code?: string
  readonly help?: string
}

export interface PlayerEvents {
  readonly status: (status: PlayerStatus) => void
  readonly muted: (event: MutedEvent) => void
  readonly changed: (event: ChangedEvent) => void
  readonly ended: (event: EndedEvent) => void
}

export interface Player {
  readonly backend: string
  readonly sampleRate: number
  /** Replaces what runs at the next block; state that both have is kept. */
  swap(program: CompiledProgram, options?: SwapOptions): Promise<SwapOutcome>
  /** A swap comes soon, that goes on from what plays: what can be done ahead is done while the program is compiled. */
  expect(): void
  /** Takes effect at the next block; resolves with the value it was moved to (its range). Rejects if unknown. */
  set(address: string, value: number): Promise<number>
  /** The last frames of an output (taps included), oldest first; at most `frames`, at most 2 seconds. */
  capture(output: number, frames: number): Promise<Float32Array>
  /** From now on what is heard is written to this WAV file; undefined ends and completes the file. */
  record(path: string | undefined): Promise<void>
  pause(): Promise<void>
  resume(): Promise<void>
  /** Returns what removes the listener. */
  on<E extends keyof PlayerEvents>(event: E, listener: PlayerEvents[E]): () => void
  /** Fades out in 20 ms, drains, ends the process. Safe to call twice. */
  stop(): Promise<EndedEvent>
}
