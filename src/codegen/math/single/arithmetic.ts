/**
 * Single-precision arithmetic on kernel values, written as formulas are: the counterpart of ../arithmetic.ts.
 *
 * Comes in: a function builder. Goes out: `add`, `mul` … that take values and plain numbers, and bit tricks. All
 * types have 32 bits, so that four values fill a vector; `either` is for the rare cases only, as `choose` costs less
 * than a branch that is taken now and then.
 */
import { FunctionBuilder } from '../../builder.ts'
import type { KernelFunction, Value } from '../../kernel.ts'

export type Operand = Value | number

export type SingleArithmetic = ReturnType<typeof singleArithmetic>

/** Adding this rounds to a whole number and leaves it, in two's complement, in the low bits of the sum. */
export const ROUNDER = 1.5 * 2 ** 23
export const ROUNDER_BITS = 0x4b400000

/** The function of singles that asks the double one of that name. */
export const slowName = (name: string): string => `${name}.slow.double`

const SIGN = 0x80000000 | 0
/** Clears the low 12 of the 24 bits, so that products of such parts are exact. */
const HIGH_BITS = 0xfffff000 | 0

export function singleArithmetic(b: FunctionBuilder) {
  const real = (x: Operand): Value => (typeof x === 'number' ? b.constant('f32', Math.fround(x)) : x)
  const int = (x: Operand): Value => (typeof x === 'number' ? b.i32(x) : x)
  const binary = (op: string) => (x: Operand, y: Operand) => b.op(`f32.${op}`, real(x), real(y))
  const unary = (op: string) => (x: Operand) => b.op(`f32.${op}`, real(x))
  const intBinary = (op: string) => (x: Operand, y: Operand) => b.op(`i32.${op}`, int(x), int(y))
  const [add, mul] = [binary('add'), binary('mul')]
  const [and, xor, shl, addInt] = [intBinary('and'), intBinary('xor'), intBinary('shl'), intBinary('add')]
  const bits = (x: Value) => b.op('i32.reinterpret_f32', x)
  const ofBits = (x: Operand) => b.op('f32.reinterpret_i32', int(x))

  /**
   * c₀ + c₁z + c₂z² + … by Estrin's scheme: pairs of terms, pairs of these, so that the chain of operations that wait for
   * one another is short. The first `serial` terms are added one by one, which is more accurate where they cancel. `least`
   * is added to z, or to its power of 2 ** level, for further powers: those of tiny z would be subnormal, which is slow.
   * Nothing waits for it.
   */
  function polynomial(z: Value, coefficients: readonly number[], serial = 0, least = 0, level = 0): Value {
    let sum = estrin(z, coefficients.slice(serial).map(real), least, level)
    for (let i = serial - 1; i >= 0; i--) sum = add(coefficients[i]!, mul(z, sum))
    return sum
  }

  function estrin(z: Value, terms: readonly Value[], least: number, level: number): Value {
    if (terms.length === 1) return terms[0]!
    const joined = terms.flatMap((low, i) => {
      const upper = terms[i + 1]
      return i % 2 === 1 ? [] : [upper ? add(low, mul(z, upper)) : low]
    })
    if (joined.length === 1) return joined[0]!
    const base = least !== 0 && level === 0 ? add(z, least) : z
    return estrin(mul(base, base), joined, least, level - 1)
  }

  return {
    b,
    real,
    add,
    sub: binary('sub'),
    mul,
    div: binary('div'),
    min: binary('min'),
    max: binary('max'),
    copysign: binary('copysign'),
    abs: unary('abs'),
    sqrt: unary('sqrt'),
    lt: binary('lt'),
    le: binary('le'),
    gt: binary('gt'),
    eq: binary('eq'),
    and,
    or: intBinary('or'),
    xor,
    shl,
    shiftRightSigned: intBinary('shr_s'),
    addInt,
    subInt: intBinary('sub'),
    ltUnsigned: intBinary('lt_u'),
    isEven: (x: Value) => b.op('i32.eqz', and(x, 1)),
    bits,
    ofBits,
    polynomial,
    ofInt: (x: Value) => b.op('f32.convert_i32_s', x),
    /** The upper half of the digits of x. */
    high: (x: Value) => ofBits(and(bits(x), HIGH_BITS)),
    /** x with its sign bit flipped where `sign` has its own set. */
    flipSign: (x: Value, sign: Value) => ofBits(xor(bits(x), and(sign, SIGN))),
    /** Computes only the one that the condition (i32) asks for. */
    either: (condition: Value, then: () => Value, otherwise: () => Value): Value =>
      b.if(
        condition,
        () => [then()],
        () => [otherwise()],
      )[0]!,
    /** 2^k for a whole number k from -126 to 127. */
    powerOf: (k: Value) => ofBits(addInt(shl(k, 23), 0x3f800000)),
    /** 2^k for the whole number k whose sum with ROUNDER has these bits; k from -126 to 127. */
    powerOfTwo: (shifted: Value) => ofBits(addInt(shl(shifted, 23), 0x3f800000)),
    /** x·2^k for the whole number k whose sum with ROUNDER has these bits, if neither x nor the result is subnormal. */
    scale: (x: Value, shifted: Value) => ofBits(addInt(bits(x), shl(shifted, 23))),
    call: (name: string, ...args: Value[]) => b.call(name, 'f32', args),
    /** The double function, rounded; for rare cases. */
    inDouble: (name: string, ...args: Value[]) => b.call(slowName(name), 'f32', args),
  }
}

/** A function of singles from a formula. */
export function single(
  name: string,
  inputs: 1 | 2,
  body: (m: SingleArithmetic, ...args: Value[]) => Value,
): KernelFunction {
  const b = new FunctionBuilder()
  const parameters = Array.from({ length: inputs }, () => b.parameter('f32'))
  return b.finish(name, parameters, body(singleArithmetic(b), ...parameters))
}
