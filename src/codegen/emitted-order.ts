/**
 * The order in which instructions of a region reach the engine, if emission decides.
 *
 * Comes in: a region. Goes out: its instructions, those with one use where that is, as emission (emit-plan) makes
 * expressions of them. A stage of its own, to compare with an order that is kept.
 */
import { MAX_DEPTH } from './emit-plan.ts'
import type { Instruction, Region } from './kernel.ts'
import { operands, valuesUsed } from './regions.ts'
import { ValueMap } from './value-map.ts'

export function emittedOrder({ instructions, yields }: Region): Instruction[] {
  const uses = new ValueMap<number>()
  for (const i of instructions) for (const value of valuesUsed(i)) uses.set(value, (uses.get(value) ?? 0) + 1)
  for (const value of yields) uses.set(value, 2)
  const waiting = new ValueMap<Instruction>()
  const depth = new ValueMap<number>()
  const order: Instruction[] = []
  for (const i of instructions) {
    const isExpression = i.kind === 'op' || i.kind === 'load'
    const once = isExpression && uses.get(i.result) === 1
    let deepest = 0
    if (once) for (const value of operands(i)) deepest = Math.max(deepest, depth.get(value) ?? 0)
    if (once && deepest < MAX_DEPTH) {
      waiting.set(i.result, i)
      depth.set(i.result, deepest + 1)
    } else emit(i, waiting, order)
  }
  return order
}

/** Operands come first, each after its own. */
function emit(
  instruction: Instruction,
  waiting: ValueMap<Instruction | undefined>,
  order: Instruction[],
): void {
  const first = order.length
  const stack = [instruction]
  for (let i = stack.pop(); i; i = stack.pop()) {
    order.push(i)
    for (const value of valuesUsed(i)) {
      const part = waiting.get(value)
      if (part) stack.push(part)
    }
  }
  // Written down last to first.
  for (let [from, to] = [first, order.length - 1]; from < to; from++, to--)
    [order[from], order[to]] = [order[to]!, order[from]!]
}
