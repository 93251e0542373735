/**
 * Operands and operators in a row to a tree, by precedence.
 *
 * Comes in: pushes of operands, operators and blocks in source order. Goes out: one expression. It stands apart
 * from the grammar because precedences come from a table, and because a loop with a stack of its own takes sums
 * of any length. (Dijkstra's shunting yard.)
 */
import { PRIMITIVE_NAMES, type PrimitiveName, primitive } from '../core/primitives.ts'
import { cover, type Span } from '../source.ts'
import type { CompositionOperator, Expression } from './ast.ts'

/** Larger binds tighter. Arithmetic continues upwards from here in the primitive table, from 5. */
export const COMPOSITION: Readonly<
  Record<
    CompositionOperator,
    { readonly symbol: string; readonly precedence: number; readonly right: boolean }
  >
> = {
  split: { symbol: '<:', precedence: 1, right: true },
  merge: { symbol: ':>', precedence: 1, right: true },
  seq: { symbol: ':', precedence: 2, right: true },
  par: { symbol: ',', precedence: 3, right: true },
  rec: { symbol: '~', precedence: 4, right: false },
}

export const BLOCK_PRECEDENCE = 0

const COMPOSITION_SYMBOLS: ReadonlyMap<string, CompositionOperator> = new Map([
  ...(Object.keys(COMPOSITION) as CompositionOperator[]).map(op => [COMPOSITION[op].symbol, op] as const),
  ['+>', 'merge'],
])

export type InfixOperator =
  | { readonly kind: 'infix'; readonly op: PrimitiveName; readonly precedence: number; readonly right: false }
  | {
      readonly kind: 'composition'
      readonly op: CompositionOperator
      readonly precedence: number
      readonly right: boolean
    }

/** The operators that may stand between operands, as they are written. */
export const INFIX_OPERATORS: ReadonlyMap<string, InfixOperator> = new Map([
  ...[...COMPOSITION_SYMBOLS].map(([symbol, op]): [string, InfixOperator] => {
    const { precedence, right } = COMPOSITION[op]
    return [symbol, { kind: 'composition', op, precedence, right }]
  }),
  ...PRIMITIVE_NAMES.flatMap((op): [string, InfixOperator][] => {
    const { symbol, precedence } = primitive(op)
    if (symbol === undefined || precedence === undefined) return []
    return [[symbol, { kind: 'infix', op, precedence, right: false }]]
  }),
])

/** An operand remembers its written extent, which parentheses make larger than its node's. */
interface Operand {
  readonly expression: Expression
  readonly extent: Span
}

export interface Row {
  readonly operands: Operand[]
  readonly operators: InfixOperator[]
}

export function pushOperand(row: Row, expression: Expression, extent: Span): void {
  row.operands.push({ expression, extent })
}

export function pushOperator(row: Row, operator: InfixOperator): void {
  const { precedence, right } = operator
  for (let last = row.operators.at(-1); last; last = row.operators.at(-1)) {
    if (last.precedence < precedence || (last.precedence === precedence && right)) break
    join(row)
  }
  row.operators.push(operator)
}

/** Replaces everything so far by what `wrap` makes of it: blocks bind loosest and take all on their left. */
export function pushBlock(row: Row, end: Span, wrap: (body: Expression, span: Span) => Expression): void {
  const body = finishRow(row)
  const extent = cover(row.operands[0]!.extent, end)
  row.operands[0] = { expression: wrap(body, extent), extent }
}

export function finishRow(row: Row): Expression {
  while (row.operators.length > 0) join(row)
  return row.operands[0]!.expression
}

function join(row: Row): void {
  const b = row.operands.pop()!
  const a = row.operands.pop()!
  const operator = row.operators.pop()!
  const extent = cover(a.extent, b.extent)
  const sides = { span: extent, left: a.expression, right: b.expression }
  const expression: Expression =
    operator.kind === 'infix'
      ? { kind: 'infix', op: operator.op, ...sides }
      : { kind: 'composition', op: operator.op, ...sides }
  row.operands.push({ expression, extent })
}
