/**
 * expm1, sinh, cosh, tanh, log1p, asinh, acosh and atanh in double precision; errors below 1 ulp.
 *
 * The first four come from e^x = 2^k·(1 + high + rest) as in exp, with 2^k and the sum kept in two parts where
 * something is subtracted; sinh has a polynomial of its own (minimax, degree 6 in x², 2^-56) up to 1.
 * tanh up to ¾ is x - x/8 + x·(⅛ + x²·T(x²)), T of degree 12 (least squares, 2^-59); as the first difference is kept with its
 * rounding error, what has errors is small. Beyond that it is 1 - 2 / (e^2x + 1), corrected by what the sum below loses, and
 * from 22 on 1 to the last bit. Both are short chains, which ladder filters with a tanh a stage wait for.
 * The inverse ones are ln(1 + u) with u in two parts: the part that does not fit 1 + u is added, divided by it,
 * to the logarithm's own low-order part. asinh has a polynomial up to ½ (minimax, degree 11 in x², 2^-59);
 * atanh up to 0.17 the one of log.
 */
import type { KernelFunction, Value } from '../kernel.ts'
import { type Arithmetic, LEAST } from './arithmetic.ts'
import { unary } from './define.ts'
import { reduceExponent, scaleInTwoSteps, splitExponential, wholeOf } from './exponential.ts'
import { isPositiveNormal, natural, R, SQRT_HALF_BITS, splitExponent } from './logarithm.ts'

const SINH = [
  0.16666666666666669, 0.008333333333333137, 0.00019841269841438524, 2.7557319155061327e-6,
  2.5052123443761922e-8, 1.605723671815656e-10, 7.75942506731515e-13,
]
const ASINH = [
  0.1666666666666661, -0.0749999999998456, 0.04464285712794421, -0.030381943720778643, 0.02237213845736042,
  -0.017352388363049503, 0.013960245346938228, -0.01151306488450423, 0.00953447055086992,
  -0.00746644069120802, 0.0047487462492698035, -0.0017188732727984903,
]

const TANH_LIMIT = 0.75
const TANH_FIRST = -0.33333333333333265
/** T without its first term, which is added last. */
const TANH = [
  0.13333333333323766, -0.05396825396355666, 0.021869488419521466, -0.008863233814680542,
  0.003592111751965614, -0.0014557293363984941, 0.0005895528682190714, -0.0002376041687451404,
  9.341703226009288e-5, -3.358980734401589e-5, 9.475734444646882e-6, -1.481151416427574e-6,
]

interface Pair {
  readonly head: Value
  readonly tail: Value
}

/** x + y with its rounding error (Knuth). */
export function exactSum(m: Arithmetic, x: Value, y: Value): Pair {
  const { add, sub } = m
  const head = add(x, y)
  const second = sub(head, x)
  return { head, tail: add(sub(x, sub(head, second)), sub(y, second)) }
}

/** e^x - 1 for |x| ≤ 700. */
function exponentialMinusOne(m: Arithmetic, x: Value): Pair {
  const { high, rest, shifted } = reduceExponent(m, x)
  const scale = m.powerOfTwo(shifted)
  // Beyond 2^53 or below 2^-53 the first sum loses something too.
  const whole = exactSum(m, scale, m.real(-1))
  const sum = exactSum(m, whole.head, m.mul(scale, high))
  const tail = m.add(m.add(sum.tail, whole.tail), m.mul(scale, rest))
  const head = m.add(sum.head, tail)
  return { head, tail: m.add(m.sub(sum.head, head), tail) }
}

const expm1 = (): KernelFunction =>
  unary('expm1', (m, x) =>
    m.either(
      m.le(m.abs(x), 700),
      () => {
        return m.copysign(exponentialMinusOne(m, x).head, x)
      },
      () => m.sub(m.call('exp', x), 1),
    ),
  )

/** e^|x| / 2, which is sinh and cosh where e^-|x| no longer counts. */
const halfExponential = (): KernelFunction =>
  unary('halfExp.slow', (m, x) => {
    const { mantissa, shifted } = splitExponential(m, m.min(m.abs(x), 800))
    return scaleInTwoSteps(m, mantissa, m.subLong(wholeOf(m, shifted), 1n))
  })

/** e^|x| / 2 in two parts and its inverse / 4, for |x| ≤ 700. */
function halves(m: Arithmetic, magnitude: Value): { head: Value; tail: Value; inverse: Value } {
  const { high, rest, shifted } = reduceExponent(m, magnitude)
  const scale = m.mul(m.powerOfTwo(shifted), 0.5)
  const { head, tail } = exactSum(m, m.real(1), high)
  const [upper, lower] = [m.mul(head, scale), m.mul(m.add(tail, rest), scale)]
  return { head: upper, tail: lower, inverse: m.div(0.25, m.add(upper, lower)) }
}

const sinh = (): KernelFunction =>
  unary('sinh', (m, x) => {
    const { add, sub, mul } = m
    const magnitude = m.abs(x)
    return m.either(
      m.le(magnitude, 1),
      () => {
        const square = mul(x, x)
        return sub(x, mul(mul(m.neg(x), square), m.polynomial(square, SINH, LEAST)))
      },
      () =>
        m.copysign(
          m.either(
            m.le(magnitude, 700),
            () => {
              const { head, tail, inverse } = halves(m, magnitude)
              const difference = sub(head, inverse)
              return add(difference, add(sub(sub(head, difference), inverse), tail))
            },
            () => m.call('halfExp.slow', x),
          ),
          x,
        ),
    )
  })

const cosh = (): KernelFunction =>
  unary('cosh', (m, x) =>
    m.either(
      m.le(m.abs(x), 700),
      () => {
        const { head, tail, inverse } = halves(m, m.abs(x))
        const sum = m.add(head, inverse)
        return m.add(sum, m.add(m.add(m.sub(head, sum), inverse), tail))
      },
      () => m.call('halfExp.slow', x),
    ),
  )

const tanh = (): KernelFunction =>
  unary('tanh', (m, x) => {
    const { add, sub, mul, div } = m
    const size = m.min(m.abs(x), 22)
    const small = () => {
      const square = mul(size, size)
      const eighth = mul(size, 0.125)
      const head = sub(size, eighth)
      const lost = sub(sub(size, head), eighth)
      const third = add(TANH_FIRST, mul(square, m.polynomial(square, TANH, LEAST)))
      const slope = add(0.125, mul(square, third))
      return add(head, add(lost, mul(size, slope)))
    }
    const large = () => {
      const { high, rest, shifted } = reduceExponent(m, add(size, size))
      const power = m.powerOfTwo(shifted)
      const [whole, part] = [add(power, 1), mul(add(high, rest), power)]
      const below = add(whole, part)
      const lost = add(sub(whole, below), part)
      const quotient = div(2, below)
      const rough = sub(1, quotient)
      const missing = sub(sub(1, rough), quotient)
      return add(rough, add(missing, mul(mul(quotient, quotient), mul(lost, 0.5))))
    }
    return m.copysign(m.either(m.lt(size, TANH_LIMIT), small, large), x)
  })

/** ln(1 + head + tail), -1 excluded and below 2^1000. */
function logarithmOfOnePlus(m: Arithmetic, head: Value, tail: Value | undefined): Value {
  const sum = exactSum(m, m.real(1), head)
  const low = tail ? m.add(sum.tail, tail) : sum.tail
  return natural(m, splitExponent(m, sum.head, SQRT_HALF_BITS), m.div(low, sum.head))
}

const log1p = (): KernelFunction =>
  unary('log1p', (m, x) => {
    const sum = m.add(x, 1)
    return m.copysign(
      m.either(
        isPositiveNormal(m, sum),
        () => logarithmOfOnePlus(m, x, undefined),
        () => m.call('log', sum),
      ),
      x,
    )
  })

/** ln 2x for large x. */
function logarithmOfDouble(m: Arithmetic, x: Value): Value {
  const { k, mantissa } = splitExponent(m, x, SQRT_HALF_BITS)
  return natural(m, { k: m.add(k, 1), mantissa })
}

/** √(x² ± 1) in two parts: the root, and what its square lacks divided by twice the root. */
function rootOf(m: Arithmetic, x: Value, one: 1 | -1): Pair {
  const { add, sub, mul } = m
  const square = mul(x, x)
  const lost = m.productError(x, x, square)
  const sum = exactSum(m, square, m.real(one))
  const head = m.sqrt(sum.head)
  const missing = sub(m.productError(head, head, sum.head), add(lost, sum.tail))
  // missing = head² - (x² ± 1); acosh 1 divides 0 by the smallest number.
  return { head, tail: m.div(m.neg(missing), add(mul(head, 2), 5e-324)) }
}

const asinh = (): KernelFunction =>
  unary('asinh', (m, x) => {
    const { mul } = m
    const magnitude = m.abs(x)
    const large = () =>
      m.either(
        m.lt(magnitude, Number.POSITIVE_INFINITY),
        () => logarithmOfDouble(m, magnitude),
        () => magnitude,
      )
    const middle = () => {
      const root = rootOf(m, magnitude, 1)
      const sum = exactSum(m, root.head, magnitude)
      const parts = splitExponent(m, sum.head, SQRT_HALF_BITS)
      return natural(m, parts, m.div(m.add(sum.tail, root.tail), sum.head))
    }
    const small = () => {
      const square = mul(magnitude, magnitude)
      return m.sub(magnitude, mul(mul(magnitude, square), m.polynomial(square, ASINH, LEAST)))
    }
    return m.copysign(
      m.either(m.le(magnitude, 0.5), small, () => m.either(m.lt(magnitude, 2 ** 28), middle, large)),
      x,
    )
  })

const acosh = (): KernelFunction =>
  unary('acosh', (m, x) => {
    const near = () => {
      const root = rootOf(m, x, -1)
      const sum = exactSum(m, root.head, m.sub(x, 1))
      return logarithmOfOnePlus(m, sum.head, m.add(sum.tail, root.tail))
    }
    const far = () =>
      m.either(
        m.lt(x, Number.POSITIVE_INFINITY),
        () => logarithmOfDouble(m, x),
        () => x,
      )
    return m.either(
      m.ge(x, 1),
      () => m.either(m.lt(x, 2 ** 28), near, far),
      () => m.real(Number.NaN),
    )
  })

/** ½ ln(1 + u), u = 2x / (1 - x); 1 gives ∞ and what lies beyond NaN, by way of log. */
const atanh = (): KernelFunction =>
  unary('atanh', (m, x) => {
    const { mul, sub } = m
    const magnitude = m.abs(x)
    const small = () => {
      const square = mul(magnitude, magnitude)
      return m.add(magnitude, mul(mul(magnitude, square), mul(m.polynomial(square, R), 0.5)))
    }
    const large = () => {
      const [above, below] = [mul(magnitude, 2), sub(1, magnitude)]
      const quotient = m.div(above, below)
      const missing = m.productError(quotient, below, above)
      // 1 - x is exact from ½ on; below, its rounding error matters.
      const lost = mul(quotient, sub(sub(1, below), magnitude))
      return mul(logarithmOfOnePlus(m, quotient, m.div(sub(m.neg(missing), lost), below)), 0.5)
    }
    const edge = () => m.neg(m.call('log', sub(1, magnitude)))
    return m.copysign(
      m.either(m.le(magnitude, 0.17), small, () => m.either(m.lt(magnitude, 1), large, edge)),
      x,
    )
  })

export const hyperbolics = (): KernelFunction[] => [
  expm1(),
  halfExponential(),
  sinh(),
  cosh(),
  tanh(),
  log1p(),
  asinh(),
  acosh(),
  atanh(),
]
