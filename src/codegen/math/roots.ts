/**
 * cbrt and hypot in double precision; errors below 0.7 and 0.6 ulp.
 *
 * cbrt: dividing the bits of x by 3 gives its root to 4 %, two steps of Halley's iteration
 * t ← t·(t³ + 2x) / (2t³ + x) to 2^-40, and a Newton step from t cut to 26 bits, whose square is exact, the rest.
 * hypot: the root of the rounded sum of squares, corrected by what the squares and the root lost.
 */
import type { KernelFunction, Value } from '../kernel.ts'
import type { Arithmetic } from './arithmetic.ts'
import { binary, unary } from './define.ts'

/** (1 - 1/3)·1023·2^52, less a bit so that the error of the first guess is as large both ways. */
const THIRD_BIAS = BigInt((682 - 0.0331) * 2 ** 52)

function cubeRoot(m: Arithmetic, x: Value): Value {
  const { add, sub, mul, div } = m
  const third = m.b.op('i64.div_u', m.bits(x), m.long(3n))
  const halley = (t: Value) => {
    const cube = mul(mul(t, t), t)
    return mul(t, div(add(cube, mul(x, 2)), add(mul(cube, 2), x)))
  }
  const t = m.high(halley(halley(m.ofBits(m.addLong(third, THIRD_BIAS)))))
  const ratio = div(x, mul(t, t))
  return add(t, mul(t, div(sub(ratio, t), add(mul(t, 2), ratio))))
}

const cbrt = (): KernelFunction =>
  unary('cbrt', (m, x) => {
    const magnitude = m.abs(x)
    const scaled = (factor: number) => m.mul(cubeRoot(m, m.mul(magnitude, factor ** 3)), 1 / factor)
    const small = () =>
      m.either(
        m.eq(magnitude, 0),
        () => magnitude,
        () => scaled(2 ** 100),
      )
    const large = () =>
      m.either(
        m.lt(magnitude, Number.POSITIVE_INFINITY),
        () => scaled(2 ** -100),
        () => magnitude,
      )
    const unusual = () => m.either(m.lt(magnitude, 1), small, large)
    const ordinary = m.both(m.ge(magnitude, 2 ** -1000), m.lt(magnitude, 2 ** 1000))
    return m.copysign(
      m.either(ordinary, () => cubeRoot(m, magnitude), unusual),
      x,
    )
  })

/** √(a² + b²) for a ≥ b ≥ 0 whose squares neither over- nor underflow. */
function distance(m: Arithmetic, a: Value, b: Value): Value {
  const { add, sub, mul } = m
  const [aa, bb] = [mul(a, a), mul(b, b)]
  const sum = add(aa, bb)
  const root = m.sqrt(sum)
  const lost = add(add(sub(aa, sum), bb), add(m.productError(a, a, aa), m.productError(b, b, bb)))
  const missing = sub(lost, m.productError(root, root, sum))
  return add(root, m.div(missing, mul(root, 2)))
}

const hypot = (): KernelFunction =>
  binary('hypot', (m, x, y) => {
    const [u, v] = [m.abs(x), m.abs(y)]
    const [a, b] = [m.max(u, v), m.min(u, v)]
    return m.either(
      m.both(m.lt(a, 2 ** 500), m.gt(b, 2 ** -400)),
      () => distance(m, a, b),
      () => m.call('hypot.slow', x, y),
    )
  })

/** ∞ wins over NaN; a side too small to show is added, which also passes NaN on; the rest is scaled. */
const hypotSlow = (): KernelFunction =>
  binary('hypot.slow', (m, x, y) => {
    const [u, v] = [m.abs(x), m.abs(y)]
    const [a, b] = [m.max(u, v), m.min(u, v)]
    const endless = Number.POSITIVE_INFINITY
    const scaled = () => {
      const factor = m.either(
        m.gt(a, 1),
        () => m.real(2 ** -600),
        () => m.real(2 ** 600),
      )
      const back = m.either(
        m.gt(a, 1),
        () => m.real(2 ** 600),
        () => m.real(2 ** -600),
      )
      return m.mul(distance(m, m.mul(a, factor), m.mul(b, factor)), back)
    }
    return m.either(
      m.b.op('i32.or', m.eq(u, endless), m.eq(v, endless)),
      () => m.real(endless),
      () =>
        m.either(
          m.ge(m.mul(b, 2 ** 60), a),
          () => m.either(m.eq(a, 0), () => a, scaled),
          () => m.add(a, b),
        ),
    )
  })

export const roots = (): KernelFunction[] => [cbrt(), hypotSlow(), hypot()]
