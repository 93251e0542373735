/**
 * What flows to one output from the first program to the end: mixer, render loop and recording together.
 */
import { type Diagnostic, makeDiagnostic } from '../../diagnostics.ts'
import { refuse } from '../error.ts'
import type { Output } from '../outputs/output.ts'
import type { MutedEvent, PlayerOptions } from '../player-types.ts'
import type { HostEvent } from '../protocol.ts'
import { recordWav } from '../recorder.ts'
import { reasonOf } from '../system-error.ts'
import type { Deck } from './deck.ts'
import { createEngine, type Engine, sizesFor } from './engine.ts'
import type { LoopedInput } from './input.ts'
import { createMixer, type Mixer } from './mixer.ts'

export interface StreamOptions {
  readonly options: PlayerOptions
  /** Of the first program, that are heard. */
  readonly outputs: number
  readonly output: Output
  readonly input: LoopedInput | undefined
  readonly recordFile: string | undefined
  readonly status: (event: HostEvent & { kind: 'status' }) => void
  readonly muted: (reason: MutedEvent['reason'], bad: Deck) => void
  readonly finished: () => void
  readonly stalled: () => void
}

export interface Stream {
  readonly mixer: Mixer
  /** Lets frames out; nothing when it does already. */
  start(): void
  halt(): void
  /** Waits until everything is heard; returns what went wrong on the way. */
  drain(): Promise<Diagnostic | undefined>
  /** Completes the recording under way, if any, and starts another. Rejects with RuntimeError. */
  record(path: string | undefined): Promise<void>
}

/** Rejects with OutputError when the output cannot be opened. */
export async function openStream(given: StreamOptions): Promise<Stream> {
  const { options, outputs, output, input, recordFile, status, muted, finished, stalled } = given
  const { sampleRate, blockSize, latency, frames } = options
  const channels = Math.max(1, output.leastChannels, outputs)
  const { most: mostFrames } = sizesFor(options, output.device)
  const format = { channels, sampleRate, mostFrames }
  await output.open({ ...format, frames, latency: latency * sampleRate })

  const mixer = createMixer({ channels, sampleRate, blockSize, input, muted })
  const engine = createEngine({
    player: options,
    channels,
    output,
    mixer,
    status: event => status({ kind: 'status', event }),
    finished,
    stalled,
  })
  const record = (path: string | undefined) => changeRecording(engine, path, format)
  if (recordFile !== undefined) await record(recordFile)
  let started = false
  const start = () => {
    if (!started) engine.start()
    started = true
  }
  const drain = async () => {
    if (!output.device) await new Promise(resolve => setTimeout(resolve, engine.waiting()))
    await output.drain()
    return record(undefined).then(
      () => undefined,
      error => makeDiagnostic('recordingFailed', undefined, { reason: reasonOf(error) }),
    )
  }
  return { mixer, start, halt: engine.halt, drain, record }
}

async function changeRecording(
  engine: Engine,
  path: string | undefined,
  format: { channels: number; sampleRate: number; mostFrames: number },
): Promise<void> {
  const former = engine.recorder
  engine.recorder = undefined
  try {
    if (path !== undefined) engine.recorder = recordWav(path, format, () => {})
  } catch (error) {
    refuse('fileUnwritable', { file: path!, reason: reasonOf(error) })
  } finally {
    await former?.finish().catch(error => refuse('recordingFailed', { reason: reasonOf(error) }))
  }
}
