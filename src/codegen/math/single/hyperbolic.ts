/**
 * sinh, cosh and tanh in single precision; errors below 1 ulp (sinh and cosh 0.6).
 *
 * tanh up to 0.9 by x - x/4 + x·(¼ + x²T(x²)), T minimax (Remez) of degree 6, relative error 2^-29; as the difference of the
 * first two is kept with its rounding error, what has errors is at most a quarter. Beyond that 1 - 2 / (e^2x + 1), where
 * the subtraction makes the error of the quotient small. From 10 on the result is 1 to the last bit.
 * sinh and cosh come from e^|x| as a double; sinh up to 1 from x + x³S(x²), S minimax of degree 3, relative error 2^-34.
 */
import type { KernelFunction, Value } from '../../kernel.ts'
import { arithmetic } from '../arithmetic.ts'
import { type SingleArithmetic, single } from './arithmetic.ts'
import { splitExponential } from './exponential.ts'
import { exponentialInDouble } from './power.ts'

/** ¼ + zT(z) */
const T = [
  0.25, -0.33333322405815125, 0.13332980871200562, -0.05392947420477867, 0.02166409231722355,
  -0.008265454322099686, 0.002583423163741827, -0.00045570809743367136,
]

/** Below what shows in the result; its fourth power, times a coefficient, is a normal number. */
const LEAST_SQUARE = 2 ** -28

function ofSmall(m: SingleArithmetic, x: Value): Value {
  const { add, sub, mul } = m
  const quarter = mul(x, 0.25)
  const head = sub(x, quarter)
  const lost = sub(sub(x, head), quarter)
  return add(head, add(lost, mul(x, m.polynomial(mul(x, x), T, 2, LEAST_SQUARE))))
}

function ofLarge(m: SingleArithmetic, x: Value): Value {
  const { add, sub, mul } = m
  const { more, shifted } = splitExponential(m, add(x, x))
  const power = m.powerOfTwo(shifted)
  return sub(1, m.div(2, add(add(power, 1), mul(more, power))))
}

const S = [0.16666666497563662, 0.00833335005807026, 0.0001983615978980779, 2.816951183595298e-6]

/** e^|x|/2 and e^-|x|/2. Beyond 200 the results are infinite anyway. */
function halves(m: SingleArithmetic, x: Value): [Value, Value] {
  const d = arithmetic(m.b)
  const power = exponentialInDouble(m, d.min(d.abs(x), 200))
  return [d.mul(power, 0.5), d.div(0.5, power)]
}

const sinh = (): KernelFunction =>
  single('sinh', 1, (m, x) => {
    const d = arithmetic(m.b)
    const wide = m.b.op('f64.promote_f32', x!)
    const small = () => {
      const square = d.mul(wide, wide)
      return d.sub(wide, d.mul(d.mul(d.neg(wide), square), d.polynomial(square, S)))
    }
    const large = () => {
      const [up, down] = halves(m, wide)
      return d.copysign(d.sub(up, down), wide)
    }
    return m.b.op('f32.demote_f64', d.either(d.le(d.abs(wide), 1), small, large))
  })

const cosh = (): KernelFunction =>
  single('cosh', 1, (m, x) => {
    const [up, down] = halves(m, m.b.op('f64.promote_f32', x!))
    return m.b.op('f32.demote_f64', arithmetic(m.b).add(up, down))
  })

const tanh = (): KernelFunction =>
  single('tanh', 1, (m, x) => {
    const size = m.min(m.abs(x!), 10)
    const magnitude = m.either(
      m.lt(size, 0.9),
      () => ofSmall(m, size),
      () => ofLarge(m, size),
    )
    return m.copysign(magnitude, x!)
  })

export const hyperbolics = (): KernelFunction[] => [sinh(), cosh(), tanh()]
