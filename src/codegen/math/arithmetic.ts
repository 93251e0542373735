/**
 * Double-precision arithmetic on kernel values, written as formulas are.
 *
 * Comes in: a function builder. Goes out: `add`, `mul` … that take values and plain numbers, and the few bit
 * tricks and error-free transformations (Dekker 1971) that the functions of this folder share.
 */
import type { FunctionBuilder } from '../builder.ts'
import type { Value } from '../kernel.ts'

/** A kernel value, or a constant. */
export type Operand = Value | number
export type LongOperand = Value | bigint

export type Arithmetic = ReturnType<typeof arithmetic>

/** Clears the low 27 of the 53 bits of a double, so that products of such parts are exact. */
const HIGH_BITS = -0x8000000n
const SIGN = -0x8000000000000000n
/** Coefficients from which a polynomial is long. */
const LONG = 7

/** What polynomials may add to tiny arguments: far below what shows in the result; its eighth power is a normal number. */
export const LEAST = 2 ** -80

export function arithmetic(b: FunctionBuilder) {
  const real = (x: Operand): Value => (typeof x === 'number' ? b.f64(x) : x)
  const long = (x: LongOperand): Value => (typeof x === 'bigint' ? b.i64(BigInt.asIntN(64, x)) : x)
  const binary = (op: string) => (x: Operand, y: Operand) => b.op(`f64.${op}`, real(x), real(y))
  const unary = (op: string) => (x: Operand) => b.op(`f64.${op}`, real(x))
  const longBinary = (op: string) => (x: LongOperand, y: LongOperand) => b.op(`i64.${op}`, long(x), long(y))
  const [add, sub, mul] = [binary('add'), binary('sub'), binary('mul')]
  const [and, or, xor, shl] = [longBinary('and'), longBinary('or'), longBinary('xor'), longBinary('shl')]
  const bits = (x: Value) => b.op('i64.reinterpret_f64', x)
  const ofBits = (x: LongOperand) => b.op('f64.reinterpret_i64', long(x))
  const longOf = (flag: Value) => b.op('i64.extend_i32_u', flag)
  const high = (x: Value) => ofBits(and(bits(x), HIGH_BITS))

  /**
   * c₀ + c₁z + c₂z² + …: short ones as even and odd parts in z², longer ones by Estrin's scheme, pairs of terms and pairs of
   * these, so that the chain of operations that wait for one another is short. `least` is added to z for its powers,
   * of which those of tiny z would be subnormal, which is slow; nothing waits for it.
   */
  function polynomial(z: Value, coefficients: readonly number[], least = 0): Value {
    if (coefficients.length < 4) return horner(z, coefficients)
    const base = least === 0 ? z : add(z, least)
    const square = mul(base, base)
    if (coefficients.length >= LONG) return estrin(z, square, coefficients.map(real))
    const part = (odd: number) => coefficients.filter((_, i) => i % 2 === odd)
    return add(horner(square, part(0)), mul(z, horner(square, part(1))))
  }

  function estrin(z: Value, square: Value, coefficients: readonly Value[]): Value {
    let terms = coefficients
    for (let power = z; terms.length > 1; power = power === z ? square : mul(power, power)) {
      terms = terms.flatMap((low, i) => {
        const upper = terms[i + 1]
        return i % 2 === 1 ? [] : [upper ? add(low, mul(power, upper)) : low]
      })
    }
    return terms[0]!
  }

  function horner(z: Value, coefficients: readonly number[]): Value {
    let sum = real(coefficients.at(-1)!)
    for (let i = coefficients.length - 2; i >= 0; i--) sum = add(coefficients[i]!, mul(z, sum))
    return sum
  }

  return {
    b,
    real,
    long,
    add,
    sub,
    mul,
    div: binary('div'),
    min: binary('min'),
    max: binary('max'),
    copysign: binary('copysign'),
    abs: unary('abs'),
    neg: unary('neg'),
    sqrt: unary('sqrt'),
    trunc: unary('trunc'),
    lt: binary('lt'),
    le: binary('le'),
    gt: binary('gt'),
    ge: binary('ge'),
    eq: binary('eq'),
    ne: binary('ne'),
    and,
    or,
    xor,
    shl,
    shiftRight: longBinary('shr_u'),
    shiftRightSigned: longBinary('shr_s'),
    addLong: longBinary('add'),
    subLong: longBinary('sub'),
    mulLong: longBinary('mul'),
    ltUnsigned: longBinary('lt_u'),
    leUnsigned: longBinary('le_u'),
    both: (x: Value, y: Value) => b.op('i32.and', x, y),
    bits,
    ofBits,
    longOf,
    high,
    polynomial,
    /** All ones if the i32 is 1, zero if it is 0: selects without a branch, where V8's f64 `select` jumps. */
    mask: (flag: Value) => longBinary('sub')(0n, longOf(flag)),
    /** `x` where the mask is ones, `y` where it is zero. */
    choose: (mask: Value, x: Value, y: Value) => ofBits(xor(bits(y), and(xor(bits(x), bits(y)), mask))),
    /** x with its sign bit flipped where `sign` has its own set. */
    flipSign: (x: Value, sign: Value) => ofBits(xor(bits(x), and(sign, SIGN))),
    /** x·y - p for p near x·y, exact if nothing under- or overflows (Dekker's product). */
    productError: (x: Value, y: Value, p: Value) => {
      const [xh, yh] = [high(x), high(y)]
      const [xl, yl] = [sub(x, xh), sub(y, yh)]
      const upper = add(sub(mul(xh, yh), p), add(mul(xh, yl), mul(xl, yh)))
      return add(upper, mul(xl, yl))
    },
    /** Computes only the one that the condition (i32) asks for. */
    either: (condition: Value, then: () => Value, otherwise: () => Value): Value =>
      b.if(
        condition,
        () => [then()],
        () => [otherwise()],
      )[0]!,
    /** 2^k for the whole number k - 1.5·2^52 whose double has these bits; k from -1022 to 1023. */
    powerOfTwo: (shifted: Value) => ofBits(addLong(shl(shifted, 52n), 0x3ff0000000000000n)),
    /** x·2^k for the whole number k whose sum with ROUNDER has these bits, if neither x nor the result is subnormal. */
    scale: (x: Value, shifted: Value) => ofBits(addLong(bits(x), shl(shifted, 52n))),
    call: (name: string, ...args: Value[]) => b.call(name, 'f64', args),
  }

  function addLong(x: LongOperand, y: LongOperand): Value {
    return b.op('i64.add', long(x), long(y))
  }
}

/** Adding this rounds to a whole number and leaves it, in two's complement, in the low bits of the sum. */
export const ROUNDER = 1.5 * 2 ** 52
