/**
 * fmod, remainder and round in single precision; all exact.
 *
 * fmod = x - y·trunc(x/y), remainder = x - y·nearest(x/y), computed in double. Up to a quotient of 2^28 (2^26) its product
 * with y has no more than 53 bits, and so has the difference. The rounded quotient has the right whole part: x - n·y, if it
 * is not zero, is at least 2^-52 of x then, twice what rounding adds; so far at least are quotients from halves as well.
 */
import type { KernelFunction, Value } from '../../kernel.ts'
import { arithmetic } from '../arithmetic.ts'
import { type SingleArithmetic, single } from './arithmetic.ts'

/** x - y·whole(x/y), with the sign of x if it is zero. */
function less(m: SingleArithmetic, x: Value, y: Value, whole: 'trunc' | 'nearest'): Value {
  const { mul, sub, div } = arithmetic(m.b)
  const [above, below] = [m.b.op('f64.promote_f32', x), m.b.op('f64.promote_f32', y)]
  const quotient = m.b.op(`f64.${whole}`, div(above, below))
  return m.b.op('f32.demote_f64', sub(above, mul(below, quotient)))
}

/** y is finite, not zero, and |x/y| < limit; none is NaN. */
function isOrdinary(m: SingleArithmetic, x: Value, y: Value, limit: number): Value {
  const size = m.abs(y)
  return m.and(m.lt(m.abs(x), m.mul(size, limit)), m.lt(size, Number.POSITIVE_INFINITY))
}

const fmod = (): KernelFunction =>
  single('fmod', 2, (m, x, y) =>
    m.either(
      isOrdinary(m, x!, y!, 2 ** 28),
      () => m.copysign(less(m, x!, y!, 'trunc'), x!),
      () => m.inDouble('fmod', x!, y!),
    ),
  )

const remainder = (): KernelFunction =>
  single('remainder', 2, (m, x, y) =>
    m.either(
      isOrdinary(m, x!, y!, 2 ** 26),
      () => {
        const rest = less(m, x!, y!, 'nearest')
        return m.either(
          m.b.op('f32.eq', rest, m.real(0)),
          () => m.copysign(rest, x!),
          () => rest,
        )
      },
      () => m.inDouble('remainder', x!, y!),
    ),
  )

/** Halves away from zero: trunc(|x| + 0.499…97), the number below ½ so that 0.499…97 itself gives 0. */
const round = (): KernelFunction =>
  single('round', 1, (m, x) => m.copysign(m.b.op('f32.trunc', m.add(m.abs(x!), 0.49999997)), x!))

export const remainders = (): KernelFunction[] => [fmod(), remainder(), round()]
