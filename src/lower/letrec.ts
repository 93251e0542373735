/**
 * `letrec` as what it abbreviates.
 *
 * `e letrec { 'x = X; 'y = Y; where D }` is e with x and y the outputs of `(\(x, y).((X, Y) with { D })) ~ (_, _)`:
 * on the right-hand sides x and y are one sample old, in e they are current; `: (_, _)` after them holds each to one output. Comes in: the letrec; goes out: an
 * expression without it, the same object each time, so that memoisation by expression works.
 */
import type { Definition, Expression } from '../parser/ast.ts'

type Letrec = Extract<Expression, { kind: 'letrec' }>

const rewritten = new WeakMap<Letrec, Expression>()

/** Cannot be written by a user, so it hides nothing. */
const GROUP = ' letrec'

export function letrecExpression(e: Letrec): Expression {
  let result = rewritten.get(e)
  if (!result) rewritten.set(e, (result = rewrite(e)))
  return result
}

function rewrite(e: Letrec): Expression {
  const { span } = e
  if (e.recurrences.length === 0) return { kind: 'with', span, body: e.body, definitions: e.where }
  const names = e.recurrences.map(r => r.name)
  const wires = list(names.map(() => ({ kind: 'wire', span }) as const))
  const sides: Expression = {
    kind: 'composition',
    op: 'seq',
    span,
    left: list(e.recurrences.map(r => r.body)),
    right: wires,
  }
  const body: Expression =
    e.where.length === 0 ? sides : { kind: 'with', span, body: sides, definitions: e.where }
  const step: Expression = { kind: 'lambda', span, parameters: names, body }
  const group: Expression = { kind: 'composition', op: 'rec', span, left: step, right: wires }
  const definition = (name: string, value: Expression): Definition => ({
    kind: 'definition',
    span,
    variants: [],
    name,
    nameSpan: span,
    body: value,
  })
  const outputs = e.recurrences.map((r, i) => definition(r.name, output(i, names.length, r.span)))
  return { kind: 'with', span, body: e.body, definitions: [definition(GROUP, group), ...outputs] }
}

/** Output `index` of the group: `group : !, _, !`. */
function output(index: number, count: number, span: Expression['span']): Expression {
  const group: Expression = { kind: 'identifier', span, name: GROUP }
  if (count === 1) return group
  const pick = list(
    Array.from({ length: count }, (_, i) => ({ kind: i === index ? 'wire' : 'cut', span }) as const),
  )
  return { kind: 'composition', op: 'seq', span, left: group, right: pick }
}

/** Right-nested `,`. */
function list(items: readonly Expression[]): Expression {
  return items.reduceRight((rest, item) => ({
    kind: 'composition',
    op: 'par',
    span: item.span,
    left: item,
    right: rest,
  }))
}
