/**
 * What depends on what in the body of a loop.
 *
 * Comes in: a region and which accesses to memory keep their order. Goes out: for each instruction those that must
 * come before it, and a test whether one needs another, directly or not. A module of its own because every pass
 * that reorders asks the same.
 */
import type { Instruction, Region, Value } from './kernel.ts'
import type { MustKeepOrder } from './memory-order.ts'
import { definitions, valuesUsed } from './regions.ts'

export interface BodyGraph {
  readonly instructions: readonly Instruction[]
  /** Index of the instruction that defines a value. */
  readonly definedAt: ReadonlyMap<Value, number>
  /** Indices that must come before. */
  readonly needs: readonly (readonly number[])[]
  /** Whether `later` needs `earlier`. */
  readonly depends: (later: number, earlier: number) => boolean
}

export function bodyGraph({ instructions }: Region, mustKeepOrder: MustKeepOrder): BodyGraph {
  const definedAt = new Map<Value, number>()
  const needs: number[][] = []
  const memory: number[] = []
  for (const [i, instruction] of instructions.entries()) {
    const before = new Set<number>()
    for (const value of valuesUsed(instruction)) {
      const at = definedAt.get(value)
      if (at !== undefined) before.add(at)
    }
    if (touchesMemory(instruction)) {
      for (const earlier of memory)
        if (mustKeepOrder(instructions[earlier]!, instruction)) before.add(earlier)
      memory.push(i)
    }
    needs.push([...before])
    for (const value of definitions(instruction)) definedAt.set(value, i)
  }
  return { instructions, definedAt, needs, depends: reachability(needs) }
}

function touchesMemory(instruction: Instruction): boolean {
  if (instruction.kind === 'load') return !instruction.constant
  return instruction.kind !== 'op' && instruction.kind !== 'const'
}

/** One bit for each instruction that an instruction needs. */
function reachability(needs: readonly (readonly number[])[]): BodyGraph['depends'] {
  const words = (needs.length + 31) >> 5
  const bits = new Uint32Array(words * needs.length)
  for (const [i, before] of needs.entries()) {
    const row = i * words
    for (const earlier of before) {
      const from = earlier * words
      for (let w = 0; w <= earlier >> 5; w++) bits[row + w]! |= bits[from + w]!
      bits[row + (earlier >> 5)]! |= 1 << (earlier & 31)
    }
  }
  return (later, earlier) => ((bits[later * words + (earlier >> 5)]! >>> (earlier & 31)) & 1) === 1
}
