/**
 * Functions given by different formulas on neighbouring intervals, and the sums and products in two doubles that
 * they are put together from.
 */
import type { Value } from '../kernel.ts'
import type { Arithmetic } from './arithmetic.ts'

export interface Piece {
  readonly below: number
  readonly value: () => Value
}

/** A number as a sum of two doubles, the second much smaller. */
export interface Pair {
  readonly head: Value
  readonly tail: Value
}

/** The first piece that x is below; `otherwise` for all others, and for NaN. */
export function piecewise(m: Arithmetic, x: Value, pieces: readonly Piece[], otherwise: () => Value): Value {
  return pieces.reduceRight(
    (rest, { below, value }) =>
      () =>
        m.either(m.lt(x, below), value, rest),
    otherwise,
  )()
}

/** (x.head + x.tail)·(y.head + y.tail). */
export function multiplyPairs(m: Arithmetic, x: Pair, y: Pair): Pair {
  const head = m.mul(x.head, y.head)
  const cross = m.add(m.mul(x.head, y.tail), m.mul(x.tail, y.head))
  return { head, tail: m.add(m.productError(x.head, y.head, head), cross) }
}
