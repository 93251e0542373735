/**
 * pow in single precision, computed in double; error below 0.51 ulp.
 *
 * x^y = 2^(y·log₂x). x = 2^k·mantissa, √½ ≤ mantissa < √2; s = (mantissa - 1) / (mantissa + 1); log₂ mantissa = s·L(s²),
 * L minimax (Remez) of degree 4, relative error 2^-38, since the product with y may be as large as 128. 2^r = 1 + r·E(r),
 * |r| ≤ ½, E minimax of degree 5, relative error 2^-29. In 32-bit arithmetic the logarithm would have to be kept in two
 * parts, with more instructions than doubles of half as many a vector save.
 */
import type { KernelFunction, Value } from '../../kernel.ts'
import { arithmetic, type Arithmetic as Double, ROUNDER } from '../arithmetic.ts'
import { wholeName } from '../define.ts'
import { type SingleArithmetic, single } from './arithmetic.ts'
import { INFINITY_BITS, isPositiveNormal, splitExponent } from './logarithm.ts'

const L = [2.88539008179008, 0.9617966733501693, 0.5770835832594695, 0.4116728271250312, 0.34072800815412135]
const E = [
  0.6931472028538277, 0.24022647913215828, 0.05550332472239393, 0.009618437408112844, 0.001339887420042785,
  0.00015353348564625655,
]

/** log₂(mantissa) from mantissa - 1 and mantissa + 1. */
export function logarithmOfFraction(d: Double, above: Value, below: Value): Value {
  const s = d.div(above, below)
  return d.mul(s, d.polynomial(d.mul(s, s), L))
}

/** log₂ x as a double, for a positive normal x. */
export function binaryLogarithm(m: SingleArithmetic, x: Value): Value {
  const d = arithmetic(m.b)
  const { k, mantissa } = splitExponent(m, x)
  const wide = m.b.op('f64.promote_f32', mantissa)
  const logarithm = logarithmOfFraction(d, d.sub(wide, 1), d.add(wide, 1))
  return d.add(m.b.op('f64.convert_i32_s', k), logarithm)
}

/** 2^z for a double |z| < 1000. */
export function powerOfTwo(m: SingleArithmetic, z: Value): Value {
  const d = arithmetic(m.b)
  const shifted = d.add(z, ROUNDER)
  const r = d.sub(z, d.sub(shifted, ROUNDER))
  const mantissa = d.add(1, d.mul(r, d.polynomial(r, E)))
  return d.ofBits(d.addLong(d.bits(mantissa), d.shl(d.bits(shifted), 52n)))
}

/** e^x for a double |x| < 690. */
export const exponentialInDouble = (m: SingleArithmetic, x: Value): Value =>
  powerOfTwo(m, arithmetic(m.b).mul(x, Math.LOG2E))

/** A single from a double that is not too large for `powerOfTwo`. */
const exponentialOf = (name: 'exp2' | 'exp10', factor: number): KernelFunction =>
  single(name, 1, (m, x) =>
    m.either(
      m.le(m.abs(x!), 200),
      () => {
        const z = arithmetic(m.b).mul(m.b.op('f64.promote_f32', x!), factor)
        return m.b.op('f32.demote_f64', powerOfTwo(m, z))
      },
      () => m.inDouble(name, x!),
    ),
  )

/** 2^x, 10^x and log₂ x: what pow is made of. */
export const binaryExponentials = (): KernelFunction[] => [
  exponentialOf('exp2', 1),
  exponentialOf('exp10', Math.log2(10)),
  single('log2', 1, (m, x) =>
    m.either(
      isPositiveNormal(m, x!),
      () => m.b.op('f32.demote_f64', binaryLogarithm(m, x!)),
      () => m.inDouble('log2', x!),
    ),
  ),
]

/** What silence gives, and its level of -∞ dB: a question of its own, so that nothing is computed where that is all. */
const ofSilence = (): KernelFunction =>
  single(wholeName('pow'), 2, (m, x, y) => {
    const isSilence = m.and(
      m.b.op('i32.eqz', m.bits(x!)),
      m.and(m.gt(y!, 0), m.lt(y!, Number.POSITIVE_INFINITY)),
    )
    const isItsLevel = m.and(m.eq(y!, Number.NEGATIVE_INFINITY), m.gt(x!, 1))
    return m.either(
      m.or(isSilence, isItsLevel),
      () => m.real(0),
      () => m.call(wholeName('pow.other'), x!, y!),
    )
  })

/** For finite x from +0 on, subnormals included, and results of any size, all but 0^y for y ≤ 0. */
const whole = (): KernelFunction =>
  single(wholeName('pow.other'), 2, (m, x, y) => {
    const d = arithmetic(m.b)
    const general = () => {
      const [scale, shift] = m.b.if(
        m.lt(x!, 2 ** -126),
        () => [m.real(2 ** 24), d.real(24)],
        () => [m.real(1), d.real(0)],
      ) as [Value, Value]
      const log = d.sub(binaryLogarithm(m, m.mul(x!, scale)), shift)
      const z = d.mul(m.b.op('f64.promote_f32', y!), log)
      return m.b.op('f32.demote_f64', powerOfTwo(m, d.max(d.min(z, 200), -200)))
    }
    const isPositive = m.ltUnsigned(m.subInt(m.bits(x!), 1), INFINITY_BITS - 1)
    const isOrdinary = m.and(
      m.ltUnsigned(m.bits(x!), INFINITY_BITS),
      m.lt(m.abs(y!), Number.POSITIVE_INFINITY),
    )
    return m.either(
      m.and(isOrdinary, m.or(isPositive, m.gt(y!, 0))),
      () => m.either(isPositive, general, () => m.real(0)),
      () => m.inDouble('pow', x!, y!),
    )
  })

const quick = (): KernelFunction =>
  single('pow', 2, (m, x, y) => {
    const d = arithmetic(m.b)
    const z = d.mul(m.b.op('f64.promote_f32', y!), binaryLogarithm(m, x!))
    return m.either(
      d.both(d.lt(d.abs(z), 1000), isPositiveNormal(m, x!)),
      () => m.b.op('f32.demote_f64', powerOfTwo(m, z)),
      () => m.call(wholeName('pow'), x!, y!),
    )
  })

export const power = (): KernelFunction[] => [whole(), ofSilence(), quick()]
