/**
 * The bounds of simple signals, for `lowest` and `highest`: those of constants, controls and inputs, and of sums,
 * products and the like of them. Interval arithmetic as in Moore, Interval Analysis, 1966.
 */
import type { Signal } from '../../src/lower/signal.ts'

export type Bounds = readonly [low: number, high: number]

const around = (values: readonly number[]): Bounds => [Math.min(...values), Math.max(...values)]

export function boundsOf(s: Signal): Bounds {
  switch (s.kind) {
    case 'int':
    case 'real':
      return [s.value, s.value]
    case 'input':
      return [-1, 1]
    case 'widget':
      return [s.spec.min, s.spec.max]
    case 'op':
      return boundsOfOperator(s)
    default:
      throw new Error(`no bounds for ${s.kind}`)
  }
}

function boundsOfOperator(s: Extract<Signal, { kind: 'op' }>): Bounds {
  const [[a, b], [c, d] = [0, 0]] = s.args.map(boundsOf) as [Bounds, Bounds | undefined]
  switch (s.op) {
    case 'add':
      return [a + c, b + d]
    case 'sub':
      return [a - d, b - c]
    case 'mul':
      return around([a * c, a * d, b * c, b * d])
    case 'min':
      return [Math.min(a, c), Math.min(b, d)]
    case 'max':
      return [Math.max(a, c), Math.max(b, d)]
    case 'float':
      return [a, b]
    default:
      throw new Error(`no bounds for ${s.op}`)
  }
}
