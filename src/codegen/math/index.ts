/**
 * The library of mathematical functions: which there are, and which a program needs.
 *
 * Comes in: names used by the primitive table and a precision. Goes out: kernel functions, those they call
 * included. In single precision the functions take and return f32. Those that programs use most have definitions of
 * their own in single/; they call the double function in rare cases. The others compute in
 * f64: the result is the double one rounded once more.
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
import { slowName } from './single/arithmetic.ts'
import { exponential as singleExponential } from './single/exponential.ts'
import { hyperbolics as singleHyperbolics } from './single/hyperbolic.ts'
import { inverses as singleInverses } from './single/inverse.ts'
import { logarithms as singleLogarithms } from './single/logarithm.ts'
import { onePlus, roots as singleRoots } from './single/plus-one.ts'
import { binaryExponentials, power as singlePower } from './single/power.ts'
import { remainders as singleRemainders } from './single/remainders.ts'
import { trigonometry as singleTrigonometry } from './single/trigonometry.ts'
import { besselFunctions } from './special-bessel.ts'
import { besselOrders } from './special-bessel-orders.ts'
import { errorFunctions } from './special-erf.ts'
import { exactSpecials } from './special-exact.ts'
import { specialExponentials } from './special-exponential.ts'
import { fusedMultiplyAdd } from './special-fma.ts'
import { gammaFunctions } from './special-gamma.ts'
import { trigonometry } from './trigonometry.ts'

interface Family {
  readonly make: () => readonly KernelFunction[]
  /** Its functions, without what comes after a dot. */
  readonly names: string
  /** What takes the place of the double functions, in single precision. */
  readonly makeSingle?: () => readonly KernelFunction[]
}

/** Callees first. Families are made when a program calls one of theirs: making all takes 20 ms at the start. */
const FAMILIES: readonly Family[] = [
  { make: () => [mulHigh(), twoOverPiWord()], names: 'mulHigh twoOverPiWord' },
  { make: trigonometry, makeSingle: singleTrigonometry, names: 'sin cos tan' },
  { make: exponential, makeSingle: singleExponential, names: 'exp' },
  { make: logarithms, makeSingle: singleLogarithms, names: 'log log10' },
  { make: power, makeSingle: singlePower, names: 'pow powInt' },
  { make: inverses, makeSingle: singleInverses, names: 'asin acos atan atan2' },
  {
    make: hyperbolics,
    makeSingle: () => [...onePlus(), ...singleHyperbolics()],
    names: 'expm1 halfExp sinh cosh tanh log1p asinh acosh atanh',
  },
  { make: roots, makeSingle: singleRoots, names: 'cbrt hypot' },
  { make: remainders, makeSingle: singleRemainders, names: 'fmod remainder round' },
  { make: integers, names: 'remInt minInt maxInt absInt' },
  { make: classifiers, names: 'isnan isinf copysign' },
  { make: exactSpecials, names: 'ldexp logb ilogb fdim nextafter roundToSingle' },
  { make: specialExponentials, makeSingle: binaryExponentials, names: 'exp2 exp10 log2' },
  { make: fusedMultiplyAdd, names: 'fma' },
  { make: errorFunctions, names: 'erf erfc' },
  { make: gammaFunctions, names: 'tgamma lgamma' },
  { make: besselFunctions, names: 'j0 j1 y0 y1' },
  { make: besselOrders, names: 'jn yn' },
]

type Functions = ReadonlyMap<string, KernelFunction>

/** Functions that are made together, callees first. */
type Part = () => Functions

function lazily(make: () => readonly KernelFunction[]): Part {
  let made: Functions | undefined
  return () => (made ??= new Map(make().map(f => [f.name, f])))
}

/** Callees first. In single precision functions of singles come after those of doubles, which few of them need. */
const PARTS: Readonly<Record<Precision, readonly (readonly Part[])[]>> = {
  double: FAMILIES.map(({ make }) => [lazily(make)]),
  single: FAMILIES.map(({ make, makeSingle = () => [] }) => {
    const singles = lazily(makeSingle)
    return [lazily(() => promote(make(), singles())), singles]
  }),
}

const familyOf = new Map(FAMILIES.flatMap(({ names }, i) => names.split(' ').map(name => [name, i])))

/** All there are, callees first. */
export function mathFunctions(precision: Precision): Functions {
  return new Map(PARTS[precision].flatMap(parts => parts.flatMap(made => [...made()])))
}

interface Found {
  readonly function: KernelFunction
  readonly part: Part
}

function findFunction(name: string, precision: Precision): Found {
  const family = familyOf.get(name.split('.', 1)[0]!)
  const parts = family === undefined ? [] : PARTS[precision][family]!
  for (const part of parts.toReversed()) {
    const found = part().get(name)
    if (found) return { function: found, part }
  }
  throw new Error(`internal error: no function ${name} in codegen/math`)
}

/** The functions of these names and all that they call, callees first. */
export function requiredFunctions(names: Iterable<string>, precision: Precision): KernelFunction[] {
  const needed = new Set<string>(names)
  const used = new Set<Part>()
  // A set visits what is added while it is walked.
  for (const name of needed) {
    const found = findFunction(name, precision)
    for (const instruction of everyInstruction(found.function.body)) {
      if (instruction.kind === 'call') needed.add(instruction.function)
    }
    used.add(found.part)
  }
  const parts = PARTS[precision].flatMap(parts => parts.filter(part => used.has(part)))
  return parts.flatMap(part => [...part().values()].filter(f => needed.has(f.name)))
}

const doubleName = (name: string): string => `${name}.f64`

/**
 * The double functions under other names; those that work on reals only also for f32, under their own name, or, where
 * there is a single function of that name, under the one that it calls in rare cases.
 */
function promote(doubles: readonly KernelFunction[], singles: Functions): KernelFunction[] {
  return doubles.flatMap(f => {
    if (!isReal(f)) return [{ ...f, body: callDoubles(f.body) }]
    const double = { ...f, name: doubleName(f.name), body: callDoubles(f.body) }
    return [double, inDouble(double, singles.has(f.name) ? slowName(f.name) : f.name)]
  })
}

const isReal = (f: KernelFunction): boolean => f.result === 'f64' && f.parameters.every(p => p.type === 'f64')

/** A function of f32 that asks one of f64. */
function inDouble(double: KernelFunction, name: string): KernelFunction {
  const b = new FunctionBuilder()
  const parameters = double.parameters.map(() => b.parameter('f32'))
  const promoted = parameters.map(p => b.op('f64.promote_f32', p))
  return b.finish(name, parameters, b.op('f32.demote_f64', b.call(double.name, 'f64', promoted)))
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
