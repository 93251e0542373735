/**
 * The library of mathematical functions: which there are, and which a program needs.
 *
 * Comes in: names used by the primitive table and a precision. Goes out: kernel functions, those they call
 * included. In single precision the functions take and return f32 and compute in f64: the result is the double
 * one rounded once more, so both precisions share one definition and one set of tests.
 */
import type { Precision } from '../../core/program.ts'
import { FunctionBuilder } from '../builder.ts'
import type { Instruction, KernelFunction, Region } from '../kernel.ts'
import { everyInstruction } from '../regions.ts'
import { classifiers } from './classify.ts'
import { exponential } from './exponential.ts'
import { hyperbolics } from './hyperbolic.ts'
import { integers } from './integers.ts'
import { inverses } from './inverse.ts'
import { logarithms } from './logarithm.ts'
import { mulHigh, twoOverPiWord } from './payne-hanek.ts'
import { power } from './power.ts'
import { remainders } from './remainders.ts'
import { roots } from './roots.ts'
import { besselFunctions } from './special-bessel.ts'
import { besselOrders } from './special-bessel-orders.ts'
import { errorFunctions } from './special-erf.ts'
import { exactSpecials } from './special-exact.ts'
import { specialExponentials } from './special-exponential.ts'
import { fusedMultiplyAdd } from './special-fma.ts'
import { gammaFunctions } from './special-gamma.ts'
import { trigonometry } from './trigonometry.ts'

const libraries = new Map<Precision, ReadonlyMap<string, KernelFunction>>()

export function mathFunctions(precision: Precision): ReadonlyMap<string, KernelFunction> {
  const known = libraries.get(precision)
  if (known) return known
  const doubles = [
    mulHigh(),
    twoOverPiWord(),
    ...trigonometry(),
    ...exponential(),
    ...logarithms(),
    ...power(),
    ...inverses(),
    ...hyperbolics(),
    ...roots(),
    ...remainders(),
    ...integers(),
    ...classifiers(),
    ...exactSpecials(),
    ...specialExponentials(),
    ...fusedMultiplyAdd(),
    ...errorFunctions(),
    ...gammaFunctions(),
    ...besselFunctions(),
    ...besselOrders(),
  ]
  const all = precision === 'double' ? doubles : doubles.flatMap(inSingle)
  const library = new Map(all.map(f => [f.name, f]))
  libraries.set(precision, library)
  return library
}

/** The functions of these names and all that they call, callees first. */
export function requiredFunctions(names: Iterable<string>, precision: Precision): KernelFunction[] {
  const needed = new Set<string>(names)
  if (needed.size === 0) return []
  const library = mathFunctions(precision)
  // A set visits what is added while it is walked.
  for (const name of needed) {
    const f = library.get(name)
    if (!f) throw new Error(`internal error: no function ${name} in codegen/math`)
    for (const instruction of everyInstruction(f.body)) {
      if (instruction.kind === 'call') needed.add(instruction.function)
    }
  }
  return [...library.values()].filter(f => needed.has(f.name))
}

const doubleName = (name: string): string => `${name}.f64`

/** The double function under another name, and, if it works on reals only, one of f32 under its own. */
function inSingle(f: KernelFunction): KernelFunction[] {
  const isReal = f.result === 'f64' && f.parameters.every(p => p.type === 'f64')
  if (!isReal) return [{ ...f, body: callDoubles(f.body) }]
  const double = { ...f, name: doubleName(f.name), body: callDoubles(f.body) }
  const b = new FunctionBuilder()
  const parameters = f.parameters.map(() => b.parameter('f32'))
  const promoted = parameters.map(p => b.op('f64.promote_f32', p))
  return [double, b.finish(f.name, parameters, b.op('f32.demote_f64', b.call(double.name, 'f64', promoted)))]
}

/** Integer helpers keep their names; everything else is called in its double form. */
const KEPT = new Set(['mulHigh', 'twoOverPiWord', 'powInt', 'remInt', 'minInt', 'maxInt', 'absInt'])

function callDoubles(region: Region): Region {
  return { instructions: region.instructions.map(rename), yields: region.yields }
}

function rename(instruction: Instruction): Instruction {
  switch (instruction.kind) {
    case 'call': {
      const { function: name } = instruction
      return { ...instruction, function: KEPT.has(name) ? name : doubleName(name) }
    }
    case 'if': {
      const { thenRegion, elseRegion } = instruction
      return { ...instruction, thenRegion: callDoubles(thenRegion), elseRegion: callDoubles(elseRegion) }
    }
    case 'loop':
      return { ...instruction, body: callDoubles(instruction.body) }
    default:
      return instruction
  }
}
