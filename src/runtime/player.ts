/**
 * The front end of the audio host: starts it, speaks with it, and knows how it ended.
 *
 * Comes in: what a program on this side wants to hear. Goes out: a `Player`. Nothing here makes sound or waits for it.
 */

import type { CompiledProgram } from '../core/program.ts'
import { type Diagnostic, makeDiagnostic } from '../diagnostics.ts'
import { RuntimeError } from './error.ts'
import {
  askForRealTime,
  type HostExit,
  HostGone,
  type HostProcess,
  removePartial,
  startHost,
} from './host-process.ts'
import { checkCommand } from './outputs/check-command.ts'
import { endWith } from './outputs/diagnose.ts'
import { findCommand, PIPE_COMMANDS } from './outputs/pipe-commands.ts'
import { packProgram } from './packed-program.ts'
import type {
  EndedEvent,
  Player,
  PlayerEvents,
  PlayerOptions,
  SwapOptions,
  SwapOutcome,
} from './player-types.ts'
import type { HostEvent } from './protocol.ts'
import { partialName } from './recorder.ts'

/** Frames that wait in the output, in seconds, when nothing else is asked for. */
export const DEFAULT_LATENCY = 0.12

/** A host that is told to stop has what it still has to play, and this long. */
const PATIENCE_MS = 3000

/** A player on this machine. */
export interface LocalPlayer extends Player {
  /** Of the audio host. */
  readonly processId: number | undefined
}

/** Rejects with RuntimeError, whose diagnostic says what is missing, when nothing can be played here. */
export async function startPlayer(options: PlayerOptions): Promise<LocalPlayer> {
  if (options.backend !== 'auto') return startOne(options)
  let first: unknown
  for await (const backend of candidates()) {
    try {
      return await startOne({ ...options, backend })
    } catch (error) {
      if (!(error instanceof RuntimeError)) throw error
      first ??= error
    }
  }
  throw first
}

/** Ways to a device, the best first. Asking whether one works takes time, so that is done when it has its turn. */
async function* candidates(): AsyncGenerator<string, void> {
  yield 'speaker'
  for (const command of PIPE_COMMANDS) {
    const isThere = findCommand(command.name) !== undefined
    if (isThere && (await checkCommand(command))) yield `pipe:${command.name}`
  }
}

type Listeners = { readonly [E in keyof PlayerEvents]: Set<PlayerEvents[E]> }

async function startOne(options: PlayerOptions): Promise<LocalPlayer> {
  const listeners: Listeners = { status: new Set(), muted: new Set(), changed: new Set(), ended: new Set() }
  let finish: (event: EndedEvent) => void = () => {}
  const over = new Promise<EndedEvent>(resolve => {
    finish = resolve
  })
  let ended: EndedEvent | undefined
  let fatal: Diagnostic | undefined
  const end = (event: EndedEvent) => {
    if (ended) return
    ended = event
    finish(event)
    for (const listener of [...listeners.ended]) listener(event)
  }
  const recordings = new Set(options.recordFile === undefined ? [] : [options.recordFile])
  const host = startHost(
    {
      event: event => {
        if (event.kind !== 'ended') tell(listeners, event)
        else {
          end(event.event)
          host.release()
        }
      },
      stderr: text => {
        const wrong = wrongRate(text)
        if (!wrong) return
        end(endWith('device', wrong))
        host.kill()
      },
      exit: exit => {
        if (!ended) for (const path of recordings) removePartial(partialName(path, host.id ?? 0))
        fatal = describeExit(exit, options)
        end(endWith('crash', fatal))
      },
    },
    options.backend === 'stdout',
  )
  const { sampleRate } = await askAtStart(host, options, () => over.then(() => fatal))
  askForRealTime(host)
  return makePlayer({ options, host, sampleRate, listeners, recordings, over, end, isOver: () => ended })
}

/** The host either opens, refuses, or dies of it. */
async function askAtStart(
  host: HostProcess,
  options: PlayerOptions,
  fatal: () => Promise<Diagnostic | undefined>,
) {
  try {
    return await host.ask({ kind: 'open', options: { ...options } })
  } catch (error) {
    if (!(error instanceof HostGone)) {
      host.kill()
      throw error
    }
    const reason = 'it did not answer'
    throw new RuntimeError((await fatal()) ?? makeDiagnostic('hostCrashed', undefined, { reason }))
  }
}

interface Parts {
  readonly options: PlayerOptions
  readonly host: HostProcess
  readonly sampleRate: number
  readonly listeners: Listeners
  readonly recordings: Set<string>
  readonly over: Promise<EndedEvent>
  readonly end: (event: EndedEvent) => void
  readonly isOver: () => EndedEvent | undefined
}

function makePlayer(parts: Parts): LocalPlayer {
  const { options, host, sampleRate, listeners, recordings, over, end, isOver } = parts
  const stop = async (): Promise<EndedEvent> => {
    if (isOver()) return over
    const waiting = Number.isFinite(options.latency) ? options.latency * 1000 : 0
    const giveUp = () => {
      for (const path of recordings) removePartial(partialName(path, host.id ?? 0))
      end({ reason: 'stopped' })
      host.kill()
    }
    const limit = setTimeout(giveUp, waiting + PATIENCE_MS)
    host.ask({ kind: 'stop' }).catch(() => {})
    return over.finally(() => clearTimeout(limit))
  }
  return {
    processId: host.id,
    backend: options.backend,
    sampleRate,
    swap: (program, swapOptions = {}) => swap(host, program, swapOptions, isOver),
    expect: () => void host.ask({ kind: 'expect' }).catch(() => {}),
    set: (address, value) => host.ask({ kind: 'set', address, value }),
    capture: (output, frames) => host.ask({ kind: 'capture', output, frames }),
    record: async path => {
      await host.ask({ kind: 'record', path })
      recordings.clear()
      if (path !== undefined) recordings.add(path)
    },
    pause: () => host.ask({ kind: 'pause' }),
    resume: () => host.ask({ kind: 'resume' }),
    on: (event, listener) => {
      const set = listeners[event] as Set<typeof listener>
      set.add(listener)
      return () => set.delete(listener)
    },
    stop,
  }
}

async function swap(
  host: HostProcess,
  program: CompiledProgram,
  options: SwapOptions,
  isOver: () => EndedEvent | undefined,
): Promise<SwapOutcome> {
  try {
    return await host.ask({ kind: 'swap', program: packProgram(program), options: { ...options } })
  } catch (error) {
    if (error instanceof HostGone) {
      const reason = isOver()?.message ?? 'playing has ended'
      return { ok: false, code: 'ended', reason }
    }
    throw error
  }
}

function tell(
  listeners: Listeners,
  event: Exclude<HostEvent, { kind: 'answer' | 'refusal' | 'ended' }>,
): void {
  switch (event.kind) {
    case 'status':
      for (const listener of [...listeners.status]) listener(event.event)
      return
    case 'muted':
      for (const listener of [...listeners.muted]) listener(event.event)
      return
    case 'changed':
      for (const listener of [...listeners.changed]) listener(event.event)
  }
}

/** The package `speaker` plays at another rate than asked for, and only says so. */
function wrongRate(text: string): Diagnostic | undefined {
  const match = /rate (\d+) not available, using (\d+)/.exec(text)
  if (!match) return undefined
  return makeDiagnostic('deviceRate', undefined, { wanted: Number(match[1]), offered: Number(match[2]) })
}

/** Importing `speaker` aborts the process where there is no device; the C library says so on the way. */
function describeExit({ code, signal, stderr }: HostExit, { backend }: PlayerOptions): Diagnostic {
  if (backend === 'speaker' && (signal === 'SIGABRT' || code === 134)) {
    return makeDiagnostic('noSoundDevice', undefined, { reason: complaintOf(stderr) })
  }
  const reason = signal ? `signal ${signal}` : `exit code ${code}`
  const said = stderr.trim().split('\n').at(-1)
  return makeDiagnostic('hostCrashed', undefined, { reason: said ? `${reason}, ${said}` : reason })
}

/** `ALSA lib pcm.c:2666:(snd_pcm_open_noupdate) Unknown PCM default` → `Unknown PCM default`. */
export function complaintOf(stderr: string): string {
  const lines = stderr.split('\n').filter(line => line.startsWith('ALSA lib'))
  const last = lines.at(-1)?.replace(/^ALSA lib [^)]*\)\s*/, '')
  return last ? `ALSA says "${last}"` : ''
}
