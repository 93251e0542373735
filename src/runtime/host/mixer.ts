/**
 * From running programs to the frames that are heard.
 *
 * Comes in: the program that plays, and while one replaces another, both. Goes out: interleaved frames. Looks at
 * every block before it is let out: what is no number, or far too loud, is not heard. Allocates nothing while it
 * renders.
 */
import { type Crossfade, FADE_SECONDS, mixCrossfade } from '../crossfade.ts'
import type { Samples } from '../instance.ts'
import type { MutedEvent } from '../player-types.ts'
import type { Deck } from './deck.ts'
import type { LoopedInput } from './input.ts'
import { RUNAWAY } from './levels.ts'
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

export function createMixer(options: MixerOptions): Mixer {
  const { channels, sampleRate, blockSize, input, muted } = options
  const fadeFrames = Math.round(FADE_SECONDS * sampleRate)
  const makeBuffers = () => Array.from({ length: channels }, () => new Float64Array(blockSize))
  const [mix, former] = [makeBuffers(), makeBuffers()]
  const fall = createFall(channels, Math.round(FALL_SECONDS * sampleRate))
  const master = createRamp(1)
  const rings: Ring[] = []
  let peaks: number[] = []
  let current: Deck | undefined
  let leaving: Deck | undefined
  let fade: Crossfade | undefined
  let faded = 0
  let frame = 0
  let busy = 0
  let paused = false
  let ending = false

  /** Paused, and faded out. */
  const isStill = () => paused && !master.moving
  const compute = (deck: Deck, frames: number): MutedEvent['reason'] | undefined => {
    try {
      deck.instance.compute(frames)
    } catch {
      return 'trapped'
    }
    return deck === current ? checkOutputs(deck, frames, peaks) : checkOutputs(deck, frames)
  }
  const mute = (reason: MutedEvent['reason'], bad: Deck) => {
    current = undefined
    endFade()
    fall.start()
    muted(reason, bad)
  }
  const addDecks = (frames: number) => {
    if (!current) return
    input?.fill(current.instance.inputs, frames)
    if (leaving) copyInputs(current, leaving, frames)
    const reason = compute(current, frames)
    if (reason) return mute(reason, current)
    // A program that goes wrong while it leaves is silent for the rest.
    if (leaving && compute(leaving, frames)) leaving = undefined
    putDeck(mix, current, frames)
    if (fade) crossfade(fade, frames)
    current.instance.outputs.forEach((output, i) => {
      rings[i]!.push(output, frames)
    })
  }
  const crossfade = (plan: Crossfade, frames: number) => {
    if (leaving) putDeck(former, leaving, frames)
    mix.forEach((channel, i) => {
      mixCrossfade(plan, faded, leaving && former[i], channel, frames)
    })
    faded += frames
    if (faded >= plan.frames) endFade()
  }
  const endFade = () => {
    fade = undefined
    leaving = undefined
  }
  const renderBlock = (target: Float32Array, at: number, frames: number) => {
    for (const channel of mix) channel.fill(0)
    if (!isStill()) {
      const started = performance.now()
      addDecks(frames)
      busy += performance.now() - started
      frame += frames
    }
    fall.add(mix, frames)
    interleave(mix, target, at, frames, master.moving || master.target !== 1 ? master : undefined)
    fall.remember(mix, frames)
    master.advance(frames)
  }

  return {
    get frame() {
      return frame
    },
    get current() {
      return current
    },
    get faded() {
      return ending && !master.moving
    },
    takePeaks: () => {
      const taken = peaks
      peaks = taken.map(() => 0)
      return taken
    },
    takeBusy: () => {
      const taken = busy
      busy = 0
      return taken
    },
    get fading() {
      return fade !== undefined && !isStill()
    },
    replace: (deck, plan) => {
      leaving = plan && current
      current = deck
      fade = plan
      faded = 0
      peaks = Array.from({ length: deck.heard }, () => 0)
      while (rings.length < deck.program.outputs) {
        rings.push(createRing(Math.ceil(CAPTURE_SECONDS * sampleRate)))
      }
    },
    pause: next => {
      paused = next
      if (!ending) master.moveTo(next ? 0 : 1, fadeFrames)
    },
    fadeOut: () => {
      if (ending) return
      ending = true
      master.moveTo(0, paused || !current ? 0 : fadeFrames)
    },
    capture: (output, frames) => rings[output]?.last(frames) ?? new Float32Array(0),
    render: (target, at, frames) => {
      for (let done = 0; done < frames; ) {
        const block = Math.min(blockSize, frames - done)
        renderBlock(target, at + done, block)
        done += block
      }
    },
  }
}

/** Both programs hear the same. */
function copyInputs(from: Deck, to: Deck, frames: number): void {
  const sources = from.instance.inputs
  to.instance.inputs.forEach((channel, i) => {
    const source = sources[i]
    for (let n = 0; n < frames; n++) channel[n] = source ? source[n]! : 0
  })
}

/** What is wrong with the heard outputs. Notes their peaks on the way. */
function checkOutputs(
  { heard, instance }: Deck,
  frames: number,
  peaks?: number[],
): MutedEvent['reason'] | undefined {
  for (let c = 0; c < heard; c++) {
    const output = instance.outputs[c]!
    let peak = 0
    for (let n = 0; n < frames; n++) {
      const size = Math.abs(output[n]!)
      if (size > peak) peak = size
      else if (Number.isNaN(size)) return 'notANumber'
    }
    if (peak > RUNAWAY) return 'runaway'
    if (peaks && peak > peaks[c]!) peaks[c] = peak
  }
  return undefined
}

/** One channel goes to the first two; more than the stream has are added to those that it has, in turn. */
function putDeck(mix: readonly Float64Array[], { heard, instance }: Deck, frames: number): void {
  const copies = heard === 1 ? Math.min(2, mix.length) : heard
  for (let c = copies; c < mix.length; c++) mix[c]!.fill(0, 0, frames)
  for (let c = 0; c < copies; c++) {
    const output: Samples = instance.outputs[heard === 1 ? 0 : c]!
    const channel = mix[c % mix.length]!
    if (c < mix.length) for (let n = 0; n < frames; n++) channel[n] = output[n]!
    else for (let n = 0; n < frames; n++) channel[n]! += output[n]!
  }
}

function interleave(
  mix: readonly Float64Array[],
  target: Float32Array,
  at: number,
  frames: number,
  gain: Ramp | undefined,
): void {
  const channels = mix.length
  for (let c = 0; c < channels; c++) {
    const channel = mix[c]!
    let position = at * channels + c
    for (let n = 0; n < frames; n++, position += channels) {
      target[position] = gain ? gain.at(n) * channel[n]! : channel[n]!
    }
  }
}

/** Lets the last frame that was heard fall to 0 in a straight line, in place of a step. */
function createFall(channels: number, length: number) {
  const last = new Float64Array(channels)
  const height = new Float64Array(channels)
  let left = 0
  return {
    start: () => {
      height.set(last)
      left = length
    },
    add: (mix: readonly Float64Array[], frames: number) => {
      if (left === 0) return
      for (let c = 0; c < mix.length; c++) {
        const channel = mix[c]!
        for (let n = 0; n < Math.min(frames, left); n++) channel[n]! += (height[c]! * (left - n)) / length
      }
      left = Math.max(0, left - frames)
    },
    remember: (mix: readonly Float64Array[], frames: number) => {
      for (let c = 0; c < mix.length; c++) last[c] = mix[c]![frames - 1]!
    },
  }
}
