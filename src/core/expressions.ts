/**
 * Small expressions that many nodes are made of, in the builder API.
 *
 * Comes in: expressions. Goes out: expressions. Apart from build.ts because nothing here is new to Core; it saves
 * writing the same three nodes again. An operand that stands twice in a result is computed twice unless it is a
 * variable or a number: assign it first.
 */
import type { Core } from './ast.ts'
import { condition, expression, type Operand, opAdd, opMul, opSub, prim } from './build.ts'

export const negate = (x: Operand): Core => opSub(-0, x)

/** x - trunc(x): the part after the point, with the sign of x. */
export const fraction = (x: Operand): Core => opSub(x, prim.trunc(x))

/** NaN stays NaN. */
export const clamp = (x: Operand, lowest: Operand, highest: Operand): Core =>
  prim.max(lowest, prim.min(x, highest))

/** a·(1 - t) + b·t: exactly a at 0 and b at 1. */
export const mix = (a: Operand, b: Operand, t: Operand): Core => opAdd(opMul(a, opSub(1, t)), opMul(b, t))

/** Like `iff`, but both sides are computed, and one is taken without a jump: faster where both are cheap. */
export const choose = (tested: Operand, whenTrue: Operand, whenFalse: Operand): Core =>
  prim.select2(truth(tested), whenFalse, whenTrue)

export const both = (a: Operand, b: Operand): Core => prim.float(prim.and(truth(a), truth(b)))
export const either = (a: Operand, b: Operand): Core => prim.float(prim.or(truth(a), truth(b)))
export const not = (a: Operand): Core =>
  prim.float(prim.eq(truth(a), { kind: 'literal', value: 0, type: 'int' }))

/** 1 or 0 as an int: of a comparison its result, of a value whether it is at least 0.5. */
function truth(tested: Operand): Core {
  const node = condition(expression(tested))
  return node.kind === 'operator' && node.op === 'float' ? node.args[0]! : node
}
