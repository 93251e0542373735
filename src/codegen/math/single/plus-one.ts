/**
 * expm1, log1p, asinh, acosh, atanh, cbrt and hypot in single precision, computed in double with polynomials as long as
 * singles need; errors below 0.6 ulp.
 *
 * expm1 x = 2^k·(2^r - 1) + (2^k - 1) with x·log₂e = k + r, (2^r - 1) / r minimax (Remez) of degree 6, relative error 2^-32.
 * ln(1 + v) as in pow, but for k = 0 with v itself, which 1 + v may have lost, above the fraction s. The inverse hyperbolic
 * functions are ln(1 + v) with v small where they are: asinh v = x + x²/(1 + √(1 + x²)), acosh v = t + √(t(t + 2)) with
 * t = x - 1, atanh half of that of 2x/(1 - x). cbrt = 2^(⅓ log₂ x).
 */
import type { KernelFunction, Value } from '../../kernel.ts'
import { arithmetic, type Arithmetic as Double, ROUNDER } from '../arithmetic.ts'
import { type SingleArithmetic, single } from './arithmetic.ts'
import { isPositiveNormal, splitExponent } from './logarithm.ts'
import { binaryLogarithm, logarithmOfFraction, powerOfTwo } from './power.ts'

const E = [
  0.6931471805815643, 0.24022650920052843, 0.0555041072758739, 0.009618057036540093, 0.00133336694695587,
  0.00015461330098689318, 1.5252714585621853e-5,
]

const toDouble = (m: SingleArithmetic, x: Value) => m.b.op('f64.promote_f32', x)
const toSingle = (m: SingleArithmetic, x: Value) => m.b.op('f32.demote_f64', x)

/** ln(1 + v) for doubles -1 < v < 2^120. */
function logarithmOfOnePlus(m: SingleArithmetic, d: Double, v: Value): Value {
  const sum = d.add(1, v)
  const { k } = splitExponent(m, toSingle(m, sum))
  const scale = d.ofBits(d.subLong(0x3ff0000000000000n, d.shl(m.b.op('i64.extend_i32_s', k), 52n)))
  const mantissa = d.mul(sum, scale)
  const above = d.either(
    m.b.op('i32.eqz', k),
    () => v,
    () => d.sub(mantissa, 1),
  )
  const logarithm = logarithmOfFraction(d, above, d.add(mantissa, 1))
  return d.mul(d.add(m.b.op('f64.convert_i32_s', k), logarithm), Math.LN2)
}

interface Formula {
  readonly name: string
  /** 1 where the formula holds. */
  readonly holds: (m: SingleArithmetic, x: Value) => Value
  /** Of x as a double; of |x| if the function is odd. */
  readonly value: (m: SingleArithmetic, d: Double, x: Value) => Value
  readonly isOdd?: boolean
}

/** The result has the sign of x, zeros included, but for acosh, which has none below zero. */
const define = ({ name, holds, value, isOdd }: Formula): KernelFunction =>
  single(name, 1, (m, x) =>
    m.either(
      holds(m, x!),
      () => {
        const result = value(m, arithmetic(m.b), toDouble(m, isOdd ? m.abs(x!) : x!))
        return m.copysign(toSingle(m, result), x!)
      },
      () => m.inDouble(name, x!),
    ),
  )

const FORMULAS: readonly Formula[] = [
  {
    name: 'expm1',
    holds: (m, x) => m.lt(m.abs(x), 88),
    value: (_, d, x) => {
      const { add, sub, mul } = d
      const z = mul(x, Math.LOG2E)
      const shifted = add(z, ROUNDER)
      const r = sub(z, sub(shifted, ROUNDER))
      const scale = d.powerOfTwo(d.bits(shifted))
      return add(mul(scale, mul(r, d.polynomial(r, E))), sub(scale, 1))
    },
  },
  {
    name: 'log1p',
    holds: (m, x) => m.and(m.gt(x, -1), m.lt(x, 2 ** 100)),
    value: logarithmOfOnePlus,
  },
  {
    name: 'asinh',
    isOdd: true,
    holds: (m, x) => m.lt(m.abs(x), 2 ** 100),
    value: (m, d, x) => {
      const square = d.mul(x, x)
      const root = d.sqrt(d.add(1, square))
      return logarithmOfOnePlus(m, d, d.add(x, d.div(square, d.add(1, root))))
    },
  },
  {
    name: 'acosh',
    holds: (m, x) => m.and(m.le(1, x), m.lt(x, 2 ** 100)),
    value: (m, d, x) => {
      const above = d.sub(x, 1)
      return logarithmOfOnePlus(m, d, d.add(above, d.sqrt(d.mul(above, d.add(above, 2)))))
    },
  },
  {
    name: 'atanh',
    isOdd: true,
    holds: (m, x) => m.lt(m.abs(x), 1),
    value: (m, d, x) => d.mul(logarithmOfOnePlus(m, d, d.div(d.mul(x, 2), d.sub(1, x))), 0.5),
  },
]

const cubeRoot = (): KernelFunction =>
  single('cbrt', 1, (m, x) =>
    m.either(
      isPositiveNormal(m, m.abs(x!)),
      () => {
        const third = arithmetic(m.b).mul(binaryLogarithm(m, m.abs(x!)), 1 / 3)
        return m.copysign(toSingle(m, powerOfTwo(m, third)), x!)
      },
      () => m.inDouble('cbrt', x!),
    ),
  )

/** Squares of singles do not overflow in double. An infinite side wins over NaN: the double function knows. */
const hypot = (): KernelFunction =>
  single('hypot', 2, (m, x, y) => {
    const d = arithmetic(m.b)
    const squares = [x!, y!].map(side => {
      const wide = toDouble(m, side)
      return d.mul(wide, wide)
    }) as [Value, Value]
    const sum = d.add(...squares)
    return m.either(
      d.lt(sum, Number.POSITIVE_INFINITY),
      () => toSingle(m, d.sqrt(sum)),
      () => m.inDouble('hypot', x!, y!),
    )
  })

export const onePlus = (): KernelFunction[] => FORMULAS.map(define)
export const roots = (): KernelFunction[] => [cubeRoot(), hypot()]
