/**
 * A gain that moves from one value to another without a corner: g(t) = a + (b - a) · (1 - cos πt) / 2.
 */

export interface Ramp {
  /** Whether it is under way. */
  readonly moving: boolean
  /** Where it ends. */
  readonly target: number
  /** Gain of a frame of the block that starts now. */
  at(frame: number): number
  /** The block is over. */
  advance(frames: number): void
  moveTo(target: number, frames: number): void
}

export function createRamp(start: number): Ramp {
  let from = start
  let target = start
  let length = 0
  let done = 0
  const at = (frame: number) => {
    const t = (done + frame) / length
    return length === 0 || t >= 1 ? target : from + ((target - from) * (1 - Math.cos(Math.PI * t))) / 2
  }
  return {
    get moving() {
      return done < length
    },
    get target() {
      return target
    },
    at,
    advance: frames => {
      done = Math.min(length, done + frames)
    },
    moveTo: (next, frames) => {
      from = at(0)
      target = next
      length = frames
      done = 0
    },
  }
}
