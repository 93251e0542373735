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
  const reached = reachability(instructions.length)
  /** The last instruction whose values come from an instruction, plus 1. */
  const usedBy = new Int32Array(instructions.length)
  for (let i = 0; i < instructions.length; i++) {
    const instruction = instructions[i]!
    const before: number[] = []
    const used = valuesUsed(instruction)
    for (let k = 0; k < used.length; k++) {
      const at = definedAt.get(used[k]!)
      if (at === undefined || usedBy[at] === i + 1) continue
      usedBy[at] = i + 1
      before.push(at)
      reached.add(i, at)
    }
    if (order.touchesMemory(instruction)) {
      const earlier = memory.before(instruction)
      // From the last to the first: most of what is farther away, the nearer ones need already.
      for (let k = earlier.length - 1; k >= 0; k--) {
        const at = earlier[k]!
        if (reached.has(i, at) || !order.mustKeep(instructions[at]!, instruction)) continue
        before.push(at)
        reached.add(i, at)
      }
      memory.add(instruction, i)
    }
    needs.push(before)
    for (const value of definitions(instruction)) definedAt.set(value, i)
  }
  return { instructions, definedAt, needs, depends: reached.has }
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

interface Reachability {
  /** Whether `later` needs `earlier`, directly or not. */
  readonly has: (later: number, earlier: number) => boolean
  /** `later` needs `earlier` and all that this needs. */
  readonly add: (later: number, earlier: number) => void
}

/** One bit for each instruction that an instruction needs. */
function reachability(count: number): Reachability {
  const words = (count + 31) >> 5
  const bits = new Uint32Array(words * count)
  return {
    has: (later, earlier) => ((bits[later * words + (earlier >> 5)]! >>> (earlier & 31)) & 1) === 1,
    add(later, earlier) {
      const row = later * words
      const from = earlier * words
      const last = earlier >> 5
      for (let w = 0; w <= last; w++) bits[row + w]! |= bits[from + w]!
      bits[row + last]! |= 1 << (earlier & 31)
    },
  }
}
