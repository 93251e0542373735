/**
 * What a measurement shows: oscilloscope, spectrum, or numbers.
 *
 * Comes in: the last frames of an output and a view. Goes out: lines. Pure, so that every picture is tested.
 */
import { assertNever } from '../../source.ts'
import { decibels } from '../session/show.ts'
import type { View } from '../session/types.ts'
import { drawSpectrum } from './spectrum.ts'
import { drawWave, findTrigger, shortNumber } from './wave.ts'

export interface Size {
  readonly columns: number
  readonly rows: number
}

/** How many frames a view wants to see; the scope more than it draws, to look for its trigger. */
export function framesWanted({ kind, seconds }: View, sampleRate: number): number {
  const frames = Math.max(2, Math.round(seconds * sampleRate))
  if (kind === 'spectrum') return Math.min(2 * sampleRate, 2 ** Math.ceil(Math.log2(Math.max(256, frames))))
  return Math.min(2 * sampleRate, kind === 'scope' ? 2 * frames : frames)
}

export function showView(samples: Float32Array, view: View, sampleRate: number, size: Size): string[] {
  switch (view.kind) {
    case 'scope':
      return showScope(samples, view, sampleRate, size)
    case 'spectrum':
      return drawSpectrum(samples, { ...size, sampleRate })
    case 'probe':
      return [describeSamples(samples)]
    default:
      return assertNever(view.kind)
  }
}

function showScope(samples: Float32Array, view: View, sampleRate: number, size: Size): string[] {
  const { trigger, gain, offset } = view
  const frames = Math.min(samples.length, Math.max(2, Math.round(view.seconds * sampleRate)))
  const latest = samples.length - frames
  const found = trigger === undefined ? undefined : findTrigger(samples, trigger, 1)
  const first = found !== undefined && found <= latest ? found : latest
  const shown = Float64Array.from(samples.subarray(first, first + frames), x => x * gain + offset)
  const waits = trigger !== undefined && first !== found ? ['(not triggered)'] : []
  const isMoved = gain !== 1 || offset !== 0
  const range = isMoved ? { range: [-1, 1] as const } : {}
  return [...drawWave(shown, { ...size, sampleRate, ...range }), ...waits]
}

/** Mean μ = Σx/n; level rms = √(Σx²/n). */
export function describeSamples(samples: ArrayLike<number>): string {
  let [low, high, sum, squares] = [Infinity, -Infinity, 0, 0]
  for (let i = 0; i < samples.length; i++) {
    const value = samples[i]!
    low = Math.min(low, value)
    high = Math.max(high, value)
    sum += value
    squares += value * value
  }
  const n = samples.length
  if (n === 0) return 'no samples yet'
  const rms = Math.sqrt(squares / n)
  const values = [
    `now ${shortNumber(samples[n - 1]!)}`,
    `from ${shortNumber(low)} to ${shortNumber(high)}`,
    `mean ${shortNumber(sum / n)}`,
    `rms ${shortNumber(rms)} (${decibels(rms)})`,
  ]
  return `${values.join(', ')}; ${n} samples`
}
