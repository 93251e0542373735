/**
 * asin, acos, atan and atan2 in double precision; errors below 1 ulp.
 *
 * asin x = x + x³A(x²) for |x| ≤ ½, A minimax (Remez) of degree 12, relative error 2^-59; above that
 * asin x = π/2 - 2 asin √((1-x)/2), where the square root is corrected by its remainder.
 * atan: atan(a/b) = atan c + atan t with t = (a - c·b) / (b + c·a) and c ∈ {0, ½, 1, 2, ∞} near a/b, so that
 * |t| ≤ 7/16; a - c·b is exact. atan t = t - t³T(t²), T minimax of degree 10, error 2^-57 of t. Base angles are
 * held in two parts. atan2 divides the smaller side by the larger, c ∈ {0, ½, 1}, and starts from the multiple
 * of π/2 that the angle is next to.
 */
import type { KernelFunction, Value } from '../kernel.ts'
import { type Arithmetic, LEAST } from './arithmetic.ts'
import { binary, unary } from './define.ts'

const A = [
  0.16666666666666763, 0.07499999999970093, 0.044642857175290374, 0.030381942675099145, 0.022372215910386076,
  0.017351595428884724, 0.013981019291937652, 0.0113972875487202, 0.010789348678234605, 0.003672091697074195,
  0.02179085238178884, -0.021116982953148112, 0.03270231232046105,
]
const T = [
  0.33333333333332926, -0.19999999999875645, 0.14285714272431566, -0.11111110402314074, 0.09090887053063035,
  -0.07691874926158809, 0.06661060076387833, -0.05833484523538562, 0.0497652994334414, -0.03652358606963413,
  0.016277916104579137,
]

const HALF_PI = 1.5707963267948966
const HALF_PI_TAIL = 6.123233995736766e-17
const PI = 2 * HALF_PI
const PI_TAIL = 2 * HALF_PI_TAIL
const ATAN_HALF = 0.4636476090008061
const ATAN_HALF_TAIL = 2.2698777452961687e-17
const ATAN_TWO = 1.1071487177940904
const ATAN_TWO_TAIL = 9.40447137356638e-17

/** (asin x - x) / x for x² = square. */
const excess = (m: Arithmetic, square: Value) => m.mul(square, m.polynomial(square, A, LEAST))

/** √((1-|x|)/2) = root + correction, and asin of it = root + correction + more. */
function halfAngle(m: Arithmetic, magnitude: Value): { root: Value; more: Value } {
  const { sub, mul, div, add } = m
  const square = mul(sub(1, magnitude), 0.5)
  const whole = m.sqrt(square)
  const root = m.high(whole)
  // square - root² is exact; at |x| = 1 both are 0, and the smallest number keeps 0/0 away.
  const correction = div(sub(square, mul(root, root)), add(add(whole, root), 5e-324))
  return { root, more: add(correction, mul(whole, excess(m, square))) }
}

const asin = (): KernelFunction =>
  unary('asin', (m, x) => {
    const { sub, mul, abs } = m
    const magnitude = abs(x)
    return m.either(
      m.le(magnitude, 0.5),
      () => m.sub(x, mul(m.neg(x), excess(m, mul(x, x)))),
      () => {
        const { root, more } = halfAngle(m, magnitude)
        // π/2 - 2·root is exact enough as π/4 + (π/4 - 2·root).
        const head = sub(HALF_PI / 2, mul(root, 2))
        const tail = sub(HALF_PI_TAIL, mul(more, 2))
        return m.copysign(m.add(HALF_PI / 2, m.add(head, tail)), x)
      },
    )
  })

const acos = (): KernelFunction =>
  unary('acos', (m, x) => {
    const { add, sub, mul } = m
    return m.either(
      m.le(m.abs(x), 0.5),
      () => sub(HALF_PI, sub(x, sub(HALF_PI_TAIL, mul(x, excess(m, mul(x, x)))))),
      () => {
        const { root, more } = halfAngle(m, m.abs(x))
        return m.either(
          m.gt(x, 0),
          () => mul(add(root, more), 2),
          () => sub(PI, mul(add(root, sub(more, HALF_PI_TAIL)), 2)),
        )
      },
    )
  })

/** The angle start + direction·atan(a/b), where 0 ≤ a ≤ b. `direction` is ±1. */
interface Turn {
  readonly start: Value
  readonly startTail: Value
  readonly direction: Value
}

/** Numerator and denominator of t, and atan c in two parts. */
function reduce(m: Arithmetic, a: Value, b: Value): [Value, Value, Value, Value] {
  const { mul, add, sub, real } = m
  const results = m.b.if(
    m.lt(a, mul(b, 7 / 16)),
    () => [a, b, real(0), real(0)],
    () =>
      m.b.if(
        m.lt(a, mul(b, 11 / 16)),
        () => [sub(a, mul(b, 0.5)), add(b, mul(a, 0.5)), real(ATAN_HALF), real(ATAN_HALF_TAIL)],
        () => [sub(a, b), add(a, b), real(HALF_PI / 2), real(HALF_PI_TAIL / 2)],
      ),
  )
  return results as [Value, Value, Value, Value]
}

/** start + direction·(atan c + t - t³T(t²)), with t corrected by the remainder of its division. */
function angle(m: Arithmetic, a: Value, b: Value, turn: Turn): Value {
  const { mul, add, sub } = m
  const { start, startTail, direction } = turn
  const [above, below, center, centerTail] = reduce(m, a, b)
  const inverse = m.div(1, below)
  const t = mul(above, inverse)
  const lost = mul(m.productError(t, below, above), inverse)
  const correction = add(mul(t, series(m, t)), lost)
  const step = mul(direction, center)
  const head = add(start, step)
  const tail = add(add(sub(step, sub(head, start)), startTail), mul(direction, centerTail))
  return sub(head, sub(sub(mul(direction, correction), tail), mul(direction, t)))
}

/** (t - atan t) / t */
function series(m: Arithmetic, t: Value): Value {
  const square = m.mul(t, t)
  return m.mul(square, m.polynomial(square, T, LEAST))
}

/** One side is 1: numerator and denominator of t, and the base angle in two parts, for c = ½, 1, 2 and ∞. */
function reduceSingle(m: Arithmetic, x: Value): Value[] {
  const { mul, add, sub, real } = m
  const either = (limit: number, below: () => Value[], above: () => Value[]) =>
    m.b.if(m.lt(x, limit), below, above)
  return either(
    16 / 11,
    () =>
      either(
        11 / 16,
        () => [sub(mul(x, 2), 1), add(x, 2), real(ATAN_HALF), real(ATAN_HALF_TAIL)],
        () => [sub(x, 1), add(x, 1), real(HALF_PI / 2), real(HALF_PI_TAIL / 2)],
      ),
    () =>
      either(
        16 / 7,
        () => [sub(x, 2), add(mul(x, 2), 1), real(ATAN_TWO), real(ATAN_TWO_TAIL)],
        () => [real(-1), x, real(HALF_PI), real(HALF_PI_TAIL)],
      ),
  )
}

const atan = (): KernelFunction =>
  unary('atan', (m, x) => {
    const magnitude = m.abs(x)
    const [t, head, tail] = m.b.if(
      m.lt(magnitude, 7 / 16),
      () => [magnitude, m.real(0), m.real(0)],
      () => {
        // One division: in lanes all cases are computed.
        const [above, below, angle, angleTail] = reduceSingle(m, magnitude)
        return [m.div(above!, below!), angle!, angleTail!]
      },
    )
    const correction = m.sub(m.mul(t!, series(m, t!)), tail!)
    return m.copysign(m.sub(head!, m.sub(correction, t!)), x)
  })

const atan2 = (): KernelFunction =>
  binary('atan2', (m, y, x) => {
    const [high, wide] = [m.abs(y), m.abs(x)]
    const [a, b] = [m.min(high, wide), m.max(high, wide)]
    return m.either(
      m.both(m.lt(b, 2 ** 1000), m.gt(a, 2 ** -900)),
      () => m.copysign(angle(m, a, b, turnOf(m, x, m.gt(high, wide))), y),
      () => m.call('atan2.slow', y, x),
    )
  })

/** Where to start from and which way to go: 0 +, π/2 -, π/2 +, π - round the upper half circle. */
function turnOf(m: Arithmetic, x: Value, isSteep: Value): Turn {
  const steep = m.mask(isSteep)
  const left = m.shiftRightSigned(m.bits(x), 63n)
  const pick = (half: number, whole: number) =>
    m.choose(steep, m.real(half), m.ofBits(m.and(m.bits(m.real(whole)), left)))
  return {
    start: pick(HALF_PI, PI),
    startTail: pick(HALF_PI_TAIL, PI_TAIL),
    direction: m.flipSign(m.real(1), m.xor(steep, left)),
  }
}

/**
 * Sides that are zero, infinite, NaN or of extreme size. Infinite ones are compared as 1 against 0 or 1, the
 * others scaled to the middle of the range; angles too small for that are the quotient itself.
 */
const atan2Slow = (): KernelFunction =>
  binary('atan2.slow', (m, y, x) => {
    const endless = Number.POSITIVE_INFINITY
    const high = m.abs(y)
    const wide = m.abs(x)
    const anyInfinite = m.b.op('i32.or', m.eq(high, endless), m.eq(wide, endless))
    const asUnit = (v: Value) =>
      m.copysign(
        m.either(
          m.eq(m.abs(v), endless),
          () => m.real(1),
          () => m.real(0),
        ),
        v,
      )
    return m.either(
      m.b.op('i32.or', m.ne(x, x), m.ne(y, y)),
      () => m.add(x, y),
      () =>
        m.either(
          anyInfinite,
          () => m.call('atan2.finite', asUnit(y), asUnit(x)),
          () => m.call('atan2.finite', y, x),
        ),
    )
  })

const atan2Finite = (): KernelFunction =>
  binary('atan2.finite', (m, y, x) => {
    const [high, wide] = [m.abs(y), m.abs(x)]
    const [a, b] = [m.min(high, wide), m.max(high, wide)]
    const scale = m.either(
      m.gt(b, 1),
      () => m.real(2 ** -600),
      () => m.real(2 ** 600),
    )
    const turn = turnOf(m, x, m.gt(high, wide))
    const flat = m.either(
      m.eq(b, 0),
      () => m.real(0),
      () => m.div(a, b),
    )
    const magnitude = m.either(
      // An angle this small only shows when it is not added to another one.
      m.lt(flat, 2 ** -200),
      () =>
        m.either(
          m.eq(turn.start, 0),
          () => flat,
          () => m.add(turn.start, turn.startTail),
        ),
      () => angle(m, m.mul(a, scale), m.mul(b, scale), turn),
    )
    return m.copysign(magnitude, y)
  })

export const inverses = (): KernelFunction[] => [asin(), acos(), atan(), atan2Finite(), atan2Slow(), atan2()]
