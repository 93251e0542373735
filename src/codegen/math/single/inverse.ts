/**
 * atan in single precision; error below 1 ulp.
 *
 * atan x = c + atan t: t = x up to 0.65, (x - 1) / (x + 1) with c = π/4 up to 1.5625, -1/x with c = π/2 beyond, so that
 * |t| ≤ ⅔. atan t = t + t³T(t²), T minimax (Remez) of degree 5, relative error 2^-27.
 */
import type { KernelFunction, Value } from '../../kernel.ts'
import { arcs } from './arcs.ts'
import { type SingleArithmetic, single } from './arithmetic.ts'

const T = [
  -0.3333321213722229, 0.19994457066059113, -0.1420024335384369, 0.10489159822463989, -0.06675118952989578,
  0.024361876770853996,
]
/** Added to squares before they are multiplied on: powers of small angles would be subnormal, which is slow. */
const LEAST_SQUARE = 2 ** -28
const HALF_PI = 1.5707963267948966
/** What HALF_PI rounded to single lacks. */
const HALF_PI_TAIL = -4.371138828673793e-8

/** Both sides of the fraction t, and c in two parts. */
function reduce(m: SingleArithmetic, x: Value): [Value, Value, Value, Value] {
  const { real } = m
  const parts = m.b.if(
    m.lt(x, 0.65),
    () => [x, real(1), real(0), real(0)],
    () =>
      m.b.if(
        m.lt(x, 1.5625),
        () => [m.sub(x, 1), m.add(x, 1), real(HALF_PI / 2), real(HALF_PI_TAIL / 2)],
        () => [real(-1), x, real(HALF_PI), real(HALF_PI_TAIL)],
      ),
  )
  return parts as [Value, Value, Value, Value]
}

const atan = (): KernelFunction =>
  single('atan', 1, (m, x) => {
    const { add, sub, mul } = m
    const [above, below, center, centerTail] = reduce(m, m.abs(x!))
    const t = m.div(above, below)
    const square = mul(t, t)
    const cube = mul(t, add(square, LEAST_SQUARE))
    const rest = add(mul(cube, m.polynomial(square, T, 0, LEAST_SQUARE)), centerTail)
    const sum = add(center, t)
    // |center| is larger than |t| or zero, so this is the rounding error of the sum.
    const lost = add(sub(center, sum), t)
    return m.copysign(add(sum, add(lost, rest)), x!)
  })

export const inverses = (): KernelFunction[] => [...arcs(), atan()]
