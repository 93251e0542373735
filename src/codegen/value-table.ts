/**
 * Looks up values by what computes them.
 *
 * Comes in: numbers that say what a value is. Goes out: the first value of the same numbers. A hash table of its own,
 * because value numbering asks it for every instruction of every program, and texts as keys take several times as long;
 * what was added last goes first, so that leaving a region forgets what is only known in it.
 */
import type { Value } from './kernel.ts'

export interface ValueTable {
  /** The value known by these numbers, or `value`, which is known by them from now on. */
  readonly share: (kind: number, a: number, b: number, c: number, value: Value) => Value
  /** How many are known. */
  readonly count: () => number
  /** Forgets all but the first so many. */
  readonly shrink: (count: number) => void
}

/** Numbers of an entry: kind, a, b, c, and the entry before it in its bucket. */
const FIELDS = 5
const NEXT = 4

/** `most` entries at a time. */
export function createValueTable(most: number): ValueTable {
  const bits = Math.max(4, 32 - Math.clz32(most))
  const shift = 32 - bits
  const heads = new Int32Array(1 << bits).fill(-1)
  const entries = new Int32Array(FIELDS * most)
  const values: Value[] = []
  let count = 0

  const bucketOf = (kind: number, a: number, b: number, c: number): number => {
    const hash = Math.imul(Math.imul(Math.imul(kind, 31) ^ a, 0x9e3779b1) ^ b, 0x85ebca6b) ^ c
    return Math.imul(hash ^ (hash >>> 15), 0x9e3779b1) >>> shift
  }

  return {
    share(kind, a, b, c, value) {
      const bucket = bucketOf(kind, a, b, c)
      const head = heads[bucket]!
      for (let at = head; at >= 0; at = entries[at * FIELDS + NEXT]!) {
        const i = at * FIELDS
        if (entries[i] === kind && entries[i + 1] === a && entries[i + 2] === b && entries[i + 3] === c)
          return values[at]!
      }
      const i = count * FIELDS
      entries[i] = kind
      entries[i + 1] = a
      entries[i + 2] = b
      entries[i + 3] = c
      entries[i + NEXT] = head
      heads[bucket] = count
      values[count++] = value
      return value
    },
    count: () => count,
    shrink(least) {
      while (count > least) {
        const i = --count * FIELDS
        heads[bucketOf(entries[i]!, entries[i + 1]!, entries[i + 2]!, entries[i + 3]!)] = entries[i + NEXT]!
      }
    },
  }
}
