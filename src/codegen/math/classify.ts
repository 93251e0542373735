/**
 * Questions about doubles, answered as 1 or 0, and the sign of one on the size of another.
 */
import type { KernelFunction } from '../kernel.ts'
import { binary, unary } from './define.ts'

export const classifiers = (): KernelFunction[] => [
  unary('isnan', (m, x) => m.b.op('f64.convert_i32_s', m.ne(x, x))),
  unary('isinf', (m, x) => m.b.op('f64.convert_i32_s', m.eq(m.abs(x), Number.POSITIVE_INFINITY))),
  binary('copysign', (m, x, y) => m.copysign(x, y)),
]
