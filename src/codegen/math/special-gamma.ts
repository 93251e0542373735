/**
 * tgamma and lgamma in double precision.
 *
 * tgamma: error below 2 ulp for x > 0, 3 ulp for x < 0. Up to 10 in size by Γ(x + 1) = x·Γ(x) to [3/2, 5/2], where
 * Γ(2 + u) = 1 + u·G(u), the product in two doubles. Beyond that by Stirling's formula
 * ln Γ(x) = (x - ½)·ln x - x + ½ ln 2π + S(1/x²)/x, as pow computes its exponent, and for negative x by the
 * reflection Γ(x)·Γ(-x) = -π / (x·sin πx).
 * lgamma, the logarithm of |Γ|: error below 3 ulp for x > 0. For x < 0 it is within 2 ulp of the larger of itself,
 * 1 and ln Γ(-x), thus not so near its zeros there. On [¾, 3] it is (x - 1)·(x - 2)·L(x), exact at both zeros.
 * The polynomials G (degree 19), L (twice degree 21) and S (degree 6) interpolate at Chebyshev nodes; relative
 * errors 2^-58, 2^-59 and 2^-61.
 */
import type { KernelFunction, Value } from '../kernel.ts'
import type { Arithmetic } from './arithmetic.ts'
import { unary } from './define.ts'
import { scaleInTwoSteps, wholeOf } from './exponential.ts'
import { exactSum } from './hyperbolic.ts'
import { exponential, exponentOf, logarithm } from './power.ts'
import { multiplyPairs, type Pair, piecewise } from './special-pieces.ts'

const G = [
  0.42278433509846713, 0.4118403304264397, 0.0815769192470858, 0.07424901075351413, -0.00026698206868206766,
  0.011154045718099517, -0.0028526458243686085, 0.002103933342304082, -0.0009195737556751735,
  0.0004903884092456326, -0.00024094266875000244, 0.00012167442301820698, -6.078180215145502e-5,
  3.0448012248631827e-5, -1.5296289519910945e-5, 7.652457677804413e-6, -3.609421076900372e-6,
  1.8051430716886604e-6, -1.3131191509664216e-6, 6.566145752712689e-7,
]
const L_LOW = [
  0.5487833977237905, -0.21115323425817586, 0.11960320844256032, -0.07892681966460653, 0.05628216876911452,
  -0.041994856012586367, 0.03226388713791912, -0.025296547269316964, 0.020132841860418065,
  -0.016209048129205757, 0.013170624359593543, -0.010782953470194624, 0.008885442652873304,
  -0.007360499725206367, 0.006109528539288366, -0.005105140931733737, 0.004420031627777158,
  -0.0037204410759091927, 0.0024052181994097407, -0.0020294170904300458, 0.003918081961976261,
  -0.0033364909969457747,
]
const L_HIGH = [
  0.3995894876556691, -0.08588084755126099, 0.025268354959288596, -0.00846402499357528, 0.0030411186579069323,
  -0.001140986590005892, 0.0004406567320300957, -0.00017370931765654704, 6.952279516229163e-5,
  -2.8149289639083216e-5, 1.1501953265681634e-5, -4.734544076564375e-6, 1.9610309298135665e-6,
  -8.162885225940421e-7, 3.403303586159362e-7, -1.4280824653864626e-7, 6.211268218830923e-8,
  -2.6237256986129076e-8, 8.474513322443875e-9, -3.5873906270594855e-9, 3.4958112706149023e-9,
  -1.4922144283217354e-9,
]
const S = [
  0.08333333333333333, -0.0027777777777774886, 0.0007936507931867713, -0.0005952378151473633,
  0.0008416699620413427, -0.0019054332021104772, 0.005494345143862465,
]
const HALF_LN_2PI = 0.9189385332046728
const HALF_LN_2PI_TAIL = -3.8782941580672414e-17
const PI_TAIL = 1.2246467991473532e-16

/** From here on Stirling's formula has the accuracy of a double. */
const STIRLING_FROM = 10

/** |sin πx| for finite x, in the last bit. */
function sineOfTurns(m: Arithmetic, x: Value): Value {
  const { add, sub, mul } = m
  const f = m.abs(sub(x, m.b.op('f64.nearest', x)))
  const angle = mul(f, Math.PI)
  const missing = add(m.productError(f, m.real(Math.PI), angle), mul(f, PI_TAIL))
  const sine = m.call('sin', angle)
  return add(sine, mul(missing, m.sqrt(sub(1, mul(sine, sine)))))
}

/** ln Γ(x) in two parts for 10 ≤ x ≤ 2^52. */
function stirling(m: Arithmetic, x: Value): Pair {
  const { add, sub, mul } = m
  const inverse = m.div(1, x)
  const correction = mul(inverse, m.polynomial(mul(inverse, inverse), S))
  const power = exponentOf(m, sub(x, 0.5), logarithm(m, x))
  const difference = exactSum(m, power.head, m.neg(x))
  const sum = exactSum(m, difference.head, m.real(HALF_LN_2PI))
  const small = add(add(correction, HALF_LN_2PI_TAIL), power.tail)
  return { head: sum.head, tail: add(add(sum.tail, difference.tail), small) }
}

/** Γ(x) = mantissa·2^k for 10 ≤ x < 200. */
function largeGamma(m: Arithmetic, x: Value): { mantissa: Value; k: Value } {
  const exponent = stirling(m, x)
  const { mantissa, shifted } = exponential(m, exponent, m.add(exponent.head, exponent.tail))
  return { mantissa, k: wholeOf(m, shifted) }
}

/** Γ(2 + u) for |u| ≤ ½, and a bit beyond. */
const gammaNearTwo = (m: Arithmetic, u: Value): Pair => exactSum(m, m.real(1), m.mul(u, m.polynomial(u, G)))

/** x = y + n with y < 5/2, and the product (x - 1)·(x - 2)·…·y, for 3/2 ≤ x < 10. All differences are exact. */
function downwards(m: Arithmetic, x: Value): { y: Value; product: Pair } {
  const { b } = m
  const start = [x, m.real(1), m.real(0)]
  const [y, head, tail] = b.loop(start, ([current, oldHead, oldTail]) => {
    const high = m.gt(current!, 2.5)
    const factor = b.select(high, m.sub(current!, 1), m.real(1))
    const old = { head: oldHead!, tail: oldTail! }
    const product = multiplyPairs(m, old, { head: factor, tail: m.real(0) })
    const next = b.select(high, factor, current!)
    return { next: [next, product.head, product.tail], condition: m.gt(next, 2.5) }
  })
  return { y: y!, product: { head: head!, tail: tail! } }
}

function gammaDownwards(m: Arithmetic, x: Value): Value {
  const { y, product } = downwards(m, x)
  const result = multiplyPairs(m, gammaNearTwo(m, m.sub(y, 2)), product)
  return m.add(result.head, result.tail)
}

/** Γ(x) = Γ(y) / (x·(x + 1)·…·(y - 1)) for -10 ≤ x < 3/2, y the first that is 3/2 or more. */
function gammaUpwards(m: Arithmetic, x: Value): Value {
  const { b, add, sub, mul, div } = m
  const [steps, head, tail] = b.loop([m.real(0), m.real(1), m.real(0)], ([step, oldHead, oldTail]) => {
    const old = { head: oldHead!, tail: oldTail! }
    const product = multiplyPairs(m, old, exactSum(m, x, step!))
    const next = add(step!, 1)
    return { next: [next, product.head, product.tail], condition: m.lt(add(x, next), 1.5) }
  })
  const y = exactSum(m, x, steps!)
  const u = sub(y.head, 2)
  const near = gammaNearTwo(m, u)
  // Γ'(2 + u) to a few digits.
  const slope = add(G[0]!, mul(u, 2 * G[1]!))
  const quotient = div(near.head, head!)
  const missing = add(m.productError(quotient, head!, near.head), mul(quotient, tail!))
  return add(quotient, div(sub(add(near.tail, mul(y.tail, slope)), missing), head!))
}

/** Γ(x) for x < -10: by reflection; the sign is that of sin πx. */
const gammaBelow = (): KernelFunction =>
  unary('tgamma.slow', (m, x) => {
    const whole = m.b.op('f64.nearest', x)
    const reflected = () => {
      // From 185 on the result is zero.
      const size = m.min(m.abs(x), 190)
      const { mantissa, k } = largeGamma(m, size)
      const divisor = m.mul(m.mul(size, sineOfTurns(m, x)), mantissa)
      const magnitude = scaleInTwoSteps(m, m.div(Math.PI, divisor), m.subLong(0n, k))
      const half = m.mul(whole, 0.5)
      const odd = m.longOf(m.ne(m.trunc(half), half))
      return m.flipSign(m.copysign(magnitude, m.sub(x, whole)), m.shl(odd, 63n))
    }
    return m.either(m.eq(whole, x), () => m.real(Number.NaN), reflected)
  })

const isNegativeWhole = (m: Arithmetic, x: Value) => m.both(m.eq(m.trunc(x), x), m.lt(x, 0))

const tgamma = (): KernelFunction =>
  unary('tgamma', (m, x) => {
    const small = () =>
      m.either(
        isNegativeWhole(m, x),
        () => m.real(Number.NaN),
        () =>
          m.either(
            m.lt(m.abs(x), 2 ** -60),
            () => m.div(1, x),
            () => gammaUpwards(m, x),
          ),
      )
    const large = () => {
      const { mantissa, k } = largeGamma(m, x)
      return scaleInTwoSteps(m, mantissa, k)
    }
    const pieces = [
      { below: -STIRLING_FROM, value: () => m.call('tgamma.slow', x) },
      { below: 1.5, value: small },
      { below: STIRLING_FROM, value: () => gammaDownwards(m, x) },
      { below: 172, value: large },
    ]
    return piecewise(m, x, pieces, () => m.mul(x, Number.POSITIVE_INFINITY))
  })

/** ln Γ(x) on [¾, 3/2] or [3/2, 3]. */
function logarithmOfGamma(m: Arithmetic, x: Value, center: number, coefficients: readonly number[]): Value {
  // Taken from 0, so that it is +0 at both.
  const zeros = m.sub(0, m.mul(m.sub(1, x), m.sub(x, 2)))
  return m.mul(zeros, m.polynomial(m.sub(x, center), coefficients))
}

const low = (m: Arithmetic, x: Value) => logarithmOfGamma(m, x, 1.125, L_LOW)
const high = (m: Arithmetic, x: Value) => logarithmOfGamma(m, x, 2.25, L_HIGH)

/** ln |Γ(x)| for x < 0; infinite at whole numbers. */
const logarithmBelow = (): KernelFunction =>
  unary('lgamma.slow', (m, x) => {
    const size = m.abs(x)
    const reflected = () => {
      const quotient = m.div(Math.PI, m.mul(size, sineOfTurns(m, x)))
      return m.sub(m.call('log', quotient), m.call('lgamma.positive', size))
    }
    const near = () => m.call('log', m.abs(m.call('tgamma', x)))
    const other = () => m.either(m.lt(size, STIRLING_FROM), near, reflected)
    const tiny = () => m.neg(m.call('log', size))
    return m.either(
      isNegativeWhole(m, x),
      () => m.real(Number.POSITIVE_INFINITY),
      () => m.either(m.lt(size, 2 ** -60), tiny, other),
    )
  })

const logarithmAbove = (): KernelFunction =>
  unary('lgamma.positive', (m, x) => {
    const { add, sub, mul } = m
    const middle = () => {
      const { y, product } = downwards(m, x)
      return add(m.call('log', product.head), high(m, y))
    }
    const large = () => {
      const { head, tail } = stirling(m, x)
      return add(head, tail)
    }
    const small = () => {
      const next = add(x, 1)
      const value = m.either(
        m.lt(next, 1.5),
        () => low(m, next),
        () => high(m, next),
      )
      return sub(value, m.call('log', x))
    }
    const pieces = [
      { below: 0.75, value: small },
      { below: 1.5, value: () => low(m, x) },
      { below: 3, value: () => high(m, x) },
      { below: STIRLING_FROM, value: middle },
      { below: 2 ** 52, value: large },
    ]
    return piecewise(m, x, pieces, () => mul(x, sub(m.call('log', x), 1)))
  })

const lgamma = (): KernelFunction =>
  unary('lgamma', (m, x) =>
    m.either(
      m.lt(x, 0),
      () => m.call('lgamma.slow', x),
      () => m.call('lgamma.positive', x),
    ),
  )

export const gammaFunctions = (): KernelFunction[] => [
  gammaBelow(),
  tgamma(),
  logarithmAbove(),
  logarithmBelow(),
  lgamma(),
]
