/**
 * Players for tests: real ones, each with a process of its own, ended after the test.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach } from 'vitest'
import type { CompiledProgram } from '../../src/core/program.ts'
import { compile } from '../../src/index.ts'
import { type LocalPlayer, startPlayer } from '../../src/runtime/player.ts'
import type {
  PlayerEvents,
  PlayerOptions,
  PlayerStatus,
  SwapOutcome,
} from '../../src/runtime/player-types.ts'
import { decodeWav } from '../../src/runtime/wav-read.ts'

export const RATE = 48_000

const undo: (() => unknown)[] = []

afterEach(async () => {
  for (const action of undo.splice(0).reverse()) await action()
})

/** Plays nowhere, in real time, unless something else is asked for. */
export async function play(options: Partial<PlayerOptions> = {}): Promise<LocalPlayer> {
  const defaults = { backend: 'null', sampleRate: RATE, blockSize: 512, latency: 0.12 }
  const player = await startPlayer({ ...defaults, ...options })
  undo.push(() => player.stop())
  return player
}

/** A directory that is gone after the test. */
export function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'dspc-live-'))
  undo.push(() => rmSync(path, { recursive: true, force: true }))
  return path
}

export async function program(source: string): Promise<CompiledProgram> {
  const result = await compile(source)
  if (!result.ok) throw new Error(result.diagnostics[0]!.message)
  return result.program
}

/** The next event of a kind that fits. */
export function next<E extends keyof PlayerEvents>(
  player: LocalPlayer,
  event: E,
  fits: (value: Parameters<PlayerEvents[E]>[0]) => boolean = () => true,
): Promise<Parameters<PlayerEvents[E]>[0]> {
  return new Promise(resolve => {
    const listener = (value: Parameters<PlayerEvents[E]>[0]) => {
      if (!fits(value)) return
      remove()
      resolve(value)
    }
    const remove = player.on(event, listener as PlayerEvents[E])
  })
}

/** Waits until so much more has been computed, by the clock of the player. */
export async function passes(player: LocalPlayer, seconds: number): Promise<PlayerStatus> {
  const { frame } = await next(player, 'status')
  return next(player, 'status', status => status.frame >= frame + seconds * RATE)
}

export async function swapIn(
  player: LocalPlayer,
  source: string,
  options?: Parameters<LocalPlayer['swap']>[1],
): Promise<SwapOutcome & { ok: true }> {
  const outcome = await player.swap(await program(source), options)
  if (!outcome.ok) throw new Error(outcome.reason)
  return outcome
}

export function samplesOf(path: string): Float64Array[] {
  const result = decodeWav(readFileSync(path))
  if (!result.ok) throw new Error(result.reason)
  return result.channels
}

/** Interleaved samples as the outputs write them. */
export function rawSamples(path: string): Float32Array {
  const bytes = readFileSync(path)
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length))
}
