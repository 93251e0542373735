/**
 * Hands out WebAssembly locals, and takes them back after the last read of the value they hold.
 *
 * Comes in: values as they are defined and read, in the order of the code. Goes out: local numbers. Needed
 * because engines limit the number of locals (V8: 50,000) and work on each of them at every branch.
 */
import type { KernelType, Value } from './kernel.ts'

export interface Locals {
  /** A local for a value that was just computed. */
  define(value: Value): number
  /** The local of a value; its last read makes the local free from the next `settle` on. */
  read(value: Value): number
  /** To be called when everything read so far has been evaluated. */
  settle(): void
  /** Keeps the value's local until `unpin`. */
  pin(value: Value): void
  /** From here on the pinned local holds another value (freed at once if that is never read). */
  unpin(value: Value, successor: Value): void
  /** Within a loop, what was defined outside stays until the loop's end. */
  enterLoop(): void
  leaveLoop(): void
  /** A local of its own, free again at `free`. */
  temporary(type: KernelType): number
  free(local: number): void
  /** Types of all locals that are not parameters. */
  types(): readonly KernelType[]
}

/** Reads that do not count: the value stays until `unpin`. */
const PINNED = 2 ** 30

/** `uses` says how often each value is read, by id. */
export function createLocals(parameters: readonly Value[], uses: Int32Array): Locals {
  const remaining = uses.slice()
  /** Local of each value, by id; 0 for none, else one more than its number. */
  const local = new Int32Array(uses.length)
  const loopDepth = new Int32Array(uses.length)
  const typeOf: KernelType[] = []
  const unused: Record<KernelType, number[]> = { i32: [], i64: [], f32: [], f64: [], v128: [] }
  const unsettled: number[] = []
  /** For each loop we are in, the outer locals that its end makes free. */
  const atLoopEnd: number[][] = []

  const allocate = (type: KernelType): number => unused[type].pop() ?? typeOf.push(type) - 1
  const free = (index: number): void => {
    unused[typeOf[index]!].push(index)
  }

  const define = ({ id, type }: Value): number => {
    loopDepth[id] = atLoopEnd.length
    const index = allocate(type)
    local[id] = index + 1
    return index
  }
  for (const parameter of parameters) define(parameter)

  return {
    define,
    read({ id }) {
      const index = local[id]! - 1
      if (index < 0) throw new Error(`internal error: value ${id} is read before it is defined`)
      if (--remaining[id]! === 0) {
        const definedIn = loopDepth[id]!
        if (definedIn < atLoopEnd.length) atLoopEnd[definedIn]!.push(index)
        else unsettled.push(index)
      }
      return index
    },
    settle() {
      if (unsettled.length === 0) return
      for (const index of unsettled) free(index)
      unsettled.length = 0
    },
    pin({ id }) {
      remaining[id] = PINNED
    },
    unpin({ id }, successor) {
      const index = local[id]! - 1
      local[successor.id] = index + 1
      loopDepth[successor.id] = atLoopEnd.length
      if (remaining[successor.id] === 0) free(index)
    },
    enterLoop() {
      atLoopEnd.push([])
    },
    leaveLoop() {
      for (const index of atLoopEnd.pop()!) free(index)
    },
    temporary: allocate,
    free,
    types: () => typeOf.slice(parameters.length),
  }
}
