/**
 * jn and yn: the Bessel functions of any whole order, in double precision; errors some ulp of √(2/πx) or of the
 * result, whichever is larger, growing slowly with the order.
 *
 * By the recurrence F(n + 1) = (2n/x)·F(n) - F(n - 1): upwards from orders 0 and 1 where that is stable, which is
 * for Y and for J with n ≤ x. Else for J downwards from the ratio J(n) / J(n - 1), a continued fraction, and the
 * result is scaled by J(0) or J(1), the larger (Miller's algorithm).
 *
 * The time grows with the order, so orders beyond ±65536 are only followed where the result is 0 or infinite
 * (|x| below 0.9·n); where they would matter they give NaN.
 */
import type { KernelFunction, Value } from '../kernel.ts'
import type { Arithmetic } from './arithmetic.ts'
import { binary } from './define.ts'
import { type Piece, piecewise } from './special-pieces.ts'

const HIGHEST_ORDER = 65536

const isOdd = (m: Arithmetic, n: Value): Value => {
  const half = m.mul(n, 0.5)
  return m.longOf(m.ne(m.trunc(half), half))
}

/** F(n) for n ≥ 2 from F(0) and F(1); stops at -∞, where the recurrence would go on to ∞ - ∞. */
function upwards(m: Arithmetic, order: Value, x: Value, first: Value, second: Value): Value {
  const { b, add, sub, mul, div } = m
  const start = [m.real(1), first, second]
  const [, , result] = b.loop(start, ([n, before, current]) => {
    const next = sub(mul(current!, div(mul(n!, 2), x)), before!)
    const reached = add(n!, 1)
    const condition = m.both(m.lt(reached, order), m.gt(next, Number.NEGATIVE_INFINITY))
    return { next: [reached, current!, next], condition }
  })
  return result!
}

/**
 * J(n) / J(n - 1) = 1 / (2n/x - 1 / (2(n + 1)/x - …)) for n > x. The denominators of its convergents follow the
 * recurrence too, and beyond 10^17 further terms do not count.
 */
function ratio(m: Arithmetic, order: Value, x: Value): Value {
  const { b, add, sub, mul, div } = m
  const factor = (n: Value) => div(mul(n, 2), x)
  const start = [order, m.real(1), factor(order)]
  const [last] = b.loop(start, ([n, before, current]) => {
    const reached = add(n!, 1)
    const next = sub(mul(factor(reached), current!), before!)
    return { next: [reached, current!, next], condition: m.lt(next, 1e17) }
  })
  const [, fraction] = b.loop([last!, m.real(0)], ([n, rest]) => {
    const next = sub(n!, 1)
    return { next: [next, div(1, sub(factor(n!), rest!))], condition: m.ge(next, order) }
  })
  return fraction!
}

/** J(n) for n ≥ 2, n > x ≥ 2^-540. */
function downwards(m: Arithmetic, order: Value, x: Value): Value {
  const { b, sub, mul, div } = m
  const start = [sub(order, 1), ratio(m, order, x), m.real(1), m.real(1)]
  const fraction = start[1]!
  // `scale` is what the values so far, J(n) among them, were divided by to stay in range.
  const [, above, lowest, scale] = b.loop(start, ([n, upper, lower, oldScale]) => {
    const next = sub(mul(lower!, div(mul(n!, 2), x)), upper!)
    const factor = m.either(
      m.gt(m.abs(next), 2 ** 300),
      () => m.real(2 ** -300),
      () => m.real(1),
    )
    const below = sub(n!, 1)
    return {
      next: [below, mul(lower!, factor), mul(next, factor), mul(oldScale!, factor)],
      condition: m.ge(below, 1),
    }
  })
  const [zeroth, first] = [m.call('j0', x), m.call('j1', x)]
  const reference = m.either(
    m.ge(m.abs(zeroth), m.abs(first)),
    () => div(zeroth, lowest!),
    () => div(first, above!),
  )
  // The scale last: it may be subnormal, and the result with it.
  return mul(mul(fraction, reference), scale!)
}

/** J(n) for whole n ≥ 2 and x ≥ 0. */
const firstKindBeyond = (): KernelFunction =>
  binary('jn.slow', (m, order, x) => {
    const reachable = m.both(m.le(order, HIGHEST_ORDER), m.lt(x, Number.POSITIVE_INFINITY))
    const computed = () =>
      m.either(
        m.ge(x, order),
        () => upwards(m, order, x, m.call('j0', x), m.call('j1', x)),
        () => downwards(m, order, x),
      )
    const isZero = m.b.op('i32.or', m.lt(x, m.mul(order, 0.9)), m.eq(x, Number.POSITIVE_INFINITY))
    const unreachable = () =>
      m.either(
        isZero,
        () => m.real(0),
        () => m.real(Number.NaN),
      )
    return m.either(
      m.lt(x, 2 ** -540),
      () => m.real(0),
      () => m.either(reachable, computed, unreachable),
    )
  })

/** Y(n) for whole n ≥ 2 and x > 0. */
const secondKindBeyond = (): KernelFunction =>
  binary('yn.slow', (m, order, x) => {
    const reachable = m.both(m.le(order, HIGHEST_ORDER), m.lt(x, Number.POSITIVE_INFINITY))
    const unreachable: readonly Piece[] = [
      { below: 0, value: () => m.real(Number.NaN) },
      { below: 5e-324, value: () => m.real(Number.NEGATIVE_INFINITY) },
    ]
    const far = () =>
      m.either(
        m.eq(x, Number.POSITIVE_INFINITY),
        () => m.real(0),
        () =>
          m.either(
            m.lt(x, m.mul(order, 0.9)),
            () => m.real(Number.NEGATIVE_INFINITY),
            () => m.real(Number.NaN),
          ),
      )
    return piecewise(m, x, unreachable, () =>
      m.either(reachable, () => upwards(m, order, x, m.call('y0', x), m.call('y1', x)), far),
    )
  })

type Evaluate = (m: Arithmetic, x: Value) => Value

/** F(-n) = (-1)^n·F(n); `argument` is what is made of x, `sign` what its own sign adds for odd orders. */
function ofAnyOrder(name: 'jn' | 'yn', argument: Evaluate, sign: Evaluate): KernelFunction {
  const letter = name[0]!
  return binary(name, (m, n, x) => {
    const whole = m.trunc(n)
    const order = m.abs(whole)
    const z = argument(m, x)
    const pieces = [
      { below: 1, value: () => m.call(`${letter}0`, z) },
      { below: 2, value: () => m.call(`${letter}1`, z) },
      { below: Number.POSITIVE_INFINITY, value: () => m.call(`${name}.slow`, order, z) },
    ]
    const value = piecewise(m, order, pieces, () => m.real(Number.NaN))
    const turned = m.xor(m.bits(whole), sign(m, x))
    return m.flipSign(value, m.and(turned, m.shl(isOdd(m, whole), 63n)))
  })
}

export const besselOrders = (): KernelFunction[] => [
  firstKindBeyond(),
  secondKindBeyond(),
  ofAnyOrder(
    'jn',
    (m, x) => m.abs(x),
    (m, x) => m.bits(x),
  ),
  ofAnyOrder(
    'yn',
    (_, x) => x,
    m => m.long(0n),
  ),
]
