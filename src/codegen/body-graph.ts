/**
 * What depends on what in the body of a loop.
 *
 * Comes in: a region and which accesses to memory keep their order. Goes out: for each instruction those that must
 * come before it, and a test whether one needs another, directly or not. A module of its own because every pass
 * that reorders asks the same.
 */
import type { Instruction, Region, Value } from './kernel.ts'
import type { MemoryOrder } from './memory-order.ts'
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

export function bodyGraph({ instructions }: Region, order: MemoryOrder): BodyGraph {
  const definedAt = new Map<Value, number>()
  const needs: number[][] = []
  const memory = accesses(order)
  /** Index of the last instruction that was found to need an instruction, plus 1. */
  const neededBy = new Int32Array(instructions.length)
  for (const [i, instruction] of instructions.entries()) {
    const before: number[] = []
    const need = (at: number) => {
      if (neededBy[at] !== i + 1) before.push(at)
      neededBy[at] = i + 1
    }
    for (const value of valuesUsed(instruction)) {
      const at = definedAt.get(value)
      if (at !== undefined) need(at)
    }
    if (order.touchesMemory(instruction)) {
      for (const earlier of memory.before(instruction))
        if (order.mustKeep(instructions[earlier]!, instruction)) need(earlier)
      memory.add(instruction, i)
    }
    needs.push(before)
    for (const value of definitions(instruction)) definedAt.set(value, i)
  }
  let depends: BodyGraph['depends'] | undefined
  return {
    ...{ instructions, definedAt, needs },
    depends: (later, earlier) => (depends ??= reachability(needs))(later, earlier),
  }
}

/** Accesses so far, by space, so that only those are compared that may overlap: thousands may be in a loop. */
function accesses({ spaceOf, isBarrier }: MemoryOrder) {
  let all: number[] = []
  let anywhere: number[] = []
  const bySpace = new Map<string, number[]>()
  return {
    before(instruction: Instruction): readonly number[] {
      const space = spaceOf(instruction)
      return space === undefined ? all : (bySpace.get(space) ?? anywhere)
    },
    add(instruction: Instruction, at: number): void {
      const space = spaceOf(instruction)
      if (isBarrier(instruction)) {
        // What was before it stays before what comes after it.
        all = [at]
        anywhere = [at]
        bySpace.clear()
        return
      }
      all.push(at)
      if (space !== undefined) {
        const list = bySpace.get(space)
        if (list) list.push(at)
        else bySpace.set(space, [...anywhere, at])
        return
      }
      anywhere.push(at)
      for (const list of bySpace.values()) list.push(at)
    },
  }
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
