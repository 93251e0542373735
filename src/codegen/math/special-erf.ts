/**
 * erf and erfc in double precision; errors below 1.2 and 2 ulp, subnormal results of erfc included.
 *
 * Up to ¾ erf x = x + x·P(x²). From ½ on erfc x = e^(-x²)·S(x), x² in two parts, S a polynomial in x - centre on
 * [½, 1], [1, 2] and [2, 4], and beyond 4 one in 1/x², divided by x. All of them interpolate at Chebyshev nodes,
 * relative error below 2^-57.
 */
import type { KernelFunction, Value } from '../kernel.ts'
import type { Arithmetic } from './arithmetic.ts'
import { unary } from './define.ts'
import { scaleInTwoSteps, wholeOf } from './exponential.ts'
import { exponential } from './power.ts'
import { type Pair, piecewise } from './special-pieces.ts'

const P = [
  0.1283791670955126, -0.37612638903183754, 0.11283791670955087, -0.026866170645118446, 0.005223977625222192,
  -0.0008548327001135946, 0.00012055331545294116, -1.4925589383821143e-5, 1.646038320985815e-6,
  -1.63332293434337e-7, 1.4413879289095029e-8, -9.502840894774706e-10,
]
const S_HALF = [
  0.5069376502931449, -0.3679726916557954, 0.23095813155129497, -0.12983606199488007, 0.06679054252841538,
  -0.031897262039946896, 0.01428919858470859, -0.006051532271776434, 0.002437641069942269,
  -0.000938513222881505, 0.00034666379283020214, -0.00012332717214560827, 4.337915907561481e-5,
  -1.440376961255891e-5,
]
const S_ONE = [
  0.3215854164543175, -0.16362291773256005, 0.0761510398554774, -0.03293090529956527, 0.013377340953067394,
  -0.0051459575478377826, 0.0018861348769919975, -0.0006619300701084315, 0.0002233099453004411,
  -7.265887301589559e-5, 2.2864299608127746e-5, -6.97536222785843e-6, 2.0670657912156654e-6,
  -5.944961119917664e-7, 1.6714292901928126e-7, -4.9545807838901603e-8, 1.3242541506849586e-8,
]
const S_TWO = [
  0.17900115118138996, -0.05437226000717287, 0.01588437115987136, -0.00447943101837258, 0.0012230390523759822,
  -0.00032412554449670324, 8.355413963925958e-5, -2.0989464462229973e-5, 5.146436493852072e-6,
  -1.2333677143104898e-6, 2.8926692938101366e-7, -6.646690382092543e-8, 1.4977112890287265e-8,
  -3.312780752600577e-9, 7.206556491473509e-10, -1.539306000137148e-10, 3.165046186861128e-11,
  -6.555844952443731e-12, 1.6647790649164353e-12, -3.32463503923892e-13,
]
const S_FAR = [
  0.5641895835477563, -0.28209479177386904, 0.42314218764985156, -1.0578554639025195, 3.7024928157795367,
  -16.66101998761309, 91.6160794774487, -594.1802412031337, 4392.878616129174, -35155.132863932005,
  279805.96462867485, -1978572.782195217, 10918856.299325591, -39917389.13290984, 70499286.15749022,
]

const S_FAR_TAIL = 6.405494167614261e-18

interface Series {
  readonly below: number
  readonly center: number
  readonly coefficients: readonly number[]
  /** What the first coefficient is short of. */
  readonly tail: number
}

const NEAR: readonly Series[] = [
  { below: 1, center: 0.75, coefficients: S_HALF, tail: -5.124684192006287e-17 },
  { below: 2, center: 1.5, coefficients: S_ONE, tail: 1.7007985607722196e-17 },
  { below: 4, center: 3, coefficients: S_TWO, tail: -5.552119524704471e-18 },
]

/** first + tail + rest, |rest| being less than |first|, as a sum of two doubles. */
function joined(m: Arithmetic, first: number, tail: number, rest: Value): Pair {
  const head = m.add(first, rest)
  return { head, tail: m.add(m.sub(rest, m.sub(head, first)), tail) }
}

/** factor·e^(x²)·erfc x for x ≥ ½; what rounding takes from the leading terms is added again. */
function scaledComplement(m: Arithmetic, x: Value, factor: Value): Value {
  const { add, sub, mul, div } = m
  const sumOf = (u: Value, [first, ...others]: readonly number[], tail: number) =>
    joined(m, first!, tail, mul(u, m.polynomial(u, others)))
  const near = NEAR.map(({ below, center, coefficients, tail }) => ({
    below,
    value: () => {
      const sum = sumOf(sub(x, center), coefficients, tail)
      return add(mul(factor, sum.head), mul(factor, sum.tail))
    },
  }))
  const far = () => {
    const inverse = div(1, x)
    const sum = sumOf(mul(inverse, inverse), S_FAR, S_FAR_TAIL)
    const product = mul(factor, sum.head)
    const small = add(m.productError(factor, sum.head, product), mul(factor, sum.tail))
    const quotient = div(product, x)
    return add(quotient, mul(sub(small, m.productError(quotient, x, product)), inverse))
  }
  return piecewise(m, x, near, far)
}

/** erfc x for x ≥ ½; 0 from 27.3 on. */
const upper = (): KernelFunction =>
  unary('erfc.upper', (m, x) => {
    const bounded = m.min(x, 28)
    const square = m.mul(bounded, bounded)
    const exponent = { head: m.neg(square), tail: m.neg(m.productError(bounded, bounded, square)) }
    const { mantissa, shifted } = exponential(m, exponent, exponent.head)
    return scaleInTwoSteps(m, scaledComplement(m, bounded, mantissa), wholeOf(m, shifted))
  })

/** erf x - x for |x| ≤ ¾. */
const restOf = (m: Arithmetic, x: Value): Value => m.mul(x, m.polynomial(m.mul(x, x), P))

const erf = (): KernelFunction =>
  unary('erf', (m, x) => {
    const magnitude = m.abs(x)
    return m.either(
      m.le(magnitude, 0.75),
      // So that -0 stays itself: x·(-P) is +0 then.
      () => m.sub(x, restOf(m, m.neg(x))),
      () => m.copysign(m.sub(1, m.call('erfc.upper', magnitude)), x),
    )
  })

const erfc = (): KernelFunction =>
  unary('erfc', (m, x) => {
    const { add, sub } = m
    const pieces = [
      { below: -0.5, value: () => sub(2, m.call('erfc.upper', m.neg(x))) },
      { below: 0.25, value: () => sub(1, add(x, restOf(m, x))) },
      // x - ½ is exact, and the rest is small.
      { below: 0.5, value: () => sub(0.5, add(sub(x, 0.5), restOf(m, x))) },
    ]
    return piecewise(m, x, pieces, () => m.call('erfc.upper', x))
  })

export const errorFunctions = (): KernelFunction[] => [upper(), erf(), erfc()]
