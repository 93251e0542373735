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
  const isNeeded = reachability(instructions.length, needs)
  /** The last instruction whose values come from an instruction, plus 1. */
  const usedBy = new Int32Array(instructions.length)
  for (let i = 0; i < instructions.length; i++) {
    const instruction = instructions[i]!
    const before: number[] = []
    needs.push(before)
    const used = valuesUsed(instruction)
    for (let k = 0; k < used.length; k++) {
      const at = definedAt.get(used[k]!)
      if (at === undefined || usedBy[at] === i + 1) continue
      usedBy[at] = i + 1
      before.push(at)
    }
    if (order.touchesMemory(instruction)) {
      const earlier = memory.before(instruction)
      // From the last to the first: most of what is farther away, the nearer ones need already.
      for (let k = earlier.length - 1; k >= 0; k--) {
        const at = earlier[k]!
        if (order.mustKeep(instructions[at]!, instruction) && !isNeeded(i, at)) before.push(at)
      }
      memory.add(instruction, i)
    }
    for (const value of definitions(instruction)) definedAt.set(value, i)
  }
  return { instructions, definedAt, needs, depends: isNeeded }
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

/**
 * Whether `later` needs `earlier`, directly or not: one bit for each instruction that an instruction needs. Found as far as
 * it is asked for, `needs` growing meanwhile: who only wants an order seldom asks.
 */
function reachability(
  count: number,
  needs: readonly (readonly number[])[],
): (later: number, earlier: number) => boolean {
  const words = (count + 31) >> 5
  let bits: Uint32Array | undefined
  /** How many needs of an instruction have been added; to those before `complete` all. */
  const added = new Uint32Array(count)
  let complete = 0

  function complement(rows: Uint32Array, later: number): void {
    const list = needs[later]!
    const row = later * words
    for (let k = added[later]!; k < list.length; k++) {
      const earlier = list[k]!
      const from = earlier * words
      const last = earlier >> 5
      for (let w = 0; w <= last; w++) rows[row + w]! |= rows[from + w]!
      rows[row + last]! |= 1 << (earlier & 31)
    }
    added[later] = list.length
  }

  return (later, earlier) => {
    bits ??= new Uint32Array(words * count)
    for (; complete < later; complete++) complement(bits, complete)
    complement(bits, later)
    return ((bits[later * words + (earlier >> 5)]! >>> (earlier & 31)) & 1) === 1
  }
}
