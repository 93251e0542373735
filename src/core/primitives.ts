/**
 * THE table of primitives, and the only place that knows them.
 *
 * Lexer and parser take names, symbols and precedences from it; evaluation takes arities; facts take type and
 * interval rules; simplify takes `fold`; code generation takes `emit`; tests and documentation read all of it.
 * A new primitive is one entry here (and, if WebAssembly has no instruction for it, one function in
 * codegen/math).
 */
import * as I from './interval.ts'

/** Number type of a value: 32-bit two's complement that wraps, or floating point of the chosen precision. */
export type NumberType = 'int' | 'real'

/**
 * How operand and result types relate.
 *
 * - `arithmetic`: int if all operands are int, else all are converted to real
 * - `compare`: operands as in arithmetic, result int 0 or 1
 * - `integer`: operands converted to int, result int
 * - `real`: operands converted to real, result real
 * - `toInt`, `toReal`: casts; the operand keeps its type
 * - `select`: the first operand converted to int, the others as in arithmetic
 */
export type TypeRule = 'arithmetic' | 'compare' | 'integer' | 'real' | 'toInt' | 'toReal' | 'select'

/** A WebAssembly instruction, `real.` standing for f32 or f64, or a function of codegen/math by name. */
export type Emission = string | { readonly call: string }

/**
 * Functions that WebAssembly has no instruction for. The compiler passes in the very definitions it would emit,
 * so that a value folded at compile time has the same bits as one computed while running.
 */
export type MathFunctions = Readonly<Record<MathName, (...x: number[]) => number>>

export const MATH_NAMES = [
  'sin',
  'cos',
  'tan',
  'asin',
  'acos',
  'atan',
  'atan2',
  'exp',
  'log',
  'log10',
  'pow',
  'fmod',
  'remainder',
  'round',
  'sinh',
  'cosh',
  'tanh',
  'asinh',
  'acosh',
  'atanh',
  'expm1',
  'log1p',
  'cbrt',
  'hypot',
  'copysign',
  'isnan',
  'isinf',
  'ldexp',
  'logb',
  'ilogb',
  'exp2',
  'exp10',
  'log2',
  'fdim',
  'fma',
  'nextafter',
  'erf',
  'erfc',
  'tgamma',
  'lgamma',
  'j0',
  'j1',
  'jn',
  'y0',
  'y1',
  'yn',
  'roundToSingle',
] as const
export type MathName = (typeof MATH_NAMES)[number]

interface Written {
  readonly doc: string
  readonly inputs: number
  /** How programs write it, when not by its key. */
  readonly symbol?: string
  /** Present for operators that stand between operands; larger binds tighter; all are left-associative. */
  readonly precedence?: number
  /** Partial application completes missing arguments on the left: `/(4)` is `_, 4 : /`. */
  readonly wiresLeft?: boolean
}

/** A function of its operands, without memory. */
export interface PurePrimitive extends Written {
  readonly type: TypeRule
  /** `type` is the type the operands were converted to. Int results are wrapped by the caller. */
  readonly fold: (x: readonly number[], type: NumberType, math: MathFunctions) => number
  readonly interval: (x: readonly I.Interval[], type: NumberType) => I.Interval
  readonly emit: { readonly int?: Emission; readonly real?: Emission }
  /** Why a literal operand list is an error (`sqrt(-1)`), or undefined when it is fine. */
  readonly domain?: (x: readonly number[]) => string | undefined
  /** Not a word of the language: a C function that programs name in `ffunction`, by this key. */
  readonly foreign?: boolean
}

/** Has a rule of its own in propagation: memory, tables, wiring, or a question about a signal. */
export interface StructuralPrimitive extends Written {
  readonly structural: true
}

export type Primitive = PurePrimitive | StructuralPrimitive

const wrap = (x: number) => x | 0

/** C conversion of a real to int32, saturating where C leaves it undefined; NaN gives 0. */
export function truncateToInt(x: number): number {
  if (Number.isNaN(x)) return 0
  return Math.max(I.INT_MIN, Math.min(I.INT_MAX, Math.trunc(x)))
}

/** Adding 0 takes the sign off a zero. */
const truncated = (a: I.Interval) => I.interval(Math.trunc(a.low) + 0, Math.trunc(a.high) + 0)

/** Rounds to the nearest whole number, halves to even, keeping the sign of zero. */
export function roundHalfEven(x: number): number {
  if (!Number.isFinite(x) || Math.abs(x) >= 2 ** 52) return x
  const magic = 2 ** 52
  const y = Math.abs(x) + magic - magic
  return x < 0 || Object.is(x, -0) ? -y : y
}

const numeric =
  (f: (a: I.Interval, b: I.Interval) => I.Interval) => (x: readonly I.Interval[], t: NumberType) =>
    t === 'int' ? I.asInt(f(x[0]!, x[1]!)) : f(x[0]!, x[1]!)

const operator = (symbol: string, precedence: number) => ({ inputs: 2, symbol, precedence, wiresLeft: true })

function arithmetic(
  doc: string,
  written: ReturnType<typeof operator>,
  instruction: string,
  fold: (a: number, b: number, type: NumberType) => number,
  range: (a: I.Interval, b: I.Interval) => I.Interval,
): PurePrimitive {
  return {
    doc,
    ...written,
    type: 'arithmetic',
    fold: ([a, b], type) => fold(a!, b!, type),
    interval: numeric(range),
    emit: { int: `i32.${instruction}`, real: `real.${instruction}` },
  }
}

function comparison(
  doc: string,
  symbol: string,
  instruction: string,
  holds: (a: number, b: number) => boolean,
): PurePrimitive {
  const signed = instruction === 'eq' || instruction === 'ne' ? '' : '_s'
  return {
    doc,
    ...operator(symbol, 5),
    type: 'compare',
    fold: ([a, b]) => (holds(a!, b!) ? 1 : 0),
    interval: () => I.BOOLEAN,
    emit: { int: `i32.${instruction}${signed}`, real: `real.${instruction}` },
  }
}

function bitwise(
  doc: string,
  symbol: string,
  precedence: number,
  instruction: string,
  fold: (a: number, b: number) => number,
  range: (a: I.Interval, b: I.Interval) => I.Interval,
): PurePrimitive {
  return {
    doc,
    ...operator(symbol, precedence),
    type: 'integer',
    fold: ([a, b]) => fold(a!, b!),
    interval: ([a, b]) => I.asInt(range(I.asInt(a!), I.asInt(b!))),
    emit: { int: `i32.${instruction}` },
  }
}

function real(
  doc: string,
  name: MathName,
  range: (x: readonly I.Interval[]) => I.Interval,
  extra: { inputs?: number; domain?: PurePrimitive['domain'] } = {},
): PurePrimitive {
  return {
    doc,
    inputs: extra.inputs ?? 1,
    type: 'real',
    fold: (x, _type, math) => math[name](...x),
    interval: x => range(x),
    emit: { real: { call: name } },
    ...(extra.domain ? { domain: extra.domain } : {}),
  }
}

function rounding(doc: string, emission: Emission, fold: PurePrimitive['fold']): PurePrimitive {
  return {
    doc,
    inputs: 1,
    type: 'real',
    fold,
    // Rounding is monotone and exact; one unit covers every direction.
    interval: ([a]) => ({ low: Math.floor(a!.low), high: Math.ceil(a!.high) }),
    emit: { real: emission },
  }
}

/** A function of <math.h> that the language has no word for. */
function foreign(
  doc: string,
  name: MathName,
  range: (x: readonly I.Interval[]) => I.Interval = () => I.EVERYTHING,
  inputs = 1,
): PurePrimitive {
  return { ...real(doc, name, range, { inputs }), foreign: true }
}

/** a·2^b: the power is an int, and the smallest numbers times 2^-1074 are still above 0. */
const scaledRange = ([a, b]: readonly I.Interval[]): I.Interval => {
  const power = (n: number) => 2 ** Math.trunc(n)
  return I.multiply(a!, I.interval(power(b!.low), Math.max(power(b!.high), 5e-324)))
}

const positiveDifference = ([a, b]: readonly I.Interval[]): I.Interval =>
  I.interval(0, Math.max(0, I.subtract(a!, b!).high))

/** Rounded bounds of the product and the sum can both be off the single rounding. */
const fusedRange = ([a, b, c]: readonly I.Interval[]): I.Interval => {
  const product = I.multiply(a!, b!)
  const sum = I.add(product, c!)
  const largest = ({ low, high }: I.Interval) => Math.max(Math.abs(low), Math.abs(high))
  const slack = (largest(product) + largest(sum)) * 2 ** -52 + 5e-324
  return I.interval(sum.low - slack, sum.high + slack)
}

const unitRange = () => I.interval(-1, 1)
const nonZero = (b: number | undefined) => (b === 0 ? 'the divisor is 0' : undefined)
const within = (test: (x: number) => boolean, text: string) => (x: readonly number[]) =>
  test(x[0]!) ? undefined : text

export const PRIMITIVES = {
  add: arithmetic('a + b', operator('+', 6), 'add', (a, b) => a + b, I.add),
  sub: arithmetic('a - b', operator('-', 6), 'sub', (a, b) => a - b, I.subtract),
  mul: arithmetic(
    'a * b',
    operator('*', 7),
    'mul',
    (a, b, type) => (type === 'int' ? Math.imul(a, b) : a * b),
    I.multiply,
  ),
  div: {
    doc: 'a / b, always real',
    ...operator('/', 7),
    type: 'real',
    fold: ([a, b]) => a! / b!,
    interval: ([a, b]) => I.divide(a!, b!),
    emit: { real: 'real.div' },
    domain: ([, b]) => nonZero(b),
  },
  rem: {
    doc: 'remainder of a / b with the sign of a; ints by int division, reals as fmod',
    ...operator('%', 7),
    type: 'arithmetic',
    // WebAssembly traps on int remainder by zero; here, as when running, it is 0.
    fold: ([a, b], type, math) => (type === 'int' ? (b === 0 ? 0 : wrap(a! % b!)) : math.fmod(a!, b!)),
    interval: ([a, b], type) => I.remainderOf(a!, b!, type === 'int'),
    emit: { int: { call: 'remInt' }, real: { call: 'fmod' } },
    domain: ([, b]) => nonZero(b),
  },
  and: bitwise('bitwise and of ints', '&', 7, 'and', (a, b) => a & b, I.bitwiseAnd),
  or: bitwise('bitwise or of ints', '|', 6, 'or', (a, b) => a | b, I.bitwiseOr),
  xor: bitwise('bitwise exclusive or of ints', 'xor', 7, 'xor', (a, b) => a ^ b, I.bitwiseOr),
  lsh: bitwise('shift left, count mod 32', '<<', 7, 'shl', (a, b) => a << b, I.shiftLeft),
  rsh: bitwise('arithmetic shift right, count mod 32', '>>', 7, 'shr_s', (a, b) => a >> b, I.shiftRight),
  lt: comparison('1 if a < b else 0', '<', 'lt', (a, b) => a < b),
  le: comparison('1 if a ≤ b else 0', '<=', 'le', (a, b) => a <= b),
  gt: comparison('1 if a > b else 0', '>', 'gt', (a, b) => a > b),
  ge: comparison('1 if a ≥ b else 0', '>=', 'ge', (a, b) => a >= b),
  eq: comparison('1 if a = b else 0', '==', 'eq', (a, b) => a === b),
  ne: comparison('1 if a ≠ b else 0', '!=', 'ne', (a, b) => a !== b),
  pow: {
    doc: 'a to the power b; int if both are int',
    inputs: 2,
    symbol: '^',
    precedence: 8,
    wiresLeft: true,
    type: 'arithmetic',
    fold: ([a, b], type, math) => (type === 'int' ? truncateToInt(math.pow(a!, b!)) : math.pow(a!, b!)),
    interval: ([a, b], type) => (type === 'int' ? I.asInt(truncated(I.power(a!, b!))) : I.power(a!, b!)),
    emit: { int: { call: 'powInt' }, real: { call: 'pow' } },
  },
  min: {
    doc: 'the smaller of a and b',
    inputs: 2,
    type: 'arithmetic',
    fold: ([a, b]) => Math.min(a!, b!),
    interval: numeric(I.minimum),
    emit: { int: { call: 'minInt' }, real: 'real.min' },
  },
  max: {
    doc: 'the larger of a and b',
    inputs: 2,
    type: 'arithmetic',
    fold: ([a, b]) => Math.max(a!, b!),
    interval: numeric(I.maximum),
    emit: { int: { call: 'maxInt' }, real: 'real.max' },
  },
  abs: {
    doc: 'absolute value, of the same type',
    inputs: 1,
    type: 'arithmetic',
    fold: ([a]) => Math.abs(a!),
    interval: ([a], type) => (type === 'int' ? I.asInt(I.absolute(a!)) : I.absolute(a!)),
    emit: { int: { call: 'absInt' }, real: 'real.abs' },
  },
  fmod: real(
    'remainder of a / b with the sign of a, as in C',
    'fmod',
    ([a, b]) => I.remainderOf(a!, b!, false),
    {
      inputs: 2,
      domain: ([, b]) => nonZero(b),
    },
  ),
  remainder: real(
    'IEEE remainder: a - b·n, n the whole number nearest to a / b, halves to even',
    'remainder',
    ([, b]) => {
      const limit = Math.max(Math.abs(b!.low), Math.abs(b!.high)) / 2
      return I.interval(-limit, limit)
    },
    { inputs: 2, domain: ([, b]) => nonZero(b) },
  ),
  sin: real('sine of radians', 'sin', unitRange),
  cos: real('cosine of radians', 'cos', ([a]) => I.cosine(a!)),
  tan: real('tangent of radians', 'tan', ([a]) => I.tangent(a!)),
  asin: real('arc sine, radians', 'asin', I.rising(Math.asin, I.interval(-1, 1)), {
    domain: within(x => Math.abs(x) <= 1, 'asin is defined from -1 to 1'),
  }),
  acos: real('arc cosine, radians', 'acos', I.falling(Math.acos, I.interval(-1, 1)), {
    domain: within(x => Math.abs(x) <= 1, 'acos is defined from -1 to 1'),
  }),
  atan: real('arc tangent, radians', 'atan', I.rising(Math.atan)),
  atan2: real('angle of the point (b, a), radians', 'atan2', () => I.interval(-Math.PI, Math.PI), {
    inputs: 2,
  }),
  exp: real('e to the power a', 'exp', I.rising(Math.exp)),
  log: real('natural logarithm', 'log', I.rising(Math.log, I.interval(0, Infinity)), {
    domain: within(x => x >= 0, 'log is defined from 0 on'),
  }),
  log10: real('logarithm to base 10', 'log10', I.rising(Math.log10, I.interval(0, Infinity)), {
    domain: within(x => x >= 0, 'log10 is defined from 0 on'),
  }),
  sqrt: {
    doc: 'square root',
    inputs: 1,
    type: 'real',
    fold: ([a]) => Math.sqrt(a!),
    interval: I.rising(Math.sqrt, I.interval(0, Infinity)),
    emit: { real: 'real.sqrt' },
    domain: within(x => x >= 0, 'sqrt is defined from 0 up'),
  },
  floor: rounding('largest whole number ≤ a, as real', 'real.floor', ([a]) => Math.floor(a!)),
  ceil: rounding('smallest whole number ≥ a, as real', 'real.ceil', ([a]) => Math.ceil(a!)),
  rint: rounding('nearest whole number, halves to even, as real', 'real.nearest', ([a]) => roundHalfEven(a!)),
  round: rounding('nearest whole number, halves away from zero, as real', { call: 'round' }, ([a], _t, m) =>
    m.round(a!),
  ),
  int: {
    doc: 'real to int32 towards zero; saturates, NaN gives 0',
    inputs: 1,
    type: 'toInt',
    fold: ([a]) => truncateToInt(a!),
    interval: ([a]) => I.interval(truncateToInt(a!.low), truncateToInt(a!.high)),
    emit: { real: 'i32.trunc_sat_real_s' },
  },
  float: {
    doc: 'int to real',
    inputs: 1,
    type: 'toReal',
    fold: ([a]) => a!,
    interval: ([a]) => a!,
    emit: { int: 'real.convert_i32_s' },
  },
  select2: {
    doc: 'select2(c, a, b): a if int(c) is 0, else b; both run',
    inputs: 3,
    type: 'select',
    fold: ([c, a, b]) => (c === 0 ? a! : b!),
    interval: ([c, a, b]) => (c!.low > 0 || c!.high < 0 ? b! : I.isPoint(c!) ? a! : I.union(a!, b!)),
    emit: { int: 'select', real: 'select' },
  },
  sinh: foreign('hyperbolic sine', 'sinh', I.rising(Math.sinh)),
  cosh: foreign('hyperbolic cosine', 'cosh', () => I.interval(1, Infinity)),
  tanh: foreign('hyperbolic tangent', 'tanh', unitRange),
  asinh: foreign('inverse hyperbolic sine', 'asinh', I.rising(Math.asinh)),
  acosh: foreign('inverse hyperbolic cosine', 'acosh', I.rising(Math.acosh, I.interval(1, Infinity))),
  atanh: foreign('inverse hyperbolic tangent', 'atanh', I.rising(Math.atanh, I.interval(-1, 1))),
  expm1: foreign('e^a - 1, exact near 0', 'expm1', I.rising(Math.expm1)),
  log1p: foreign('log(1 + a), exact near 0', 'log1p', I.rising(Math.log1p, I.interval(-1, Infinity))),
  cbrt: foreign('cube root', 'cbrt', I.rising(Math.cbrt)),
  hypot: foreign('√(a² + b²) without overflow', 'hypot', () => I.interval(0, Infinity), 2),
  copysign: foreign('the size of a with the sign of b', 'copysign', ([a]) => I.symmetric(a!), 2),
  isnan: foreign('1 if a is not a number else 0', 'isnan', () => I.BOOLEAN),
  isinf: foreign('1 if a is infinite else 0', 'isinf', () => I.BOOLEAN),
  ldexp: foreign('a·2^b, b a whole number', 'ldexp', scaledRange, 2),
  logb: foreign('exponent of a: 2^b ≤ |a| < 2^(b + 1)', 'logb'),
  ilogb: foreign('exponent of a, for an int', 'ilogb', () => I.INT_RANGE),
  exp2: foreign(
    '2 to the power a',
    'exp2',
    I.rising(x => 2 ** x),
  ),
  exp10: foreign(
    '10 to the power a',
    'exp10',
    I.rising(x => 10 ** x),
  ),
  log2: foreign('logarithm to base 2', 'log2', I.rising(Math.log2, I.interval(0, Infinity))),
  fdim: foreign('a - b if that is positive, else 0', 'fdim', positiveDifference, 2),
  fma: foreign('a·b + c rounded once', 'fma', fusedRange, 3),
  nextafter: foreign('the double after a towards b', 'nextafter', ([a, b]) => I.union(a!, b!), 2),
  erf: foreign('error function', 'erf', unitRange),
  erfc: foreign('1 - erf(a), exact where that is small', 'erfc', () => I.interval(0, 2)),
  tgamma: foreign('gamma function', 'tgamma'),
  lgamma: foreign('natural logarithm of the size of the gamma function', 'lgamma', ([a]) =>
    // The least value for a > 0 is -0.1214….
    a!.low >= 0 ? I.interval(-0.1215, Infinity) : I.EVERYTHING,
  ),
  j0: foreign('Bessel function of the first kind, order 0', 'j0', unitRange),
  j1: foreign('Bessel function of the first kind, order 1', 'j1', unitRange),
  jn: foreign('Bessel function of the first kind, order a, of b', 'jn', unitRange, 2),
  y0: foreign('Bessel function of the second kind, order 0', 'y0', () => I.interval(-Infinity, 1)),
  y1: foreign('Bessel function of the second kind, order 1', 'y1', () => I.interval(-Infinity, 1)),
  yn: foreign('Bessel function of the second kind, order a, of b', 'yn', () => I.EVERYTHING, 2),
  roundToSingle: foreign('the nearest number of single precision', 'roundToSingle', ([a]) =>
    I.interval(Math.fround(a!.low), Math.fround(a!.high)),
  ),
  trunc: {
    ...rounding('whole number next to a towards zero, as real', 'real.trunc', ([a]) => Math.trunc(a!)),
    foreign: true,
  },
  mem: { doc: 'one sample of delay, starting with 0', inputs: 1, structural: true },
  delay: {
    doc: 'x @ n: x, n samples ago; zeros before that',
    inputs: 2,
    symbol: '@',
    precedence: 9,
    wiresLeft: true,
    structural: true,
  },
  prefix: { doc: 'prefix(v, x): v first, then x one sample late', inputs: 2, structural: true },
  select3: { doc: 'select3(c, a, b, d): a, b or d for c = 0, 1 or else', inputs: 4, structural: true },
  rdtable: { doc: 'rdtable(size, content, index): a table filled once', inputs: 3, structural: true },
  rwtable: {
    doc: 'rwtable(size, content, writeIndex, value, readIndex): written, then read, every sample',
    inputs: 5,
    structural: true,
  },
  attach: { doc: 'attach(x, y): x, and y is computed too', inputs: 2, wiresLeft: true, structural: true },
  enable: { doc: 'enable(x, c): x·c while c ≠ 0, else held', inputs: 2, wiresLeft: true, structural: true },
  control: { doc: 'control(x, c): x while c ≠ 0, else held', inputs: 2, wiresLeft: true, structural: true },
  lowest: { doc: 'lowest value the signal can take, as a constant', inputs: 1, structural: true },
  highest: { doc: 'highest value the signal can take, as a constant', inputs: 1, structural: true },
  assertbounds: {
    doc: 'assertbounds(low, high, x): x, trusted to stay in range',
    inputs: 3,
    structural: true,
  },
} satisfies Record<string, Primitive>

export type PrimitiveName = keyof typeof PRIMITIVES
export type PureName = {
  [N in PrimitiveName]: (typeof PRIMITIVES)[N] extends { structural: true } ? never : N
}[PrimitiveName]
export type StructuralName = Exclude<PrimitiveName, PureName>

const ALL_NAMES = Object.keys(PRIMITIVES) as PrimitiveName[]

function isForeign(name: PrimitiveName): boolean {
  const entry = primitive(name)
  return 'foreign' in entry && entry.foreign === true
}

/** Words and symbols of the language. */
export const PRIMITIVE_NAMES = ALL_NAMES.filter(name => !isForeign(name))

/** C functions that are primitives under another name. */
const C_NAMES: Readonly<Record<string, PureName>> = {
  fabs: 'abs',
  fmin: 'min',
  fmax: 'max',
  nearbyint: 'rint',
  lrint: 'rint',
  llrint: 'rint',
  lround: 'round',
  llround: 'round',
  scalbn: 'ldexp',
  scalbln: 'ldexp',
  pow10: 'exp10',
  gamma: 'lgamma',
}

/** The primitive behind a C function of <math.h>, by its name for double (`sinh`, not `sinhf`). */
export function foreignPrimitive(cName: string): PureName | undefined {
  const name = C_NAMES[cName] ?? ALL_NAMES.find(n => n === cName)
  return name !== undefined && isPure(name) && (isForeign(name) || purePrimitive(name).type === 'real')
    ? name
    : C_NAMES[cName]
}

export function primitive(name: PrimitiveName): Primitive {
  return PRIMITIVES[name]
}

export function purePrimitive(name: PureName): PurePrimitive {
  return PRIMITIVES[name]
}

export function isPure(name: PrimitiveName): name is PureName {
  return !('structural' in PRIMITIVES[name])
}

export const PURE_NAMES = ALL_NAMES.filter(isPure)

interface TypedRule {
  readonly result: NumberType
  readonly operands: readonly NumberType[]
}

/** Types of operands, one after the other, as bits after a leading 1. */
export const NO_OPERANDS = 1
export const withOperand = (operands: number, type: NumberType): number =>
  2 * operands + (type === 'real' ? 1 : 0)

/** By rule, and by the types of the operands: asked several times for each operator. */
const appliedRules = new Map<TypeRule, TypedRule[]>()

/** Type of the result, and the type each operand is converted to first, under a rule. */
export function applyTypeRule(rule: TypeRule, operands: readonly NumberType[]): TypedRule {
  let bits = NO_OPERANDS
  for (const type of operands) bits = withOperand(bits, type)
  return typeRuleOf(rule, bits)
}

/** The same, of operands made by `withOperand`. */
export function typeRuleOf(rule: TypeRule, operands: number): TypedRule {
  let known = appliedRules.get(rule)
  if (!known) appliedRules.set(rule, (known = []))
  return (known[operands] ??= deriveTypes(rule, typesOf(operands)))
}

function typesOf(operands: number): NumberType[] {
  const types: NumberType[] = []
  for (let rest = operands; rest > 1; rest >>= 1) types.unshift(rest % 2 === 1 ? 'real' : 'int')
  return types
}

function deriveTypes(rule: TypeRule, operands: readonly NumberType[]): TypedRule {
  const all = (t: NumberType) => operands.map(() => t)
  const unite = (ts: readonly NumberType[]): NumberType => (ts.includes('real') ? 'real' : 'int')
  switch (rule) {
    case 'arithmetic':
      return { result: unite(operands), operands: all(unite(operands)) }
    case 'compare':
      return { result: 'int', operands: all(unite(operands)) }
    case 'integer':
      return { result: 'int', operands: all('int') }
    case 'real':
      return { result: 'real', operands: all('real') }
    case 'toInt':
      return { result: 'int', operands: [...operands] }
    case 'toReal':
      return { result: 'real', operands: [...operands] }
    case 'select': {
      const united = unite(operands.slice(1))
      return { result: united, operands: ['int', united, united] }
    }
  }
}

/** Computes a primitive on numbers of a given operand type, as the compiled program would. */
export function foldPrimitive(
  name: PureName,
  x: readonly number[],
  operandType: NumberType,
  math: MathFunctions,
): number {
  const entry = purePrimitive(name)
  const value = entry.fold(x, operandType, math)
  const { result } = applyTypeRule(
    entry.type,
    x.map(() => operandType),
  )
  return result === 'int' ? wrap(value) : value
}
