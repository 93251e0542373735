/** Arguments for the tests of codegen/math: edge cases, dense grids, and random bit patterns. */
import { mathFunctions } from '../../src/codegen/math/index.ts'
import { MATH_NAMES } from '../../src/core/primitives.ts'
import { randomSource } from './random-kernel.ts'

export const EDGES: readonly number[] = [
  0,
  1,
  2,
  3,
  10,
  0.5,
  0.25,
  1 / 3,
  0.1,
  1.5,
  2.5,
  1e-5,
  1e-20,
  1e5,
  1e22,
  2 ** 31,
  2 ** 52,
  2 ** 53,
  2 ** 53 - 1,
  2 ** 52 + 0.5,
  0.49999999999999994,
  1 - 2 ** -53,
  1 + 2 ** -52,
  5e-324,
  1e-310,
  2.2250738585072014e-308,
  1.7976931348623157e308,
  1e300,
  1e-300,
  Math.PI,
  Math.PI / 2,
  Math.PI / 4,
  Math.E,
  709.782712893384,
  745.13,
  710,
  746,
  708,
  Number.POSITIVE_INFINITY,
].flatMap(x => [x, -x])

export const SPECIAL: readonly number[] = [...EDGES, Number.NaN]

export const arity = (name: string): number => mathFunctions('double').get(name)!.parameters.length

/** Every real function that programs can call. */
export const NAMES: readonly string[] = MATH_NAMES

/** Any double, each bit pattern as likely. */
export function randomDouble(random: (below: number) => number): number {
  const words = new DataView(new ArrayBuffer(8))
  words.setUint32(0, random(2 ** 32))
  words.setUint32(4, random(2 ** 32))
  return words.getFloat64(0)
}

/** Numbers of ordinary size: ± (1 … 2)·2^k, k within ±range. */
export function ordinary(random: (below: number) => number, range: number): number {
  const mantissa = 1 + random(2 ** 32) * 2 ** -32 + random(2 ** 20) * 2 ** -52
  return (random(2) === 0 ? 1 : -1) * mantissa * 2 ** (random(2 * range + 1) - range)
}

/** Argument lists for one function. */
export function samples(name: string, count: number, seed: number): number[][] {
  const random = randomSource(seed)
  const lists: number[][] = []
  if (arity(name) === 1) for (const x of SPECIAL) lists.push([x])
  else for (const x of SPECIAL) for (const y of SPECIAL) lists.push([x, y])
  // A third operand walks through the edge values by itself.
  if (arity(name) === 3)
    for (const [i, list] of lists.entries()) list.push(SPECIAL[i % (SPECIAL.length - 1)]!)
  for (let i = 0; i < count; i++) {
    const draw = i % 4 === 0 ? () => randomDouble(random) : () => ordinary(random, i % 4 === 1 ? 40 : 4)
    lists.push(Array.from({ length: arity(name) }, draw))
  }
  return lists
}
