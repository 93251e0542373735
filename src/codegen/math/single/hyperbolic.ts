/**
 * tanh in single precision; error below 1 ulp.
 *
 * Up to 0.9 by x - x/4 + x·(¼ + x²T(x²)), T minimax (Remez) of degree 6, relative error 2^-29; as the difference of the
 * first two is kept with its rounding error, what has errors is at most a quarter. Beyond that 1 - 2 / (e^2x + 1), where
 * the subtraction makes the error of the quotient small. From 10 on the result is 1 to the last bit.
 */
import type { KernelFunction, Value } from '../../kernel.ts'
import { type SingleArithmetic, single } from './arithmetic.ts'
import { splitExponential } from './exponential.ts'

/** ¼ + zT(z) */
const T = [
  0.25, -0.33333322405815125, 0.13332980871200562, -0.05392947420477867, 0.02166409231722355,
  -0.008265454322099686, 0.002583423163741827, -0.00045570809743367136,
]

function ofSmall(m: SingleArithmetic, x: Value): Value {
  const { add, sub, mul } = m
  const quarter = mul(x, 0.25)
  const head = sub(x, quarter)
  const lost = sub(sub(x, head), quarter)
  return add(head, add(lost, mul(x, m.polynomial(mul(x, x), T, 2))))
}

function ofLarge(m: SingleArithmetic, x: Value): Value {
  const { add, sub, mul } = m
  const { more, power } = splitExponential(m, add(x, x))
  return sub(1, m.div(2, add(add(power, 1), mul(more, power))))
}

export const hyperbolics = (): KernelFunction[] => [
  single('tanh', 1, (m, x) => {
    const size = m.min(m.abs(x!), 10)
    const magnitude = m.either(
      m.lt(size, 0.9),
      () => ofSmall(m, size),
      () => ofLarge(m, size),
    )
    return m.copysign(magnitude, x!)
  }),
]
