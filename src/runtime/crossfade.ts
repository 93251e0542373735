/**
 * Cross-fades between a program and its successor.
 *
 * Comes in: what a migration reset, and blocks of both programs. Goes out: whether, how long and how to fade, and
 * the mix. Both programs run on state of their own while they fade. Pure, so that the audio host, offline rendering
 * and tests mix alike.
 */
import type { Samples } from './instance.ts'
import type { MigrationReport } from './migration-types.ts'

export interface Crossfade {
  readonly frames: number
  /** `linear` keeps the level of two signals that are alike, `equalPower` that of two that are not. */
  readonly shape: 'linear' | 'equalPower'
}

export const FADE_SECONDS = 0.02

/** Undefined when all state goes on: then the new program takes over from one sample to the next. */
export function planCrossfade(
  report: MigrationReport,
  sampleRate: number,
  seconds = FADE_SECONDS,
): Crossfade | undefined {
  const isState = (list: MigrationReport['kept']) => list.some(entry => entry.kind !== 'control')
  const frames = Math.round(seconds * sampleRate)
  if (frames < 1 || (!isState(report.fresh) && !isState(report.dropped))) return undefined
  const goesOn = isState(report.kept) || isState(report.moved) || isState(report.resized)
  return { frames, shape: goesOn ? 'linear' : 'equalPower' }
}

/**
 * Fades `frames` frames of `former` into `target`, in place; `position` counts frames since the fade began. A
 * channel that one of the programs does not have is silent there.
 */
export function mixCrossfade(
  fade: Crossfade,
  position: number,
  former: Samples | undefined,
  target: Samples,
  frames: number,
): void {
  const count = Math.min(frames, fade.frames - position)
  for (let i = 0; i < count; i++) {
    const t = (position + i + 1) / (fade.frames + 1)
    const [gain, formerGain] = fade.shape === 'linear' ? [t, 1 - t] : powerGains(t)
    target[i] = gain * target[i]! + (former ? formerGain * former[i]! : 0)
  }
}

/** sin² + cos² = 1: the powers of unlike signals add up to a constant. */
function powerGains(t: number): [number, number] {
  return [Math.sin((t * Math.PI) / 2), Math.cos((t * Math.PI) / 2)]
}
