/**
 * sin, cos and tan in single precision; errors below 0.9 ulp (tan below 1).
 *
 * Reduction: x = q·π/2 + r - missing, |r| ≤ π/4, after Cody and Waite (1980) with π/2 = P1 + P2 + P3, P1 of 12 and P2
 * of 13 bits, so that their products with q, of 11 bits, are exact; what the second subtraction rounds away is kept.
 * No single up to LIMIT is so near to a multiple of π/2 that what P3 leaves out shows (a test looks at each of them).
 * Larger arguments go through the double function.
 * Polynomials: minimax (Remez) on |r| ≤ 0.7865: sin r = r + r³S(r²), relative error 2^-28; cos r = 1 - r²/2 + r⁴C(r²),
 * absolute error 2^-33; tan r = r + r³T(r²), relative error 2^-29, and -1 / tan r in odd quadrants.
 */
import type { KernelFunction, Value } from '../../kernel.ts'
import { wholeName } from '../define.ts'
import { ROUNDER, type SingleArithmetic, single } from './arithmetic.ts'

const LIMIT = 3200
/** The largest angle that a tangent is computed of without reduction: below π/4, so that reduction would give it back. */
const QUICK_LIMIT = 0.785
const TWO_OVER_PI = 0.6366197723675814
const P1 = 1.57080078125
const MINUS_P2 = 4.454515874385834e-6
const P3 = 6.07710062827671e-11

const S = [0.16666655242443085, -0.008332189172506332, 0.0001951820740941912]
const C = [0.04166664555668831, -0.00138873013202101, 2.4430670237052254e-5]
/** T without its first term. */
const T = [
  0.1333267092704773, 0.0540597103536129, 0.02128107100725174, 0.010842752642929554, 7.680492853978649e-5,
  0.004384118597954512,
]
const THIRD = 0.33333349227905273

/**
 * What is added to squares of angles before they are multiplied on: powers of small angles would be subnormal, which is
 * slow. It is far below what shows in the result, and its powers, times coefficients and small angles, are normal numbers.
 */
const LEAST_SQUARE = { sine: P3, tangent: 2 ** -28 }

/** x = quadrant·π/2 + r - missing; only the two low bits of the quadrant count. */
interface Reduced {
  readonly r: Value
  readonly missing: Value
  readonly quadrant: Value
}

function reduce(m: SingleArithmetic, x: Value): Reduced {
  const { add, sub, mul } = m
  const shifted = add(mul(x, TWO_OVER_PI), ROUNDER)
  const q = sub(shifted, ROUNDER)
  const upper = sub(x, mul(q, P1))
  // By -q, since a difference of zeros keeps the sign of the first if the other is +0.
  const middle = mul(sub(ROUNDER, shifted), MINUS_P2)
  const r = sub(upper, middle)
  const lost = sub(sub(upper, r), middle)
  return { r, missing: sub(mul(q, P3), lost), quadrant: m.bits(shifted) }
}

/** Written so that the sine of -0 is -0. */
function sine(m: SingleArithmetic, { r, missing }: Reduced, square: Value): Value {
  const { add, sub, mul } = m
  const slope = sub(1, mul(square, 0.5))
  const cube = mul(add(square, LEAST_SQUARE.sine), r)
  return sub(r, add(mul(missing, slope), mul(cube, m.polynomial(square, S, 2))))
}

function cosine(m: SingleArithmetic, { r, missing }: Reduced, square: Value): Value {
  const { add, sub, mul } = m
  const half = mul(square, 0.5)
  const head = sub(1, half)
  const lost = sub(sub(1, head), half)
  const least = LEAST_SQUARE.sine
  const base = add(square, least)
  return add(head, add(add(lost, mul(r, missing)), mul(mul(base, base), m.polynomial(square, C, 0, least))))
}

/** `turn` quadrants further. */
function pair(name: string, turn: 0 | 1): KernelFunction {
  return single(name, 1, (m, x) =>
    m.either(
      m.le(m.abs(x!), LIMIT),
      () => {
        const reduced = reduce(m, x!)
        const square = m.mul(reduced.r, reduced.r)
        const quadrant = turn === 0 ? reduced.quadrant : m.addInt(reduced.quadrant, turn)
        const magnitude = m.either(
          m.isEven(quadrant),
          () => sine(m, reduced, square),
          () => cosine(m, reduced, square),
        )
        return m.flipSign(magnitude, m.shl(quadrant, 30))
      },
      () => m.inDouble(name, x!),
    ),
  )
}

/**
 * tan r = main + rest, main = r + r/8: with what this sum rounds away, and r²/3 - ⅛ computed apart, what has errors is
 * small.
 */
function tangent(m: SingleArithmetic, r: Value): { main: Value; rest: Value } {
  const { add, sub, mul } = m
  const eighth = mul(r, 0.125)
  const main = add(r, eighth)
  const lost = add(sub(r, main), eighth)
  const square = mul(r, r)
  const least = LEAST_SQUARE.tangent
  const base = add(square, least)
  const slope = add(sub(mul(square, THIRD), 0.125), mul(mul(base, base), m.polynomial(square, T, 0, least)))
  return { main, rest: add(lost, mul(r, slope)) }
}

/** -1 / (head + tail), the quotient corrected by its remainder, whose products are exact. */
function minusInverse(m: SingleArithmetic, head: Value, tail: Value): Value {
  const { add, sub, mul } = m
  const inverse = m.div(-1, head)
  const [i0, h0] = [m.high(inverse), m.high(head)]
  const h1 = add(sub(head, h0), tail)
  const remainder = add(add(add(mul(i0, h0), 1), mul(i0, h1)), mul(sub(inverse, i0), head))
  return add(inverse, mul(inverse, remainder))
}

/** With a reduction of the argument, which tangents for filters do not need. */
const wholeTangent = (): KernelFunction =>
  single(wholeName('tan'), 1, (m, x) =>
    m.either(
      m.le(m.abs(x!), LIMIT),
      () => {
        const { add, sub, mul } = m
        const { r, missing, quadrant } = reduce(m, x!)
        const { main, rest } = tangent(m, r)
        const rough = add(main, rest)
        const exact = sub(rest, mul(missing, add(1, mul(rough, rough))))
        const head = add(main, exact)
        return m.either(
          m.isEven(quadrant),
          // For the tangent of -0.
          () => m.copysign(head, r),
          () => minusInverse(m, head, add(sub(main, head), exact)),
        )
      },
      () => m.inDouble('tan', x!),
    ),
  )

const quickTangent = (): KernelFunction =>
  single('tan', 1, (m, x) =>
    m.either(
      m.le(m.abs(x!), QUICK_LIMIT),
      () => {
        const { main, rest } = tangent(m, x!)
        // For the tangent of -0.
        return m.copysign(m.add(main, rest), x!)
      },
      () => m.call(wholeName('tan'), x!),
    ),
  )

export const trigonometry = (): KernelFunction[] => [
  pair('sin', 0),
  pair('cos', 1),
  wholeTangent(),
  quickTangent(),
]
