/**
 * Blocks of samples: from the outputs of programs to channels, and what is wrong with them.
 *
 * Comes in: computed programs. Goes out: channels in place. Apart from the mixer, which decides what is heard, because
 * these are only loops. None allocates.
 */
import type { Samples } from '../instance.ts'
import type { MutedEvent } from '../player-types.ts'
import type { Deck } from './deck.ts'
import { RUNAWAY } from './levels.ts'
import type { Ramp } from './ramp.ts'

/** Both programs hear the same. */
export function copyInputs(from: Deck, to: Deck, frames: number): void {
  const sources = from.instance.inputs
  to.instance.inputs.forEach((channel, i) => {
    const source = sources[i]
    for (let n = 0; n < frames; n++) channel[n] = source ? source[n]! : 0
  })
}

/** What is wrong with the heard outputs. Notes their peaks on the way. */
export function checkOutputs(
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
export function putDeck(mix: readonly Float64Array[], { heard, instance }: Deck, frames: number): void {
  const copies = heard === 1 ? Math.min(2, mix.length) : heard
  for (let c = copies; c < mix.length; c++) mix[c]!.fill(0, 0, frames)
  for (let c = 0; c < copies; c++) {
    const output: Samples = instance.outputs[heard === 1 ? 0 : c]!
    const channel = mix[c % mix.length]!
    if (c < mix.length) for (let n = 0; n < frames; n++) channel[n] = output[n]!
    else for (let n = 0; n < frames; n++) channel[n]! += output[n]!
  }
}

export function interleave(
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

export interface Fall {
  start(): void
  /** Adds what is left of it to a block. */
  add(mix: readonly Float64Array[], frames: number): void
  /** Notes the last frame of a block. */
  remember(mix: readonly Float64Array[], frames: number): void
}

/** Lets the last frame that was heard fall to 0 in a straight line, in place of a step. */
export function createFall(channels: number, length: number): Fall {
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
