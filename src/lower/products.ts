/**
 * Products in normal form: one literal, then what changes slowly, then what changes every sample.
 *
 * Comes in: a product or quotient of reals. Goes out: the same value as (c · slow) · fast, literals multiplied out,
 * so that `x / 44100 * c` costs one multiplication a sample, and so that products with constants are rounded
 * as the official compiler rounds them: `val * SR / 44100` decides the length of many a delay. Division by a literal
 * is multiplication by its reciprocal.
 */
import type { Signal, SignalTable } from './signal.ts'

/** coefficient · slow / slowDivisor · fast / fastDivisor; absent parts are 1. */
interface Term {
  readonly coefficient: number
  readonly slow?: Signal
  readonly slowDivisor?: Signal
  readonly fast?: Signal
  readonly fastDivisor?: Signal
}

export class Products {
  private readonly signals: SignalTable
  private readonly isFast: (s: Signal) => boolean
  private readonly terms = new Map<Signal, Term>()

  /** `isFast` tells whether a signal changes every sample. */
  constructor(signals: SignalTable, isFast: (s: Signal) => boolean) {
    this.signals = signals
    this.isFast = isFast
  }

  /** The product, or with `op` div the quotient, of two reals; undefined where literals overflow. */
  combine(op: 'mul' | 'div', a: Signal, b: Signal): Signal | undefined {
    const [x, y] = [this.term(a), this.term(b)]
    const product = this.multiply(x, op === 'mul' ? y : invert(y))
    // a · (1 / b) would be rounded twice.
    const coefficient = op === 'mul' ? product.coefficient : x.coefficient / y.coefficient
    const term = { ...product, coefficient }
    if (!Number.isFinite(term.coefficient) || term.coefficient === 0) return undefined
    const made = this.build(term)
    this.terms.set(made, term)
    return made
  }

  private term(s: Signal): Term {
    const known = this.terms.get(s)
    if (known) return known
    if (s.kind === 'int' || s.kind === 'real') return { coefficient: s.value }
    const scaled = this.scaledInt(s)
    if (scaled) return scaled
    return this.isFast(s) ? { coefficient: 1, fast: s } : { coefficient: 1, slow: s }
  }

  /** float(c · n) of a literal c and an int n counts as c · float(n). */
  private scaledInt(s: Signal): Term | undefined {
    if (s.kind !== 'op' || s.op !== 'float') return undefined
    const product = s.args[0]!
    if (product.kind !== 'op' || product.op !== 'mul') return undefined
    const [a, b] = product.args as [Signal, Signal]
    const [literal, other] = a.kind === 'int' ? [a, b] : [b, a]
    if (literal.kind !== 'int') return undefined
    const rest = this.signals.op('float', [other])
    return this.isFast(s)
      ? { coefficient: literal.value, fast: rest }
      : { coefficient: literal.value, slow: rest }
  }

  private multiply(x: Term, y: Term): Term {
    const join = (a: Signal | undefined, b: Signal | undefined) =>
      a && b ? this.signals.op('mul', [a, b]) : (a ?? b)
    const parts = {
      slow: join(x.slow, y.slow),
      slowDivisor: join(x.slowDivisor, y.slowDivisor),
      fast: join(x.fast, y.fast),
      fastDivisor: join(x.fastDivisor, y.fastDivisor),
    }
    const present = Object.fromEntries(Object.entries(parts).filter(([, part]) => part !== undefined))
    return { coefficient: x.coefficient * y.coefficient, ...present }
  }

  private build({ coefficient, slow, slowDivisor, fast, fastDivisor }: Term): Signal {
    let result: Signal = this.signals.real(coefficient)
    const times = (s: Signal | undefined) => {
      if (s) result = result.kind === 'real' && result.value === 1 ? s : this.signals.op('mul', [result, s])
    }
    const over = (s: Signal | undefined) => {
      if (s) result = this.signals.op('div', [result, s])
    }
    times(slow)
    over(slowDivisor)
    times(fast)
    over(fastDivisor)
    return result
  }
}

function invert(t: Term): Term {
  return {
    coefficient: 1 / t.coefficient,
    ...(t.slowDivisor ? { slow: t.slowDivisor } : {}),
    ...(t.slow ? { slowDivisor: t.slow } : {}),
    ...(t.fastDivisor ? { fast: t.fastDivisor } : {}),
    ...(t.fast ? { fastDivisor: t.fast } : {}),
  }
}
