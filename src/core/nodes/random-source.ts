/**
 * The random numbers that noises share: a linear congruential generator of 32 bits,
 * x ← 1664525 x + 1013904223 mod 2³² (W. H. Press et al., Numerical Recipes, 7.1), read by its high bits.
 *
 * A module of its own so that all noises with the same seed are alike on every machine, and seeds mean the same.
 */
import type { Core } from '../ast.ts'
import { assign, iff, integer, opAdd, opEq, opMul, prim, stmts } from '../build.ts'
import type { Steps } from './steps.ts'

type Variable = Core & { readonly kind: 'variable' }

export const SEED = {
  doc: 'Which sequence; a whole number, known when the program is compiled.',
  range: [0, 1_000_000],
  default: 1,
  constant: true,
} as const

export const RANDOM_STATE = {
  random: { doc: 'State of the generator.', type: 'int' },
  seeded: { doc: '1 from the first sample on.', type: 'int' },
} as const

export interface RandomState {
  readonly random: Variable
  readonly seeded: Variable
}

/** Puts seeds that are close far apart: Knuth's multiplier, 2³² / golden ratio. */
const SPREAD = 2654435769

/** Goes before the first use in a process. */
export function seed({ random, seeded }: RandomState, value: number, { step }: Steps): void {
  const start = stmts([assign(random, integer(Math.imul(value | 0, SPREAD))), assign(seeded, integer(1))])
  step(iff(opEq(seeded, integer(0)), start))
}

/** The next number: uniform in [-1, 1). */
export function nextRandom(name: string, { random }: RandomState, { local, set }: Steps): Variable {
  set(random, prim.add(prim.mul(random, integer(1_664_525)), integer(1_013_904_223)))
  return local(name, opMul(prim.float(random), 2 ** -31))
}

/** From [-1, 1) to [0, 1). */
export const unipolar = (x: Core): Core => opMul(opAdd(x, 1), 0.5)
