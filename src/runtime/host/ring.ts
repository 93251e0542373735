/**
 * The last frames of a signal: written block by block, read now and then for scopes and meters.
 */
import type { Samples } from '../instance.ts'

export interface Ring {
  push(samples: Samples, frames: number): void
  /** The last frames, oldest first; fewer when there were not as many. */
  last(frames: number): Float32Array
}

export function createRing(capacity: number): Ring {
  const content = new Float32Array(capacity)
  let at = 0
  let held = 0
  return {
    push: (samples, frames) => {
      for (let i = 0; i < frames; i++) {
        content[at] = samples[i]!
        at = at + 1 === capacity ? 0 : at + 1
      }
      held = Math.min(capacity, held + frames)
    },
    last: frames => {
      const count = Math.max(0, Math.min(Math.floor(frames) || 0, held))
      const from = (at - count + capacity) % capacity
      const result = new Float32Array(count)
      const first = Math.min(count, capacity - from)
      result.set(content.subarray(from, from + first))
      result.set(content.subarray(0, count - first), first)
      return result
    },
  }
}
