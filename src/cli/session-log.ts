/**
 * The log of a performance: enough to compute it again, sample for sample.
 *
 * Comes in: programs as they replaced each other and controls as they moved, with their frames. Goes out: lines of
 * JSON, and back. A program is logged as its text with the text of each file that it imported (except the standard
 * library), because what a machine compiled is not for people to read.
 */

import { appendFileSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { OptimizerOptions } from '../codegen/generate.ts'
import type { CompileOptions, Load, LoadedFile } from '../compile.ts'
import type { CompiledProgram } from '../core/program.ts'
import { VERSION } from '../runtime/description.ts'
import type { EndedEvent, Player, SnapshotId, SwapOptions, SwapOutcome } from '../runtime/player-types.ts'
import { EXIT } from './exit-codes.ts'
import { fail, reasonOf } from './failure.ts'
import { standardLibrary } from './package.ts'

/** The first line. */
export interface LogHead {
  readonly log: 1
  readonly dspc: string
  readonly sampleRate: number
  readonly blockSize: number
  readonly input?: string
}

export interface LoggedFile {
  readonly name: string
  readonly text: string
}

export interface LoggedProgram {
  readonly name: string
  readonly text: string
  readonly options: OptimizerOptions & Pick<CompileOptions, 'precision' | 'entry' | 'definitions' | 'voices'>
  /** By the name in `import`. */
  readonly files: Readonly<Record<string, LoggedFile>>
}

export type LogEvent =
  | {
      readonly kind: 'program'
      readonly frame: number
      readonly program: LoggedProgram
      readonly swap: SwapOptions
      readonly snapshot?: SnapshotId | undefined
    }
  | { readonly kind: 'set'; readonly frame: number; readonly address: string; readonly value: number }
  /** `fadedFrom`: the frame at which the sound began to fade out, if it did. */
  | { readonly kind: 'end'; readonly frame: number; readonly fadedFrom?: number | undefined }

export interface SessionLog {
  /** After a swap that succeeded. */
  program(program: LoggedProgram, swap: SwapOptions, outcome: SwapOutcome & { ok: true }): void
  /** Writes the controls that move from now on, and the end. */
  follow(player: Player): void
  end(event?: EndedEvent): void
}

/** Lines are on the disk when the call returns: a crash loses nothing. */
export function openLog(path: string, settings: Omit<LogHead, 'log' | 'dspc'>): SessionLog {
  const write = (value: LogHead | LogEvent, first = false) => {
    try {
      const line = `${JSON.stringify(value)}\n`
      if (first) writeFileSync(path, line)
      else appendFileSync(path, line)
    } catch (error) {
      fail(EXIT.file, 'fileUnwritable', { file: path, reason: reasonOf(error) })
    }
  }
  write({ log: 1, dspc: VERSION, ...settings }, true)
  let frame = 0
  let started = false
  let ended = false
  return {
    program: (program, swap, outcome) => {
      if (ended) return
      started = true
      write({ kind: 'program', frame: outcome.frame, program, swap, snapshot: outcome.snapshot })
      frame = Math.max(frame, outcome.frame)
    },
    follow: player => {
      player.on('changed', event => {
        if (ended) return
        write({ kind: 'set', ...event })
        frame = Math.max(frame, event.frame)
      })
      player.on('status', status => {
        frame = Math.max(frame, status.frame)
      })
    },
    end: event => {
      if (started && !ended) write({ kind: 'end', frame, fadedFrom: event?.fadedFrom })
      ended = true
    },
  }
}

/** What the host decided is part of the performance. */
export function loggedSwap(options: SwapOptions, { anew }: SwapOutcome & { ok: true }): SwapOptions {
  return anew === undefined ? options : { ...options, fresh: true }
}

export interface Remembering {
  readonly load: Load
  readonly files: Record<string, LoggedFile>
}

/** A loader that remembers what it loaded, but for the standard library. */
export function rememberFiles(load: Load): Remembering {
  const files: Record<string, LoggedFile> = {}
  const library = standardLibrary()
  const isOwn = ({ name, standard }: LoadedFile) => !standard && !resolve(name).startsWith(library)
  return {
    files,
    load: file => {
      const found = load(file)
      if (found && isOwn(found)) files[file] = { name: found.name, text: found.text }
      return found
    },
  }
}

/** Where programs come from, for those who only have the program. */
const origins = new WeakMap<CompiledProgram, LoggedProgram>()

export function noteOrigin(program: CompiledProgram, logged: LoggedProgram): void {
  origins.set(program, logged)
}

export function loggedProgram(program: CompiledProgram): LoggedProgram | undefined {
  return origins.get(program)
}

export type LogResult =
  | { readonly ok: true; readonly head: LogHead; readonly events: readonly LogEvent[] }
  | { readonly ok: false; readonly line: number; readonly reason: string }

export function readLog(text: string): LogResult {
  const lines = text.split('\n').filter(line => line.trim() !== '')
  const wrong = (line: number, reason: string): LogResult => ({ ok: false, line: line + 1, reason })
  const values: unknown[] = []
  for (const [i, line] of lines.entries()) {
    try {
      values.push(JSON.parse(line))
    } catch {
      // A crash may have cut the last line short; what stands before it is good.
      if (i === 0 || i < lines.length - 1) return wrong(i, 'is not JSON')
    }
  }
  const head = values[0] as Partial<LogHead> | undefined
  if (head?.log !== 1 || !isRate(head.sampleRate) || !isRate(head.blockSize)) {
    return wrong(0, 'is not the head of a log')
  }
  const events: LogEvent[] = []
  for (const [i, value] of values.slice(1).entries()) {
    if (!isEvent(value)) return wrong(i + 1, 'is no event of a log')
    if (value.frame < (events.at(-1)?.frame ?? 0)) return wrong(i + 1, 'goes back in time')
    events.push(value)
  }
  return { ok: true, head: head as LogHead, events }
}

const isRate = (value: unknown) => Number.isInteger(value) && (value as number) > 0

function isEvent(value: unknown): value is LogEvent {
  const { kind, frame, program, address, value: amount } = (value ?? {}) as Record<string, unknown>
  if (!Number.isInteger(frame) || (frame as number) < 0) return false
  if (kind === 'program') return typeof (program as LoggedProgram | undefined)?.text === 'string'
  if (kind === 'set') return typeof address === 'string' && typeof amount === 'number'
  return kind === 'end'
}
