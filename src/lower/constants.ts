/**
 * Constants while evaluating: literals through primitives, and blocks that always give the same number.
 *
 * Comes in: boxes. Goes out: literal boxes or signals. Apart from apply.ts because it is the one place where
 * evaluation looks ahead to propagation: patterns, counts and slider ranges depend on values.
 */
import { isPure, type PrimitiveName } from '../core/primitives.ts'
import { type Box, type BoxTable, isNumber, type NumberBox } from './box.ts'
import type { Evaluator } from './evaluate.ts'
import { propagate } from './propagate.ts'
import type { Signal, SignalTable } from './signal.ts'
import type { Task } from './trampoline.ts'

/** `left : right` as a literal, when left is a tuple of literals and right a pure primitive or a wire. */
export function foldComposition(
  left: Box,
  right: Box,
  boxes: BoxTable,
  signals: SignalTable,
): Box | undefined {
  if (right.kind === 'wire') return isNumber(left) ? left : undefined
  if (right.kind !== 'primitive' || !isPure(right.name) || right.name === 'select2') return undefined
  const numbers = literals(left)
  if (!numbers || numbers.length !== right.arity!.inputs) return undefined
  const result = signals.fold(right.name, numbers)
  return result && boxes.number(result.type, result.value)
}

/** A primitive of two literals, as infix operators are written. */
export function foldPair(
  op: PrimitiveName,
  left: Box,
  right: Box,
  boxes: BoxTable,
  signals: SignalTable,
): Box | undefined {
  if (!isNumber(left) || !isNumber(right) || !isPure(op)) return undefined
  const result = signals.fold(op, [left, right])
  return result && boxes.number(result.type, result.value)
}

/** One literal, or a pair of them. */
function literals(box: Box): NumberBox[] | undefined {
  if (isNumber(box)) return [box]
  if (box.kind !== 'composition' || box.op !== 'par') return undefined
  const { left, right } = box
  return isNumber(left) && isNumber(right) ? [left, right] : undefined
}

/** The signals of a closed box without inputs; undefined where asking makes no sense. */
export function* constantSignals(box: Box, evaluator: Evaluator): Task<readonly Signal[] | undefined> {
  if (box.problem || box.open || box.arity?.inputs !== 0 || box.hasUi) return undefined
  return yield* propagate(evaluator.trial, box, [], undefined)
}
