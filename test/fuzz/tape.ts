/**
 * Choices for a generator, taken from a list of numbers.
 *
 * Comes in: any list of numbers. Goes out: answers to "which of n?". When the list is used up every answer is 0,
 * the simplest. So fast-check, which makes lists shorter and numbers smaller, makes programs simpler, and the
 * generator itself is a plain recursive function.
 */
export interface Tape {
  /** A whole number from 0 to `count` - 1. */
  readonly choose: (count: number) => number
  readonly pick: <T>(options: readonly T[]) => T
  /** True once in `count`; false at the end of the tape. */
  readonly chance: (count: number) => boolean
  /** Counts up from 0, for names. */
  readonly serial: () => number
  readonly isUsedUp: () => boolean
}

export function makeTape(numbers: readonly number[]): Tape {
  let at = 0
  let last = 0
  const choose = (count: number) => (numbers[at++] ?? 0) % count
  return {
    choose,
    pick: options => options[choose(options.length)]!,
    chance: count => choose(count) === count - 1 && count > 1,
    serial: () => last++,
    isUsedUp: () => at >= numbers.length,
  }
}
