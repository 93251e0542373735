/**
 * Products in normal form: one literal, then what changes slowly, then what changes every sample.
 *
 * Comes in: a product or quotient of reals. Goes out: the same value as (c · slow) · fast, literals multiplied out,
 * so that `x / 44100 * c` costs one multiplication a sample, and so that products with constants are rounded
 * as the official compiler rounds them: `val * SR / 44100` decides the length of many a delay. Division by a literal
 * is multiplication by its reciprocal.
 */
import { IdMap } from './id-map.ts'
import type { Signal, SignalTable } from './signal.ts'

type Factor = Signal | undefined

/** coefficient · slow / slowDivisor · fast / fastDivisor; absent parts are 1. */
interface Term {
  readonly coefficient: number
  readonly slow: Factor
  readonly slowDivisor: Factor
  readonly fast: Factor
  readonly fastDivisor: Factor
}

/** All five at once: terms are made for every product, and objects of one shape are cheap. */
function term(
  coefficient: number,
  slow?: Factor,
  slowDivisor?: Factor,
  fast?: Factor,
  fastDivisor?: Factor,
): Term {
  return { coefficient, slow, slowDivisor, fast, fastDivisor }
}

export class Products {
  private readonly signals: SignalTable
  private readonly isFast: (s: Signal) => boolean
  private readonly terms = new IdMap<Signal, Term>()

  /** `isFast` tells whether a signal changes every sample. */
  constructor(signals: SignalTable, isFast: (s: Signal) => boolean) {
    this.signals = signals
    this.isFast = isFast
  }

  /** The product, or with `op` div the quotient, of two reals; undefined where literals overflow. */
  combine(op: 'mul' | 'div', a: Signal, b: Signal): Signal | undefined {
    const [x, y] = [this.term(a), this.term(b)]
    // a · (1 / b) would be rounded twice.
    const coefficient = op === 'mul' ? x.coefficient * y.coefficient : x.coefficient / y.coefficient
    const product = this.multiply(coefficient, x, op === 'mul' ? y : invert(y))
    if (!Number.isFinite(coefficient) || coefficient === 0) return undefined
    const made = this.build(product)
    this.terms.set(made, product)
    return made
  }

  private term(s: Signal): Term {
    const known = this.terms.get(s)
    if (known) return known
    if (s.kind === 'int' || s.kind === 'real') return term(s.value)
    const scaled = this.scaledInt(s)
    if (scaled) return scaled
    return this.isFast(s) ? term(1, undefined, undefined, s) : term(1, s)
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
    return this.isFast(s) ? term(literal.value, undefined, undefined, rest) : term(literal.value, rest)
  }

  private multiply(coefficient: number, x: Term, y: Term): Term {
    const slow = this.join(x.slow, y.slow)
    const slowDivisor = this.join(x.slowDivisor, y.slowDivisor)
    const fast = this.join(x.fast, y.fast)
    return term(coefficient, slow, slowDivisor, fast, this.join(x.fastDivisor, y.fastDivisor))
  }

  private join(a: Factor, b: Factor): Factor {
    return a && b ? this.signals.op('mul', [a, b]) : (a ?? b)
  }

  private build({ coefficient, slow, slowDivisor, fast, fastDivisor }: Term): Signal {
    let result: Signal = this.signals.real(coefficient)
    if (slow) result = this.times(result, slow)
    if (slowDivisor) result = this.signals.op('div', [result, slowDivisor])
    if (fast) result = this.times(result, fast)
    return fastDivisor ? this.signals.op('div', [result, fastDivisor]) : result
  }

  private times(x: Signal, y: Signal): Signal {
    return x.kind === 'real' && x.value === 1 ? y : this.signals.op('mul', [x, y])
  }
}

function invert({ coefficient, slow, slowDivisor, fast, fastDivisor }: Term): Term {
  return term(1 / coefficient, slowDivisor, slow, fastDivisor, fast)
}
