/**
 * What an instruction costs on a processor that executes out of order.
 *
 * Comes in: the name of an instruction. Goes out: how much of the processor's width it takes, and after how many
 * cycles its result is there. A table of its own, as it says how engines translate and processors execute, which
 * no other module may rely on: estimates only, no sample depends on it.
 *
 * Slots count what V8 makes of one WebAssembly instruction: minimum, maximum and saturating truncation are sequences,
 * scalar selections branches. They and the latencies began as those of x86-64 cores (Fog, Instruction tables, 2024)
 * and were then fitted to the times of 66 programs in both precisions, divided and not, with and without pairs.
 */

export interface Cost {
  /** Micro-operations, more for what holds an execution unit for long. */
  readonly slots: number
  /** Cycles until the result can be used. */
  readonly latency: number
  /** The part of the slots that needs a unit for floats and vectors, of which there are fewer. */
  readonly float: number
}

const cost = (slots: number, latency: number, float = 0): Cost => ({ slots, latency, float })

/** The first that matches counts; the type comes before the point, `f32x4` for lanes. */
const TABLE: readonly (readonly [RegExp, Cost])[] = [
  [/^f\d+x\d\.(div|sqrt)$/, cost(7, 11)],
  [/^f\d+\.(div|sqrt)$/, cost(3.5, 14)],
  [/^f\d+x\d\.p(min|max)$/, cost(1.3, 3)],
  [/^f\d+x\d\.(min|max)$/, cost(5, 10)],
  [/^f\d+\.(min|max)$/, cost(4.2, 3)],
  [/^i\d+x\d\.trunc_sat/, cost(5.2, 14)],
  [/trunc_sat/, cost(9, 11)],
  [/\.(floor|ceil|trunc|nearest)$/, cost(2.2, 2.5)],
  [/^f\d+(x\d)?\.(add|sub|mul)$/, cost(1.3, 3.5)],
  [/convert_(low_)?i|promote|demote/, cost(2.8, 6)],
  [/^f\d+\.(eq|ne|lt|gt|le|ge)$/, cost(2.3, 2)],
  [/^f\d+x\d\.(eq|ne|lt|gt|le|ge)$/, cost(1.2, 2.6)],
  [/^select$/, cost(1.8, 2.6)],
  [/bitselect/, cost(5, 4)],
  [/copysign/, cost(4, 3.5)],
  [/\.(abs|neg)$/, cost(1.3, 1.5)],
  [/^i(32|64)\.(div|rem)/, cost(7, 14)],
  [/^i64x2\.mul$/, cost(7, 9)],
  [/^i\d+(x\d)?\.mul$/, cost(1, 3)],
  [/reinterpret/, cost(1, 1.7)],
  [/^i\d+x\d\.splat/, cost(3, 5)],
  [/^f\d+x\d\.splat/, cost(0.6, 2.5)],
  [/^i\d+x\d\.(extract|replace)/, cost(1.7, 7)],
  [/^f\d+x\d\.extract_lane_0/, cost(0.3, 0)],
  [/^f\d+x\d\.(extract|replace)/, cost(0.7, 4)],
  [/all_true/, cost(4, 5.5)],
  [/./, cost(0.75, 1.1)],
]

const known = new Map<string, Cost>()

export function costOfOperation(op: string): Cost {
  let found = known.get(op)
  if (!found) {
    const { slots, latency } = TABLE.find(([pattern]) => pattern.test(op))![1]
    found = { slots, latency, float: /^f|^v|x\d\.|_f\d/.test(op) ? slots : 0 }
    known.set(op, found)
  }
  return found
}

/** From the nearest cache. */
export const LOAD = cost(1.1, 9)
export const STORE = cost(3, 0)
/** A branch that is usually predicted. */
export const BRANCH = cost(4, 2)
/** What a branch costs, on average, that data decides. */
export const MISPREDICTED = cost(14, 0)
/** Of a function that is not inlined. */
export const CALL = cost(14, 11)
