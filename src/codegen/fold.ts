/**
 * The mathematical functions for folding constants at compile time.
 *
 * Goes out: the functions that the primitive table's `fold` asks for. They are the kernel functions that a
 * program would call, run by the interpreter, so a folded value has the bits of a computed one, on any machine. Numbers at
 * compile time are doubles, whatever the precision of the program: in single precision it may compute a neighbour.
 */
import { MATH_NAMES, type MathFunctions } from '../core/primitives.ts'
import { interpretFunction } from './interpret.ts'
import type { KernelFunction } from './kernel.ts'
import { requiredFunctions } from './math/index.ts'

const known = new Map<string, ReadonlyMap<string, KernelFunction>>()

/** Made when the first constant needs it; most programs need few. */
function withCallees(name: string): ReadonlyMap<string, KernelFunction> {
  const found = known.get(name)
  if (found) return found
  const functions = new Map(requiredFunctions([name], 'double').map(f => [f.name, f]))
  known.set(name, functions)
  return functions
}

let functions: MathFunctions | undefined

/** The same object each time. */
export function foldMath(): MathFunctions {
  return (functions ??= interpretedMath())
}

function interpretedMath(): MathFunctions {
  const entries = MATH_NAMES.map(name => [
    name,
    (...x: number[]): number => Number(interpretFunction(withCallees(name), name, x)),
  ])
  return Object.fromEntries(entries) as MathFunctions
}
