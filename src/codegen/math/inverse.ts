/**
 * asin, acos, atan and atan2 in double precision; errors below 1 ulp.
 *
 * asin x = x + x³A(x²) for |x| ≤ ½, A minimax (Remez) of degree 12, relative error 2^-59; above that
 * asin x = π/2 - 2 asin √((1-x)/2), where the square root is corrected by its remainder.
 * atan: with a ≤ b the two sides (|x| and 1, or |y| and |x|), c ∈ {0, ½, 1} near a/b and
 * t = (a - c·b) / (b + c·a), atan(a/b) = atan c + atan t, |t| ≤ 7/16; a - c·b is exact.
 * atan t = t - t³T(t²), T minimax of degree 11, relative error 2^-59. Where a was the larger side π/2 is
 * subtracted from, and so on round the circle; base angles are held in two parts.
 */
import type { KernelFunction, Value } from '../kernel.ts'
import type { Arithmetic } from './arithmetic.ts'
import { binary, unary } from './define.ts'

const A = [
  0.16666666666666763, 0.07499999999970093, 0.044642857175290374, 0.030381942675099145, 0.022372215910386076,
  0.017351595428884724, 0.013981019291937652, 0.0113972875487202, 0.010789348678234605, 0.003672091697074195,
  0.02179085238178884, -0.021116982953148112, 0.03270231232046105,
]
const T = [
  0.33333333333333315, -0.1999999999999309, 0.14285714284845583, -0.11111111056260937, 0.09090907057160988,
  -0.07692259532536092, 0.06665902554487539, -0.05874018608249849, 0.05200100916757357, -0.04433018475975975,
  0.03191685271519577, -0.013693077967582802,
]

const HALF_PI = 1.5707963267948966
const HALF_PI_TAIL = 6.123233995736766e-17
const PI = 2 * HALF_PI
const PI_TAIL = 2 * HALF_PI_TAIL
const ATAN_HALF = 0.4636476090008061
const ATAN_HALF_TAIL = 2.2698777452961687e-17

/** (asin x - x) / x for x² = square. */
const excess = (m: Arithmetic, square: Value) => m.mul(square, m.polynomial(square, A))

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

/** t and the centre c for a/b, and atan c in two parts. */
function reduce(m: Arithmetic, a: Value, b: Value) {
  const { mul, add, sub } = m
  const middle = m.longOf(m.ge(a, mul(b, 7 / 16)))
  const upper = m.longOf(m.ge(a, mul(b, 11 / 16)))
  const center = mul(m.b.op('f64.convert_i64_s', m.addLong(middle, upper)), 0.5)
  const [inMiddle, inUpper] = [m.subLong(0n, middle), m.subLong(0n, upper)]
  const pick = (half: number, one: number) =>
    m.choose(inUpper, m.real(one), m.ofBits(m.and(m.bits(m.real(half)), inMiddle)))
  return {
    above: sub(a, mul(center, b)),
    below: add(b, mul(center, a)),
    angle: pick(ATAN_HALF, HALF_PI / 2),
    angleTail: pick(ATAN_HALF_TAIL, HALF_PI_TAIL / 2),
  }
}

function angle(m: Arithmetic, a: Value, b: Value, turn: Turn, exact: boolean): Value {
  const { mul, add, sub } = m
  const { above, below, angle, angleTail } = reduce(m, a, b)
  const t = m.div(above, below)
  const lost = exact ? m.div(m.productError(t, below, above), below) : m.real(0)
  const square = mul(t, t)
  const correction = add(mul(mul(t, square), m.polynomial(square, T)), lost)
  const step = mul(turn.direction, angle)
  const head = add(turn.start, step)
  const tail = add(add(sub(step, sub(head, turn.start)), turn.startTail), mul(turn.direction, angleTail))
  const main = mul(turn.direction, t)
  return sub(head, sub(sub(mul(turn.direction, correction), tail), main))
}

const atan = (): KernelFunction =>
  unary('atan', (m, x) => {
    // Beyond 2^66 the result is ±π/2, and NaN passes through.
    const magnitude = m.min(m.abs(x), 2 ** 66)
    const steep = m.mask(m.gt(magnitude, 1))
    const turn: Turn = {
      start: m.ofBits(m.and(m.bits(m.real(HALF_PI)), steep)),
      startTail: m.ofBits(m.and(m.bits(m.real(HALF_PI_TAIL)), steep)),
      direction: m.flipSign(m.real(1), steep),
    }
    const one = m.real(1)
    return m.copysign(angle(m, m.min(magnitude, one), m.max(magnitude, one), turn, false), x)
  })

const atan2 = (): KernelFunction =>
  binary('atan2', (m, y, x) => {
    const [high, wide] = [m.abs(y), m.abs(x)]
    const [a, b] = [m.min(high, wide), m.max(high, wide)]
    return m.either(
      m.both(m.lt(b, 2 ** 1000), m.gt(a, 2 ** -900)),
      () => m.copysign(angle(m, a, b, turnOf(m, x, m.gt(high, wide)), true), y),
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
      () => angle(m, m.mul(a, scale), m.mul(b, scale), turn, true),
    )
    return m.copysign(magnitude, y)
  })

export const inverses = (): KernelFunction[] => [asin(), acos(), atan(), atan2Finite(), atan2Slow(), atan2()]
