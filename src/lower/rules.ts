/**
 * Laws by which an operator and its operands become something simpler.
 *
 * Each rule is data under its law. All keep every bit of the result for finite operands, but for the zero laws:
 * like the official compiler they take 0·x and x - x as 0 even where x is NaN or infinite. Operands are already of the
 * type that the operator wants.
 */
import type { PureName } from '../core/primitives.ts'
import type { Signal, SignalTable } from './signal.ts'

export interface Rule {
  readonly law: string
  readonly on: readonly PureName[]
  /** The simpler signal, or undefined where the law does not apply. `s` makes signals. */
  readonly apply: (x: readonly Signal[], s: SignalTable, op: PureName) => Signal | undefined
}

function isLiteral(s: Signal | undefined, value: number): boolean {
  return (s?.kind === 'int' || s?.kind === 'real') && s.value === value
}

function literalValue(s: Signal | undefined): number | undefined {
  return s?.kind === 'int' || s?.kind === 'real' ? s.value : undefined
}

/** Largest whole exponent that is written out as multiplications. */
const UNROLLED_EXPONENT = 8

/** x^n for whole n ≥ 1 by repeated squaring: few multiplications, small error. */
function wholePower(x: Signal, n: number, s: SignalTable): Signal {
  if (n === 1) return x
  const half = wholePower(x, n >> 1, s)
  const square = s.op('mul', [half, half])
  return n % 2 === 0 ? square : s.op('mul', [square, x])
}

const zero = (like: Signal, s: SignalTable) => (like.kind === 'int' ? s.int(0) : s.real(0))

export const RULES: readonly Rule[] = [
  {
    law: 'x + 0 = x',
    on: ['add'],
    apply: ([x, y]) => (isLiteral(y, 0) ? x : isLiteral(x, 0) ? y : undefined),
  },
  { law: 'x - 0 = x', on: ['sub'], apply: ([x, y]) => (isLiteral(y, 0) ? x : undefined) },
  {
    law: 'x * 1 = x',
    on: ['mul'],
    apply: ([x, y]) => (isLiteral(y, 1) ? x : isLiteral(x, 1) ? y : undefined),
  },
  {
    law: 'x * 0 = 0',
    on: ['mul'],
    apply: ([x, y], s) => (isLiteral(y, 0) ? zero(y!, s) : isLiteral(x, 0) ? zero(x!, s) : undefined),
  },
  {
    law: '0 / x = 0, but not 0 / 0, which is an error',
    on: ['div'],
    apply: ([x, y], s) => (isLiteral(x, 0) && !isLiteral(y, 0) ? s.real(0) : undefined),
  },
  { law: 'x / 1 = x', on: ['div'], apply: ([x, y]) => (isLiteral(y, 1) ? x : undefined) },
  {
    law: 'x / 2^n = x * 2^-n, exactly',
    on: ['div'],
    apply: ([x, y], s) => {
      const value = literalValue(y)
      if (value === undefined || value === 0 || !Number.isFinite(value)) return undefined
      const exponent = Math.log2(Math.abs(value))
      const exact = Number.isInteger(exponent) && Math.abs(exponent) <= 100
      return exact ? s.op('mul', [x!, s.real(1 / value)]) : undefined
    },
  },
  {
    law: 'x & 0 = 0, x & -1 = x',
    on: ['and'],
    apply: ([x, y], s) => {
      if (isLiteral(x, 0) || isLiteral(y, 0)) return s.int(0)
      return isLiteral(y, -1) ? x : isLiteral(x, -1) ? y : undefined
    },
  },
  {
    law: 'x | 0 = x, x xor 0 = x',
    on: ['or', 'xor'],
    apply: ([x, y]) => (isLiteral(y, 0) ? x : isLiteral(x, 0) ? y : undefined),
  },
  { law: 'x << 0 = x, x >> 0 = x', on: ['lsh', 'rsh'], apply: ([x, y]) => (isLiteral(y, 0) ? x : undefined) },
  {
    law: 'x ^ 0 = 1',
    on: ['pow'],
    apply: ([, y], s) => (isLiteral(y, 0) ? s.number(y!.kind === 'int' ? 'int' : 'real', 1) : undefined),
  },
  {
    law: 'x ^ 0.5 = √x',
    on: ['pow'],
    apply: ([x, y], s) => (isLiteral(y, 0.5) ? s.op('sqrt', [x!]) : undefined),
  },
  {
    law: 'x ^ 0.25 = √√x',
    on: ['pow'],
    apply: ([x, y], s) => (isLiteral(y, 0.25) ? s.op('sqrt', [s.op('sqrt', [x!])]) : undefined),
  },
  {
    law: 'x ^ n = x · x · … for whole 1 ≤ n ≤ 8',
    on: ['pow'],
    apply: ([x, y], s) => {
      const n = literalValue(y)
      const fits = n !== undefined && Number.isInteger(n) && n >= 1 && n <= UNROLLED_EXPONENT
      return fits ? wholePower(x!, n, s) : undefined
    },
  },
  {
    law: 'x ^ -n = 1 / x ^ n for whole 1 ≤ n ≤ 8, real x',
    on: ['pow'],
    apply: ([x, y], s) => {
      const n = literalValue(y)
      const fits =
        y?.kind === 'real' && n !== undefined && Number.isInteger(n) && n <= -1 && n >= -UNROLLED_EXPONENT
      return fits ? s.op('div', [s.real(1), wholePower(x!, -n, s)]) : undefined
    },
  },
  {
    law: 'x xor x = 0',
    on: ['xor'],
    apply: ([x, y], s) => (x === y ? s.int(0) : undefined),
  },
  {
    law: 'x == x, x <= x, x >= x are 1',
    on: ['eq', 'le', 'ge'],
    apply: ([x, y], s) => (x === y ? s.int(1) : undefined),
  },
  {
    law: 'x != x, x < x, x > x are 0',
    on: ['ne', 'lt', 'gt'],
    apply: ([x, y], s) => (x === y ? s.int(0) : undefined),
  },
  { law: 'x & x = x | x = x', on: ['and', 'or'], apply: ([x, y]) => (x === y ? x : undefined) },
  { law: 'min(x, x) = max(x, x) = x', on: ['min', 'max'], apply: ([x, y]) => (x === y ? x : undefined) },
  {
    law: 'select2(c, a, a) = a; select2 of a literal chooses',
    on: ['select2'],
    apply: ([c, a, b]) => {
      if (a === b) return a
      const value = literalValue(c)
      return value === undefined ? undefined : value === 0 ? a : b
    },
  },
  {
    law: 'abs(abs x) = abs x',
    on: ['abs'],
    apply: ([x]) => (x?.kind === 'op' && x.op === 'abs' ? x : undefined),
  },
  {
    law: 'int(float(x)) = x',
    on: ['int'],
    apply: ([x]) => (x?.kind === 'op' && x.op === 'float' ? x.args[0] : undefined),
  },
]

const BY_OPERATOR = new Map<PureName, Rule[]>()
for (const rule of RULES) {
  for (const op of rule.on) BY_OPERATOR.set(op, [...(BY_OPERATOR.get(op) ?? []), rule])
}

/** The operator on these operands, as simple as the rules make it. */
export function simplifyOperator(op: PureName, x: readonly Signal[], s: SignalTable): Signal {
  for (const rule of BY_OPERATOR.get(op) ?? []) {
    const simpler = rule.apply(x, s, op)
    if (simpler) return simpler
  }
  return s.op(op, x)
}
