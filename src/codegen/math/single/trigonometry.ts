/**
 * sin and cos in single precision; errors below 0.9 ulp.
 *
 * Reduction: x = q·π/2 + r - missing, |r| ≤ π/4, after Cody and Waite (1980) with π/2 = P1 + P2 + P3, P1 of 12 and P2
 * of 13 bits, so that their products with q, of 11 bits, are exact; what the second subtraction rounds away is kept.
 * No single up to LIMIT is so near to a multiple of π/2 that what P3 leaves out shows (a test looks at each of them).
 * Larger arguments go through the double function.
 * Polynomials: minimax (Remez) on |r| ≤ 0.7865: sin r = r + r³S(r²), relative error 2^-28; cos r = 1 - r²/2 + r⁴C(r²),
 * absolute error 2^-33.
 */
import type { KernelFunction, Value } from '../../kernel.ts'
import { ROUNDER, type SingleArithmetic, single } from './arithmetic.ts'

const LIMIT = 3200
const TWO_OVER_PI = 0.6366197723675814
const P1 = 1.57080078125
const MINUS_P2 = 4.454515874385834e-6
const P3 = 6.07710062827671e-11

const S = [0.16666655242443085, -0.008332189172506332, 0.0001951820740941912]
const C = [0.04166664555668831, -0.00138873013202101, 2.4430670237052254e-5]

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
  return sub(r, add(mul(missing, slope), mul(mul(square, r), m.polynomial(square, S))))
}

function cosine(m: SingleArithmetic, { r, missing }: Reduced, square: Value): Value {
  const { add, sub, mul } = m
  const half = mul(square, 0.5)
  const head = sub(1, half)
  const lost = sub(sub(1, head), half)
  return add(head, add(add(lost, mul(r, missing)), mul(mul(square, square), m.polynomial(square, C))))
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
          m.and(quadrant, 1),
          () => cosine(m, reduced, square),
          () => sine(m, reduced, square),
        )
        return m.flipSign(magnitude, m.shl(quadrant, 30))
      },
      () => m.call(`${name}.slow`, x!),
    ),
  )
}

export const trigonometry = (): KernelFunction[] => [pair('sin', 0), pair('cos', 1)]
