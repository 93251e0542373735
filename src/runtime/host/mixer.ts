/**
 * From running programs to the frames that are heard.
 *
 * Comes in: the program that plays, and while one replaces another, both. Goes out: interleaved frames. Looks at
 * every block before it is let out: what is no number, or far too loud, is not heard. Allocates nothing while it
 * renders.
 */
import { type Crossfade, FADE_SECONDS, mixCrossfade } from '../crossfade.ts'
import type { MutedEvent } from '../player-types.ts'
import type { Deck } from './deck.ts'
import type { LoopedInput } from './input.ts'
import { checkOutputs, copyInputs, createFall, type Fall, interleave, putDeck } from './mixing.ts'
import { createRamp, type Ramp } from './ramp.ts'
import { createRing, type Ring } from './ring.ts'

/** What was heard last falls to 0 within this time when a program is muted. */
const FALL_SECONDS = 0.002
/** How much of the past `capture` gives. */
const CAPTURE_SECONDS = 2

export interface MixerOptions {
  readonly channels: number
  readonly sampleRate: number
  readonly blockSize: number
  readonly input?: LoopedInput | undefined
  /** The program must not be heard any more; what `replace` puts in its place is heard from the next block on. */
  readonly muted: (reason: MutedEvent['reason'], bad: Deck) => void
}

export interface Mixer {
  /** Frames so far, without pauses. */
  readonly frame: number
  readonly current: Deck | undefined
  /** Largest magnitudes of the heard outputs since the last call. */
  takePeaks(): number[]
  /** Milliseconds of computing since the last call. */
  takeBusy(): number
  /** Milliseconds that the first block of the program took; undefined before it. */
  readonly firstBlock: number | undefined
  /** From the next block on, with a cross-fade from what plays, or from silence. */
  replace(deck: Deck, fade: Crossfade | undefined): void
  /** Whether two programs are heard. */
  readonly fading: boolean
  /** To silence, or from it; the programs stand still meanwhile. */
  pause(paused: boolean): void
  /** Fades out; `faded` tells when. */
  fadeOut(): void
  readonly faded: boolean
  capture(output: number, frames: number): Float32Array
  /** Writes frames, from frame `at` of the interleaved target on. */
  render(target: Float32Array, at: number, frames: number): void
}

interface State extends MixerOptions {
  /** A block of what is heard, and of what leaves. */
  readonly mix: readonly Float64Array[]
  readonly former: readonly Float64Array[]
  readonly fall: Fall
  /** Of pauses and of the end. */
  readonly master: Ramp
  readonly rings: Ring[]
  peaks: number[]
  current: Deck | undefined
  leaving: Deck | undefined
  fade: Crossfade | undefined
  /** Frames of the cross-fade that are over. */
  fadeDone: number
  frame: number
  busy: number
  firstBlock: number | undefined
  paused: boolean
  ending: boolean
}

function startState(options: MixerOptions): State {
  const { channels, sampleRate, blockSize } = options
  const buffers = () => Array.from({ length: channels }, () => new Float64Array(blockSize))
  return {
    ...options,
    mix: buffers(),
    former: buffers(),
    fall: createFall(channels, Math.round(FALL_SECONDS * sampleRate)),
    master: createRamp(1),
    rings: [],
    peaks: [],
    current: undefined,
    leaving: undefined,
    fade: undefined,
    fadeDone: 0,
    frame: 0,
    busy: 0,
    firstBlock: undefined,
    paused: false,
    ending: false,
  }
}

export function createMixer(options: MixerOptions): Mixer {
  const state = startState(options)
  const { master, rings, blockSize } = state
  const fadeFrames = Math.round(FADE_SECONDS * state.sampleRate)
  return {
    get frame() {
      return state.frame
    },
    get current() {
      return state.current
    },
    get faded() {
      return state.ending && !master.moving
    },
    get firstBlock() {
      return state.firstBlock
    },
    get fading() {
      return state.fade !== undefined && !isStill(state)
    },
    takePeaks: () => takePeaks(state),
    takeBusy: () => takeBusy(state),
    replace: (deck, fade) => replace(state, deck, fade),
    pause: paused => {
      state.paused = paused
      if (!state.ending) master.moveTo(paused ? 0 : 1, fadeFrames)
    },
    fadeOut: () => {
      if (!state.ending) master.moveTo(0, state.paused || !state.current ? 0 : fadeFrames)
      state.ending = true
    },
    capture: (output, frames) => rings[output]?.last(frames) ?? new Float32Array(0),
    render: (target, at, frames) => {
      for (let done = 0; done < frames; ) {
        const block = Math.min(blockSize, frames - done)
        renderBlock(state, target, at + done, block)
        done += block
      }
    },
  }
}

function takePeaks(state: State): number[] {
  const { peaks } = state
  state.peaks = peaks.map(() => 0)
  return peaks
}

function takeBusy(state: State): number {
  const { busy } = state
  state.busy = 0
  return busy
}

function replace(state: State, deck: Deck, fade: Crossfade | undefined): void {
  const { rings, sampleRate } = state
  state.leaving = fade && state.current
  state.current = deck
  state.fade = fade
  state.fadeDone = 0
  state.firstBlock = undefined
  state.peaks = Array.from({ length: deck.heard }, () => 0)
  while (rings.length < deck.program.outputs) {
    rings.push(createRing(Math.ceil(CAPTURE_SECONDS * sampleRate)))
  }
}

/** Paused, and faded out. */
function isStill({ paused, master }: State): boolean {
  return paused && !master.moving
}

function renderBlock(state: State, target: Float32Array, at: number, frames: number): void {
  const { mix, fall, master } = state
  for (const channel of mix) channel.fill(0)
  if (!isStill(state)) {
    const started = performance.now()
    mixDecks(state, frames)
    state.busy += performance.now() - started
    state.frame += frames
  }
  fall.add(mix, frames)
  interleave(mix, target, at, frames, master.moving || master.target !== 1 ? master : undefined)
  fall.remember(mix, frames)
  master.advance(frames)
}

function mixDecks(state: State, frames: number): void {
  const { mix, input, current, rings } = state
  if (!current) return
  input?.fill(current.instance.inputs, frames)
  if (state.leaving) copyInputs(current, state.leaving, frames)
  const started = performance.now()
  const reason = compute(current, frames, state.peaks)
  state.firstBlock ??= performance.now() - started
  if (reason) {
    mute(state, reason, current)
    return
  }
  // A program that goes wrong while it leaves is silent for the rest.
  if (state.leaving && compute(state.leaving, frames)) state.leaving = undefined
  putDeck(mix, current, frames)
  if (state.fade) crossfade(state, state.fade, frames)
  const { outputs } = current.instance
  for (let i = 0; i < outputs.length; i++) rings[i]!.push(outputs[i]!, frames)
}

function compute(deck: Deck, frames: number, peaks?: number[]): MutedEvent['reason'] | undefined {
  try {
    deck.instance.compute(frames)
  } catch {
    return 'trapped'
  }
  return checkOutputs(deck, frames, peaks)
}

function mute(state: State, reason: MutedEvent['reason'], bad: Deck): void {
  state.current = undefined
  endFade(state)
  state.fall.start()
  state.muted(reason, bad)
}

function crossfade(state: State, fade: Crossfade, frames: number): void {
  const { mix, former, leaving } = state
  if (leaving) putDeck(former, leaving, frames)
  for (let c = 0; c < mix.length; c++) {
    mixCrossfade(fade, state.fadeDone, leaving && former[c], mix[c]!, frames)
  }
  state.fadeDone += frames
  if (state.fadeDone >= fade.frames) endFade(state)
}

function endFade(state: State): void {
  state.fade = undefined
  state.leaving = undefined
}
