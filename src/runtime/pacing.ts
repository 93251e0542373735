/**
 * How much sound to compute now.
 *
 * Comes in: the time, and how many frames were handed to the output. Goes out: how many more it should get, so that
 * `latency` frames wait in it. A stage of its own, without a clock, so that lateness can be tested.
 *
 * The output is thought to play from the first frame on without a pause: of `t` seconds, t · rate frames are gone.
 * Neither a sound card nor a pipe tells how much really waits in it, and its clock differs from ours by some
 * 50 parts in a million. So a device's queue is filled a little too fast (`DRIFT`): it never runs empty by drift;
 * after an hour it is full, which its slow writes tell (`blocked`), and then counts as full.
 */

/** Relative speed at which the queue of a device is filled too fast. */
export const DRIFT = 1e-4

export interface PacerOptions {
  readonly sampleRate: number
  /** Frames that wait in the output; Infinity: as many as it takes. */
  readonly latency: number
  /** The output has a clock of its own. */
  readonly drifts: boolean
}

export interface Pacer {
  /** Frames to hand over now; may be negative. Times are in milliseconds and only grow. */
  due(now: number): number
  wrote(frames: number, now: number): void
  /** The output takes no more at present, so its queue is full and time does not count. */
  blocked(now: number): void
  /** Frames that still wait in the output, as far as time tells. */
  waiting(now: number): number
  /** How often the queue ran empty. */
  readonly underruns: number
}

export function createPacer({ sampleRate, latency, drifts }: PacerOptions): Pacer {
  const perMillisecond = (sampleRate / 1000) * (drifts ? 1 + DRIFT : 1)
  let origin = Number.NaN
  let written = 0
  let underruns = 0
  /** Frames that are gone by time, never more than there were. */
  const played = (now: number) => Math.min(written, (now - origin) * perMillisecond)
  const late = (now: number) => (now - origin) * perMillisecond - written

  return {
    due: now => {
      if (Number.isNaN(origin)) return latency
      const missing = late(now)
      if (missing > 0) {
        underruns++
        origin += missing / perMillisecond
      }
      return latency - (written - played(now))
    },
    wrote: (frames, now) => {
      if (Number.isNaN(origin)) origin = now
      written += frames
    },
    blocked: now => {
      const missing = late(now)
      if (missing > 0) origin += missing / perMillisecond
    },
    waiting: now => (Number.isNaN(origin) ? 0 : written - played(now)),
    get underruns() {
      return underruns
    },
  }
}
