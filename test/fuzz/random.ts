/** A seeded generator of random numbers for fuzzing: mulberry32 (T. Ettinger), 32 bits of state. */
export interface Random {
  /** A whole number from 0 to `count` - 1. */
  readonly below: (count: number) => number
  readonly pick: <T>(options: readonly T[]) => T
}

export function makeRandom(seed: number): Random {
  let state = Math.imul(seed + 1, 0x9e3779b1)
  const next = () => {
    state = (state + 0x6d2b79f5) | 0
    let x = Math.imul(state ^ (state >>> 15), 1 | state)
    x = (x + Math.imul(x ^ (x >>> 7), 61 | x)) ^ x
    return ((x ^ (x >>> 14)) >>> 0) / 2 ** 32
  }
  const below = (count: number) => Math.floor(next() * count)
  return { below, pick: options => options[below(options.length)]! }
}
