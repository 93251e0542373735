/**
 * The mathematical functions for folding constants at compile time.
 *
 * Goes out: the functions that the primitive table's `fold` asks for. They are the kernel functions that a
 * program would call, run by the interpreter, so a folded value has the bits of a computed one, on any machine.
 */
import { MATH_NAMES, type MathFunctions } from '../core/primitives.ts'
import { interpretFunction } from './interpret.ts'
import { mathFunctions } from './math/index.ts'

export function foldMath(): MathFunctions {
  // The library is made when the first constant needs it; most programs do not.
  const entries = MATH_NAMES.map(name => [
    name,
    (...x: number[]): number => Number(interpretFunction(mathFunctions('double'), name, x)),
  ])
  return Object.fromEntries(entries) as MathFunctions
}
