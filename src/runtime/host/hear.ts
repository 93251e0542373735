/**
 * How loud it is at present.
 */
import type { Mixer } from './mixer.ts'
import type { Heard } from './rehearsal.ts'

const SECONDS = 0.3

/** Of the loudest of the heard outputs; undefined while nothing plays. */
export function hearMixer(mixer: Mixer, sampleRate: number): Heard | undefined {
  const { current } = mixer
  if (!current) return undefined
  let heard: Heard = { rms: 0, mean: 0 }
  for (let c = 0; c < current.heard; c++) {
    const samples = mixer.capture(c, Math.round(SECONDS * sampleRate))
    let sum = 0
    let squares = 0
    for (const sample of samples) {
      sum += sample
      squares += sample * sample
    }
    const count = Math.max(1, samples.length)
    const rms = Math.sqrt(squares / count)
    if (rms >= heard.rms) heard = { rms, mean: sum / count }
  }
  return heard
}
