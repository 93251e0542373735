/**
 * The audio host as a child process.
 *
 * Comes in: requests. Goes out: answers and events, and how it ended, whatever happened. A stage of its own because
 * everything that can go wrong with a process is dealt with here: it cannot be started, crashes, is killed, hangs.
 */
import { type ChildProcess, fork, spawn } from 'node:child_process'
import { existsSync, unlinkSync } from 'node:fs'
import type { Socket } from 'node:net'
import { getPriority, setPriority } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { RuntimeError } from './error.ts'
import type { Answers, Envelope, HostEvent, Request } from './protocol.ts'

export interface HostProcess {
  readonly id: number | undefined
  /** Rejects with RuntimeError when the host refuses, and with HostGone when there is none any more. */
  ask<K extends Request['kind']>(request: Request & { kind: K }): Promise<Answers[K]>
  /** Ends it at once. */
  kill(): void
  /** It has said its last word: nobody needs to wait until it is gone. */
  release(): void
}

/** How the process ended, without a word of its own. */
export interface HostExit {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  /** The last of what it, and the libraries in it, wrote to the error stream. */
  readonly stderr: string
}

export interface HostListener {
  event(event: Exclude<HostEvent, { kind: 'answer' | 'refusal' }>): void
  /** Something was written to the error stream. */
  stderr?(text: string): void
  exit(exit: HostExit): void
}

export class HostGone extends Error {}

const MOST_STDERR = 8192
/** How long the error stream of a process that is gone is waited for. */
const LAST_WORDS_MS = 200
/** With less PulseAudio's plug-in for ALSA hangs for ever. */
const LEAST_PULSE_MS = 100

/**
 * The thread that makes sound goes before others, but waits for the helpers that collect garbage with it, and they do
 * not. On a busy machine that took up to 0.3 s; by itself it takes a few milliseconds. The host also asks for it
 * (`host/garbage.ts`). A small nursery, in megabytes, makes each pause short, and the process small.
 */
const GARBAGE_COLLECTION = ['--single-threaded-gc', '--expose-gc', '--max-semi-space-size=4']

const HOST_NICE = -10
/**
 * Of the C library: with a pool for every thread, and for large pieces too, what comes and goes leaves holes everywhere.
 * Pieces of more bytes than this go back to the system.
 */
const MEMORY = { MALLOC_ARENA_MAX: '2', MALLOC_MMAP_THRESHOLD_: '262144' }

/** The bundled host, beside the built command line. */
export function hostFile(): string {
  let directory = dirname(fileURLToPath(import.meta.url))
  while (!existsSync(join(directory, 'package.json')) && dirname(directory) !== directory) {
    directory = dirname(directory)
  }
  return join(directory, 'dist', 'host.js')
}

export function environmentForHost(environment: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  const { PULSE_LATENCY_MSEC: pulse, ...rest } = environment
  return pulse !== undefined && Number(pulse) > LEAST_PULSE_MS ? environment : rest
}

/**
 * A process starts with the priority of the one that starts it; only so do all its threads get it, those that compile
 * WebAssembly as well, which hold locks that the sound waits for. Only some users may ask for that.
 */
function withPriority<T>(start: () => T): T {
  const before = getPriority()
  try {
    setPriority(HOST_NICE)
  } catch {
    return start()
  }
  try {
    return start()
  } finally {
    setPriority(before)
  }
}

/** Of 99; what serves the sound card itself runs above. */
const REAL_TIME_PRIORITY = 10

/**
 * Before all others, for the thread that makes sound alone, where the user may ask for that as musicians may (`rtprio` in
 * the limits of the system). What it starts is not before others. Where it cannot be, nothing changes.
 */
export function askForRealTime({ id }: HostProcess): void {
  if (process.platform !== 'linux' || id === undefined) return
  const args = ['--reset-on-fork', '--rr', '--pid', String(REAL_TIME_PRIORITY), String(id)]
  const child = spawn('chrt', args, { stdio: 'ignore' })
  child.on('error', () => {})
  child.unref()
}

/** `standardOutput`: the host writes to ours. */
export function startHost(listener: HostListener, standardOutput: boolean): HostProcess {
  const child = withPriority(() =>
    fork(hostFile(), [], {
      serialization: 'advanced',
      stdio: ['ignore', standardOutput ? 'inherit' : 'ignore', 'pipe', 'ipc'],
      env: { ...environmentForHost(), ...MEMORY },
      execArgv: [...GARBAGE_COLLECTION],
    }),
  )
  const pending = new Map<number, { resolve(value: never): void; reject(error: Error): void }>()
  let next = 1
  child.on('message', message => receive(message as HostEvent, pending, listener))
  const giveUp = () => {
    for (const { reject } of pending.values()) reject(new HostGone())
    pending.clear()
  }
  watchEnd(child, listener, giveUp)
  const ask = <K extends Request['kind']>(request: Request & { kind: K }) =>
    new Promise<Answers[K]>((resolve, reject) => {
      if (!child.connected) return reject(new HostGone())
      const id = next++
      pending.set(id, { resolve, reject })
      const envelope: Envelope = { id, request }
      // A host that just went away is told by its end.
      child.send(envelope, () => {})
    })
  const release = () => {
    // Nothing keeps this process from ending now, so nothing may wait for an answer.
    giveUp()
    child.unref()
    child.channel?.unref()
    ;(child.stderr as Socket | null)?.unref()
  }
  return { id: child.pid, ask, kill: () => child.kill('SIGKILL'), release }
}

function receive(
  message: HostEvent,
  pending: Map<number, { resolve(value: never): void; reject(error: Error): void }>,
  listener: HostListener,
): void {
  if (message.kind !== 'answer' && message.kind !== 'refusal') {
    listener.event(message)
    return
  }
  const waiting = pending.get(message.id)
  pending.delete(message.id)
  if (message.kind === 'answer') waiting?.resolve(message.value as never)
  else waiting?.reject(new RuntimeError(message.diagnostic))
}

function watchEnd(child: ChildProcess, listener: HostListener, clear: () => void): void {
  let stderr = ''
  let over = false
  const finish = (code: number | null, signal: NodeJS.Signals | null) => {
    if (over) return
    over = true
    clear()
    listener.exit({ code, signal, stderr })
  }
  child.stderr!.setEncoding('utf8').on('data', (text: string) => {
    stderr = (stderr + text).slice(-MOST_STDERR)
    listener.stderr?.(text)
  })
  child.on('error', error => {
    stderr += error.message
    finish(null, null)
  })
  // `close` comes after the last of the error stream, but waits for whoever inherited it.
  child.on('close', finish)
  child.on('exit', (code, signal) => setTimeout(finish, LAST_WORDS_MS, code, signal).unref())
}

/** What a host that was killed left of a recording. */
export function removePartial(path: string): void {
  try {
    unlinkSync(path)
  } catch {}
}
