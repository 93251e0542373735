/**
 * An order for the body of a loop in which what belongs together stands together.
 *
 * Comes in: dependencies. Goes out: the instructions, those first that the first store needs, and so on; what only the
 * next frame needs stands where it can be computed. A stage of its own: in a sum of many voices it puts each voice in
 * front of where it is added, so that few values are handed on wherever the loop is cut.
 */
import type { BodyGraph } from './body-graph.ts'
import type { Instruction, Value } from './kernel.ts'
import { valuesUsed } from './regions.ts'

export function orderForSlices(
  { instructions, needs }: BodyGraph,
  carried: readonly Value[],
): readonly Instruction[] {
  const inOrder = longestFirst(needs)
  const key = new Float64Array(instructions.length).fill(-1)
  let next = 0
  for (const [at, instruction] of instructions.entries()) {
    if (instruction.kind !== 'store' || key[at]! >= 0) continue
    next = visit(inOrder, key, at, next)
  }
  const isForStores = key.map(k => (k >= 0 ? 1 : 0))
  const read = firstReads(instructions, key, carried)
  for (const [at, instruction] of instructions.entries()) {
    if (key[at]! >= 0) continue
    const ready = needs[at]!.reduce((latest, before) => Math.max(latest, key[before]!), 0)
    key[at] = valuesUsed(instruction).reduce((latest, value) => Math.max(latest, read.get(value) ?? 0), ready)
  }
  const order = Array.from(instructions.keys())
  order.sort((a, b) => key[a]! - key[b]! || isForStores[b]! - isForStores[a]! || a - b)
  return order.map(at => instructions[at]!)
}

/** Where carried values are first read for a store: what else is made of them stands there as well. */
function firstReads(
  instructions: readonly Instruction[],
  key: Float64Array,
  carried: readonly Value[],
): Map<Value, number> {
  const first = new Map(carried.map(value => [value, Infinity]))
  for (const [at, instruction] of instructions.entries()) {
    if (key[at]! < 0) continue
    for (const value of valuesUsed(instruction)) {
      const known = first.get(value)
      if (known !== undefined) first.set(value, Math.min(known, key[at]!))
    }
  }
  for (const [value, at] of first) if (at === Infinity) first.delete(value)
  return first
}

/** What an instruction needs, longest chains first: a sum of many comes before the last that is added to it. */
function longestFirst(needs: BodyGraph['needs']): BodyGraph['needs'] {
  const length = new Int32Array(needs.length)
  return needs.map((list, at) => {
    for (const before of list) length[at] = Math.max(length[at]!, length[before]! + 1)
    return list.length < 2 ? list : list.toSorted((a, b) => length[b]! - length[a]! || a - b)
  })
}

/** Numbers what an instruction needs, and it. */
function visit(needs: BodyGraph['needs'], key: Float64Array, from: number, first: number): number {
  let next = first
  const stack = [from]
  while (stack.length > 0) {
    const top = stack.at(-1)!
    const waiting = key[top]! >= 0 ? [] : needs[top]!.filter(before => key[before]! < 0)
    if (waiting.length > 0) {
      for (const before of waiting.toReversed()) stack.push(before)
      continue
    }
    stack.pop()
    if (key[top]! < 0) key[top] = next++
  }
  return next
}
