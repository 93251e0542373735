/**
 * The render loop: from the mixer to the output, at the pace of the clock.
 *
 * Comes in: an opened output and a mixer. Goes out: frames, in time; twenty times a second how it goes. Runs on a
 * timer. Buffers are made once; the loop waits for nothing: when the output takes no more, it tries again later.
 */
import { CLOCKED_SECONDS, MOST_WRITES, type Output } from '../outputs/output.ts'
import { createPacer, type Pacer } from '../pacing.ts'
import type { PlayerOptions, PlayerStatus } from '../player-types.ts'
import type { WavRecorder } from '../recorder.ts'
import { valuesOf } from './deck.ts'
import type { Mixer } from './mixer.ts'

/** Frames of one write at most, and at least. Larger ones cost less, smaller ones let latency be shorter. */
const MOST_CHUNK = 2048
const LEAST_CHUNK = 128
const STATUS_MS = 50
/** A device that takes nothing for so long does not come back. */
const STALL_MS = 5000

export interface EngineOptions {
  readonly player: PlayerOptions
  readonly channels: number
  readonly output: Output
  readonly mixer: Mixer
  readonly status: (status: PlayerStatus) => void
  /** All that should be heard was handed to the output. */
  readonly finished: () => void
  /** The device takes no more, and has not for a long time. */
  readonly stalled: () => void
}

export interface Engine {
  start(): void
  /** Ends the loop; nothing is computed any more. */
  halt(): void
  /** Milliseconds until the output has played what it was given. */
  waiting(): number
  recorder: WavRecorder | undefined
}

interface Piece {
  readonly samples: Float32Array
  /** The part that holds frames; made again only when its length changes. */
  filled: Float32Array
  readonly done: () => void
}

export interface Sizes {
  /** What is computed at a time; all others are multiples of it. */
  readonly unit: number
  /** The least that is written at a time. */
  readonly chunk: number
  /** Frames that wait in the output; Infinity: as many as it takes. */
  readonly latency: number
  /** The most that is written at a time: all that waits, at the start. */
  readonly most: number
}

/** Sizes of writes, in frames; whole blocks where blocks are short enough. */
export function sizesFor(options: PlayerOptions, device: boolean): Sizes {
  const { sampleRate, blockSize } = options
  const seconds = device ? options.latency : Math.min(options.latency, CLOCKED_SECONDS)
  const wanted = Math.max(LEAST_CHUNK, seconds * sampleRate)
  const rough = Math.max(LEAST_CHUNK, Math.min(MOST_CHUNK, Math.floor(wanted / 4)))
  const unit = Math.min(rough, blockSize)
  const chunk = rough - (rough % unit)
  const latency = Math.max(chunk, Math.round(wanted / unit) * unit)
  return { unit, chunk, latency, most: Number.isFinite(latency) ? latency : chunk }
}

export function createEngine(options: EngineOptions): Engine {
  const { player, output } = options
  const { sampleRate } = player
  const sizes = sizesFor(player, output.device)
  const pacer = createPacer({ sampleRate, latency: sizes.latency, drifts: output.device })
  const report = createReport(options, pacer)
  const feed = createFeed(options, sizes, pacer)
  let timer: NodeJS.Timeout | undefined

  const halt = () => clearInterval(timer)
  const tick = () => {
    const more = feed.fill()
    report(performance.now(), !more)
    if (more) return
    halt()
    options.finished()
  }
  return {
    start: () => {
      timer = setInterval(tick, Math.max(1, Math.floor((sizes.chunk / sampleRate) * 500)))
      tick()
    },
    halt,
    waiting: () => (pacer.waiting(performance.now()) / sampleRate) * 1000,
    get recorder() {
      return feed.recorder
    },
    set recorder(recorder) {
      feed.recorder = recorder
    },
  }
}

interface Feed {
  recorder: WavRecorder | undefined
  /** Writes what is due; whether anything will come after it. */
  fill(): boolean
}

function createFeed(options: EngineOptions, { unit, chunk, most }: Sizes, pacer: Pacer): Feed {
  const { player, channels, output, mixer } = options
  const { sampleRate, frames: limit = Number.POSITIVE_INFINITY } = player
  const pieces = makePieces(most * channels)
  const feed: Feed = { recorder: undefined, fill }
  let taken = performance.now()

  /** Writes one piece; false when there is nothing to write or no room. */
  const step = (now: number): boolean => {
    const due = pacer.due(now)
    if (due < chunk) return false
    const piece = pieces.pop()
    if (!piece) {
      pacer.blocked(now)
      if (output.device && now - taken > STALL_MS) options.stalled()
      return false
    }
    taken = now
    const frames = Math.min(most, Math.floor(due / unit) * unit, limit - mixer.frame)
    mixer.render(piece.samples, 0, frames)
    if (piece.filled.length !== frames * channels) piece.filled = piece.samples.subarray(0, frames * channels)
    pacer.wrote(frames, now)
    feed.recorder?.write(piece.filled)
    output.write(piece.filled, piece.done)
    return true
  }
  /** A second of sound at most, then messages have their turn. */
  function fill(): boolean {
    for (let written = 0; written < sampleRate && step(performance.now()); written += chunk) {
      if (mixer.faded || mixer.frame >= limit) return false
    }
    return true
  }
  return feed
}

/** As many as may be under way. */
function makePieces(length: number): Piece[] {
  const pieces: Piece[] = []
  for (let i = 0; i < MOST_WRITES; i++) {
    const samples = new Float32Array(length)
    const piece: Piece = { samples, filled: samples, done: () => pieces.push(piece) }
    pieces.push(piece)
  }
  return pieces
}

/** Sends the status, when it is time. */
function createReport({ player, mixer, status }: EngineOptions, pacer: { readonly underruns: number }) {
  let last = performance.now()
  let lastFrame = 0
  return (now: number, final: boolean) => {
    if (now - last < STATUS_MS && !final) return
    const seconds = (mixer.frame - lastFrame) / player.sampleRate
    const busy = mixer.takeBusy() / 1000
    last = now
    lastFrame = mixer.frame
    status({
      frame: mixer.frame,
      load: seconds > 0 ? busy / seconds : 0,
      underruns: pacer.underruns,
      peaks: mixer.takePeaks(),
      firstBlock: mixer.firstBlock,
      values: mixer.current ? valuesOf(mixer.current) : {},
    })
  }
}
