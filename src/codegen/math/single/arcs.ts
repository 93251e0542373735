/**
 * asin, acos and atan2 in single precision, computed in double with polynomials as long as singles need; errors below
 * 0.6 ulp.
 *
 * asin x = x + x³A(x²) up to ½, A minimax (Remez) of degree 5, relative error 2^-32; above that asin x = π/2 - 2 asin w,
 * w = √((1 - x)/2), and acos x = 2 asin w. atan2 divides the smaller side by the larger: atan t = t + t³T(t²), T minimax of
 * degree 8, relative error 2^-29, and starts from the multiple of π/2 that the angle is next to. Doubles keep the error
 * of the root and of the quotient small, which would take corrections in 32 bits.
 */
import type { KernelFunction, Value } from '../../kernel.ts'
import { arithmetic } from '../arithmetic.ts'
import { type SingleArithmetic, single } from './arithmetic.ts'

const A = [
  0.16666659991775873, 0.07500504162832537, 0.044516958290938886, 0.031807699103851485, 0.014438658121019856,
  0.037516397588230964,
]
const T = [
  -0.33333299091848967, 0.19998548357363402, -0.142642423357856, 0.10952188708499211, -0.08403457839059285,
  0.0579577087451817, -0.031177950388213048, 0.010914657486041375, -0.0017936324589464233,
]
const HALF_PI = Math.PI / 2

const toDouble = (m: SingleArithmetic, x: Value) => m.b.op('f64.promote_f32', x)
const toSingle = (m: SingleArithmetic, x: Value) => m.b.op('f32.demote_f64', x)

/** asin of x by its series, and of √((1-|x|)/2), which is NaN beyond 1. */
function series(m: SingleArithmetic, x: Value): { ofX: () => Value; ofHalf: () => Value } {
  const { add, sub, mul, abs, sqrt, polynomial } = arithmetic(m.b)
  const arc = (v: Value, square: Value) => add(v, mul(mul(v, square), polynomial(square, A)))
  return {
    ofX: () => arc(x, mul(x, x)),
    ofHalf: () => {
      const square = mul(sub(1, abs(x)), 0.5)
      return arc(sqrt(square), square)
    },
  }
}

const asin = (): KernelFunction =>
  single('asin', 1, (m, x) => {
    const d = arithmetic(m.b)
    const wide = toDouble(m, x!)
    const { ofX, ofHalf } = series(m, wide)
    const angle = d.either(d.le(d.abs(wide), 0.5), ofX, () =>
      d.copysign(d.sub(HALF_PI, d.mul(ofHalf(), 2)), wide),
    )
    return toSingle(m, angle)
  })

const acos = (): KernelFunction =>
  single('acos', 1, (m, x) => {
    const d = arithmetic(m.b)
    const wide = toDouble(m, x!)
    const { ofX, ofHalf } = series(m, wide)
    const beyondHalf = () => {
      const angle = d.mul(ofHalf(), 2)
      return d.either(
        d.gt(wide, 0),
        () => angle,
        () => d.sub(Math.PI, angle),
      )
    }
    const angle = d.either(d.le(d.abs(wide), 0.5), () => d.sub(HALF_PI, ofX()), beyondHalf)
    return toSingle(m, angle)
  })

/** Start and direction round the upper half circle: 0 +, π/2 -, π/2 +, π -. */
function turn(m: SingleArithmetic, x: Value, isSteep: Value, angle: Value): Value {
  const d = arithmetic(m.b)
  const steep = d.mask(isSteep)
  const left = d.shiftRightSigned(d.bits(toDouble(m, x)), 63n)
  const level = d.ofBits(d.and(d.bits(d.real(Math.PI)), left))
  const start = d.choose(steep, d.real(HALF_PI), level)
  return d.add(start, d.flipSign(angle, d.xor(steep, left)))
}

const atan2 = (): KernelFunction =>
  single('atan2', 2, (m, y, x) => {
    const d = arithmetic(m.b)
    const [high, wide] = [m.abs(y!), m.abs(x!)]
    const larger = m.max(high, wide)
    return m.either(
      m.and(m.gt(larger, 0), m.lt(larger, Number.POSITIVE_INFINITY)),
      () => {
        const t = d.div(toDouble(m, m.min(high, wide)), toDouble(m, larger))
        const square = d.mul(t, t)
        const angle = d.add(t, d.mul(d.mul(t, square), d.polynomial(square, T)))
        return m.copysign(toSingle(m, turn(m, x!, m.gt(high, wide), angle)), y!)
      },
      () => m.inDouble('atan2', y!, x!),
    )
  })

export const arcs = (): KernelFunction[] => [asin(), acos(), atan2()]
