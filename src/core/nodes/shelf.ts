/**
 * Coefficients of both shelves; the high one is the low one mirrored, cos ω ← -cos ω and odd powers negated.
 *
 * Low: b = A ((A+1) - (A-1) c + s, 2 ((A-1) - (A+1) c), (A+1) - (A-1) c - s),
 * a = ((A+1) + (A-1) c + s, -2 ((A-1) + (A+1) c), (A+1) + (A-1) c - s), with c = cos ω, s = 2 √A α.
 */
import { opAdd, opMul, opSub, prim } from '../build.ts'
import type { Coefficients, Prototype } from './biquad.ts'

export function shelf({ cosine, alpha, amplitude: a, local }: Prototype, side: 'low' | 'high'): Coefficients {
  const mirror = side === 'low' ? 1 : -1
  const c = local('c', opMul(mirror, cosine))
  const s = local('s', opMul(opMul(2, prim.sqrt(a)), alpha))
  const plus = local('plus', opAdd(a, 1))
  const minus = local('minus', opSub(a, 1))
  const zeros = local('zeros', opSub(plus, opMul(minus, c)))
  const poles = local('poles', opAdd(plus, opMul(minus, c)))
  return [
    opMul(a, opAdd(zeros, s)),
    opMul(2 * mirror, opMul(a, opSub(minus, opMul(plus, c)))),
    opMul(a, opSub(zeros, s)),
    opAdd(poles, s),
    opMul(-2 * mirror, opAdd(minus, opMul(plus, c))),
    opSub(poles, s),
  ]
}
