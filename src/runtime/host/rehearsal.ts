/**
 * Hearing a program before it is let out.
 *
 * Comes in: a deck with the state that it would start from, what is heard at present, and input. Goes out: nothing,
 * or the reason why it should not be heard: something that is no number, a constant, a jump of loudness, a fault, more
 * work than there is time. Runs beside the sound, in the worker; the deck is used up by it.
 */
import type { MutedEvent, SwapRefusal } from '../player-types.ts'
import type { Deck } from './deck.ts'
import { RUNAWAY } from './levels.ts'

/** What is heard at present. */
export interface Heard {
  /** Root mean square and mean of the loudest output over the last moments. */
  readonly rms: number
  readonly mean: number
}

export interface RehearsalOptions {
  readonly sampleRate: number
  readonly blockSize: number
  readonly heard: Heard | undefined
  /** What will come through the inputs. */
  readonly input: readonly Float32Array[] | undefined
  /** Faster code for it is under way. */
  readonly draft?: boolean
}

export interface Refusal {
  readonly code: SwapRefusal
  readonly reason: string
}

/** How far it runs ahead. */
export const REHEARSAL_SECONDS = 0.3
/** What settles is over by then: levels and means are taken from here on. */
const SETTLED_SECONDS = 0.1
/**
 * A program that takes long to compute is heard for less, but so much, when it has taken so long: by then its code is fast.
 * A draft's need not become fast.
 */
const LEAST_SECONDS = 0.2
const ENOUGH_MILLISECONDS = 12
/** In parts of real time: beyond it stutters sooner or later. */
const MOST_LOAD = 0.9
/** For a while it does, unless others need time as well. */
const MOST_DRAFT_LOAD = 0.5
/** So far below there is no doubt. */
const SURE_LOAD = 0.4
/** Code gets fast while it runs; how long to wait for that before it is called too slow. */
const MOST_MILLISECONDS = 1000
/** A peak of 12 dB above full scale is too loud whatever was before. */
const MOST_PEAK = 4
/** 20 dB louder than before, and above full scale. */
const MOST_JUMP = 10
/** Before silence, as if something soft had been there (-30 dB). */
const LEAST_RMS = 0.03
/** A constant of half of full scale with little else. */
const MOST_MEAN = 0.5

export function rehearse(deck: Deck, options: RehearsalOptions): Refusal | undefined {
  const { sampleRate, blockSize } = options
  const blocksIn = (seconds: number) => (seconds * sampleRate) / blockSize
  const [least, most] = [LEAST_SECONDS, REHEARSAL_SECONDS].map(blocksIn) as [number, number]
  const settled = Math.floor(blocksIn(SETTLED_SECONDS))
  const meters = Array.from({ length: deck.heard }, () => ({ sum: 0, squares: 0, peak: 0 }))
  const costs: number[] = []
  const started = performance.now()
  const isEnough = (blocks: number) => {
    const taken = performance.now() - started
    if (blocks >= most || taken > MOST_MILLISECONDS) return true
    const isFast = options.draft || taken > ENOUGH_MILLISECONDS
    return blocks >= least && isFast && loadOf(costs, options) < SURE_LOAD
  }
  while (!isEnough(costs.length)) {
    const from = costs.length * blockSize
    feed(deck, options, from)
    const before = performance.now()
    const fault = runBlock(deck)
    const cost = performance.now() - before
    const wrong = fault ?? measureOutputs(deck, meters, costs.length >= settled)
    if (wrong) return describeFault(wrong, from / sampleRate)
    costs.push(cost)
  }
  const frames = Math.max(1, costs.length - settled) * blockSize
  return judgeCost(costs, options) ?? judgeLevels(meters, frames, options.heard)
}

function feed({ instance }: Deck, { input, blockSize }: RehearsalOptions, from: number): void {
  if (!input || input.length === 0) return
  instance.inputs.forEach((channel, i) => {
    const source = input.length === 1 ? input[0] : input[i]
    for (let n = 0; n < blockSize; n++) channel[n] = source?.[(from + n) % source.length] ?? 0
  })
}

interface Fault {
  readonly reason: MutedEvent['reason']
  readonly message?: string
}

function runBlock({ instance }: Deck): Fault | undefined {
  try {
    instance.compute()
    return undefined
  } catch (error) {
    return { reason: 'trapped', message: (error as Error).message }
  }
}

interface Meter {
  sum: number
  squares: number
  peak: number
}

function measureOutputs({ heard, instance }: Deck, meters: Meter[], settled: boolean): Fault | undefined {
  for (let c = 0; c < heard; c++) {
    const fault = measure(instance.outputs[c]!, meters[c]!, settled)
    if (fault) return fault
  }
  return undefined
}

function measure(output: ArrayLike<number>, meter: Meter, settled: boolean): Fault | undefined {
  for (let n = 0; n < output.length; n++) {
    const value = output[n]!
    const size = Math.abs(value)
    if (Number.isNaN(value)) return { reason: 'notANumber' }
    if (size > RUNAWAY) return { reason: 'runaway' }
    if (size > meter.peak) meter.peak = size
    if (settled) {
      meter.sum += value
      meter.squares += value * value
    }
  }
  return undefined
}

function describeFault({ reason, message }: Fault, seconds: number): Refusal {
  const when = `after ${Math.round(seconds * 1000)} ms`
  switch (reason) {
    case 'notANumber':
      return { code: 'notANumber', reason: `its output would not be a number ${when}` }
    case 'runaway':
      return { code: 'levelJump', reason: `its output would be more than 40 dB above full scale ${when}` }
    case 'trapped':
      return { code: 'invalid', reason: `it would stop with a fault ${when}: ${message}` }
  }
}

function judgeCost(costs: readonly number[], options: RehearsalOptions): Refusal | undefined {
  const load = loadOf(costs, options)
  if (load <= (options.draft ? MOST_DRAFT_LOAD : MOST_LOAD)) return undefined
  const percent = Math.round(load * 100)
  return { code: 'tooExpensive', reason: `it takes ${percent} % of real time to compute, and would stutter` }
}

/** The median of the second half: by then the code is as fast as it gets, and other processes do not count. */
function loadOf(costs: readonly number[], { sampleRate, blockSize }: RehearsalOptions): number {
  const later = costs.slice(Math.floor(costs.length / 2)).sort((a, b) => a - b)
  return ((later[Math.floor(later.length / 2)] ?? 0) * sampleRate) / (1000 * blockSize)
}

function judgeLevels(
  meters: readonly Meter[],
  frames: number,
  heard: Heard | undefined,
): Refusal | undefined {
  for (const { sum, squares, peak } of meters) {
    const mean = sum / frames
    const rms = Math.sqrt(squares / frames)
    const wave = Math.sqrt(Math.max(0, rms * rms - mean * mean))
    if (peak > MOST_PEAK) {
      const reason = `its peak would be ${decibels(peak)} dB above full scale`
      return { code: 'levelJump', reason }
    }
    const before = Math.max(LEAST_RMS, heard?.rms ?? Number.POSITIVE_INFINITY)
    if (peak > 1 && rms > MOST_JUMP * before) {
      const reason = `it would be ${decibels(rms / before)} dB louder, ${decibels(peak)} dB above full scale`
      return { code: 'levelJump', reason }
    }
    const constant = Math.abs(mean) > MOST_MEAN && wave < Math.abs(mean) / 10
    if (constant && Math.abs(heard?.mean ?? 0) < MOST_MEAN) {
      return {
        code: 'directCurrent',
        reason: `its output would stay at ${mean.toFixed(2)}: a constant, no sound`,
      }
    }
  }
  return undefined
}

function decibels(ratio: number): string {
  return (20 * Math.log10(ratio)).toFixed(0)
}
