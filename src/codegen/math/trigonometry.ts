/**
 * sin, cos and tan in double precision; errors below 0.9 ulp (tan below 1), any finite argument.
 *
 * Reduction: x = q·π/2 + y0 - missing, |y0| ≤ π/4. Up to 2^24·π/2 by Cody and Waite (1980) with π/2 = P1 + P2, P1 of
 * 29 bits, so that q·P1 is exact; near multiples of π/2, where too many digits cancel, such as at angles of 90 degrees, in a
 * function of its own, with P2 = P2_HIGH + P3, P2_HIGH of 29 bits; beyond that in another one, by Payne and Hanek.
 * Polynomials: minimax (Remez) on |y| ≤ π/4: sin y = y + y³S(y²), S of degree 5, relative error 2^-56;
 * cos y = 1 - y²/2 + y⁴C(y²), C of degree 5, absolute error 2^-59.
 * tan y = y + y³T(y²), T of degree 12, up to 0.65, where the sum still rounds well; beyond that sin y / cos y, both
 * kept in two parts, the quotient corrected by its remainder.
 */
import type { KernelFunction, Value } from '../kernel.ts'
import { type Arithmetic, ROUNDER } from './arithmetic.ts'
import { unary, wholeName } from './define.ts'
import { reduceExactly } from './payne-hanek.ts'

/** x = quadrant·π/2 + y0 - missing; only the two low bits of the quadrant count. */
export interface Reduced {
  readonly y0: Value
  readonly missing: Value
  readonly quadrant: Value
}

const TWO_OVER_PI = 0.6366197723675814
const P1 = 1.570796325802803
const P2 = 9.920935796805404e-10
const P2_HIGH = 9.920935774287987e-10
const P3 = 2.2517417741562176e-18

const S = [
  0.16666666666666627, -0.008333333333321286, 0.00019841269828870003, -2.7557313355973823e-6,
  2.5050704033508788e-8, -1.5893583571866786e-10,
]
const C = [
  0.04166666666666659, -0.0013888888888872598, 2.4801587288491613e-5, -2.755731405644431e-7,
  2.0875681862310505e-9, -1.1357447802640181e-11,
]
const T = [
  0.3333333333333336, 0.13333333333328115, 0.05396825397161022, 0.021869488427548614, 0.008863237599700442,
  0.003592102747668868, 0.0014560424005619936, 0.0005888445831812694, 0.00024382270489240214,
  8.401784315821406e-5, 6.310299982143961e-5, -1.1696253442212934e-5, 2.340353935368346e-5,
]

/** Cody and Waite; `good` is 0 where the result is not accurate enough, NaN and infinity included. */
export function reduceQuickly(m: Arithmetic, x: Value): Reduced & { good: Value } {
  const { add, sub, mul, abs } = m
  const shifted = add(mul(x, TWO_OVER_PI), ROUNDER)
  const q = sub(shifted, ROUNDER)
  const upper = sub(x, mul(q, P1))
  const lower = mul(q, P2)
  const y0 = sub(upper, lower)
  return {
    y0,
    missing: sub(lower, sub(upper, y0)),
    quadrant: m.bits(shifted),
    // The products with P2 are wrong by up to |q|·2^-81; as |y0| ≤ π/4, |q| is at most 2^24 then.
    good: m.ge(abs(y0), mul(abs(x), 2 ** -25)),
  }
}

/**
 * The same as above where that is good enough; else with three parts of π/2, where q·P3 is wrong by up to |q|·2^-111 and
 * that counts for less than a fifth of an ulp.
 */
function reduceClosely(m: Arithmetic, x: Value): Reduced & { good: Value } {
  const { add, sub, mul, abs } = m
  const quick = reduceQuickly(m, x)
  const { quadrant } = quick
  const q = sub(add(mul(x, TWO_OVER_PI), ROUNDER), ROUNDER)
  const upper = sub(x, mul(q, P1))
  const middle = mul(q, P2_HIGH)
  const closest = sub(upper, middle)
  const lost = sub(sub(upper, closest), middle)
  const [y0, missing] = m.b.if(
    quick.good,
    () => [quick.y0, quick.missing],
    () => [closest, sub(mul(q, P3), lost)],
  ) as [Value, Value]
  const isClose = m.b.op('i32.and', m.le(abs(x), 2 ** 24), m.ge(abs(y0), mul(abs(x), 2 ** -56)))
  return { y0, missing, quadrant, good: m.b.op('i32.or', quick.good, isClose) }
}

/** A sum of two doubles that do not overlap. */
interface Pair {
  readonly head: Value
  readonly tail: Value
}

/** What is to be subtracted from y0 for the sine; written so that the sine of -0 is -0. */
function sineCorrection(m: Arithmetic, { y0, missing }: Reduced, square: Value): Value {
  const { mul, add } = m
  const slope = m.sub(1, mul(square, 0.5))
  return add(mul(missing, slope), mul(mul(square, y0), m.polynomial(square, S)))
}

function sine(m: Arithmetic, reduced: Reduced, square: Value): Value {
  return m.sub(reduced.y0, sineCorrection(m, reduced, square))
}

/** cos = head + tail, head = 1 - y²/2 rounded. */
function cosine(m: Arithmetic, { y0, missing }: Reduced, square: Value): Pair {
  const { mul, add, sub } = m
  const half = mul(square, 0.5)
  const head = sub(1, half)
  const lost = sub(sub(1, head), half)
  const polynomial = mul(mul(square, square), m.polynomial(square, C))
  return { head, tail: add(lost, add(polynomial, mul(y0, missing))) }
}

/** 0 in odd quadrants, where sine and cosine change places. */
const isEven = (m: Arithmetic, quadrant: Value) => m.b.op('i64.eqz', m.and(quadrant, 1n))

/** sin of the reduced angle, `turn` quadrants further. */
export function sineOf(m: Arithmetic, reduced: Reduced, turn: bigint): Value {
  const square = m.mul(reduced.y0, reduced.y0)
  const quadrant = turn === 0n ? reduced.quadrant : m.addLong(reduced.quadrant, turn)
  const magnitude = m.either(
    isEven(m, quadrant),
    () => sine(m, reduced, square),
    () => {
      const { head, tail } = cosine(m, reduced, square)
      return m.add(head, tail)
    },
  )
  return m.flipSign(magnitude, m.shl(quadrant, 62n))
}

function tangentOf(m: Arithmetic, reduced: Reduced): Value {
  const { add, sub, mul, y0 } = { ...m, ...reduced }
  const square = mul(y0, y0)
  const correction = sineCorrection(m, reduced, square)
  const s = sub(y0, correction)
  const sTail = sub(sub(y0, s), correction)
  const pair = cosine(m, reduced, square)
  const tail = sub(pair.tail, mul(m.productError(y0, y0, square), 0.5))
  const c = add(pair.head, tail)
  const cTail = add(sub(pair.head, c), tail)
  // In odd quadrants tan x = -cos y / sin y.
  const [above, aboveTail, below, belowTail] = m.b.if(
    isEven(m, reduced.quadrant),
    () => [s, sTail, c, cTail],
    () => [c, cTail, s, sTail],
  ) as [Value, Value, Value, Value]
  const inverse = m.div(1, below)
  const quotient = mul(above, inverse)
  const error = add(m.productError(quotient, below, above), sub(mul(quotient, belowTail), aboveTail))
  return m.flipSign(sub(quotient, mul(error, inverse)), m.shl(reduced.quadrant, 63n))
}

/** Filters take tangents of small angles, which need no reduction. */
function tangents(): KernelFunction[] {
  const exact = unary('tan.slow.exact', (m, x) => finishExactly(m, x, tangentOf))
  const slow = unary('tan.slow', (m, x) => finishQuickly(m, x, tangentOf, exact.name, reduceClosely))
  const quick = unary('tan', (m, x) =>
    m.either(
      m.le(m.abs(x), 0.65),
      () => {
        const square = m.mul(x, x)
        return m.sub(x, m.mul(m.mul(m.neg(x), square), m.polynomial(square, T)))
      },
      () => m.call(slow.name, x),
    ),
  )
  return [exact, slow, quick]
}

type Finish = (m: Arithmetic, reduced: Reduced) => Value

function finishExactly(m: Arithmetic, x: Value, finish: Finish): Value {
  return m.either(
    m.lt(m.abs(x), Number.POSITIVE_INFINITY),
    () => finish(m, reduceExactly(m, x)),
    () => m.sub(x, x),
  )
}

function finishQuickly(
  m: Arithmetic,
  x: Value,
  finish: Finish,
  otherwise: string,
  reduce = reduceQuickly,
): Value {
  const reduced = reduce(m, x)
  return m.either(
    reduced.good,
    () => finish(m, reduced),
    () => m.call(otherwise, x),
  )
}

function pair(name: string, finish: Finish): KernelFunction[] {
  const exact = unary(`${name}.slow.exact`, (m, x) => finishExactly(m, x, finish))
  const whole = unary(wholeName(name), (m, x) => finishQuickly(m, x, finish, exact.name, reduceClosely))
  return [exact, whole, unary(name, (m, x) => finishQuickly(m, x, finish, whole.name))]
}

export const trigonometry = (): KernelFunction[] => [
  ...pair('sin', (m, r) => sineOf(m, r, 0n)),
  ...pair('cos', (m, r) => sineOf(m, r, 1n)),
  ...tangents(),
]
