/**
 * How the frame loop of a program accesses memory.
 *
 * Comes in: the instructions of the loop's body. Goes out: for each load and store whether following frames access
 * following elements, and how many frames after a delay line is written it is read. A module of its own, as the
 * order of loops, and what can be done for several frames at once, both hang on it.
 */
import type { Instruction, Value } from './kernel.ts'
import { constantOf, type Definitions, type LinearSum, linearSum } from './memory-order.ts'

export type Load = Extract<Instruction, { kind: 'load' }>
export type Store = Extract<Instruction, { kind: 'store' }>

export interface Access {
  /**
   * - `following`: a frame later the next element
   * - `ring`: the same, but what is beyond the end of the ring is at its start
   * - `anywhere`: the address is computed from data
   */
  readonly kind: 'following' | 'ring' | 'anywhere'
  readonly sum: LinearSum
  /** Bytes of the ring - 1. */
  readonly mask: number
  readonly size: number
}

/** Frames between writing and reading: a number, or fixed while the loop runs, or unknown. */
export type Distance =
  | { readonly kind: 'known'; readonly frames: number }
  | { readonly kind: 'fixed'; readonly factors: ReadonlyMap<Value, number>; readonly constant: number }
  | { readonly kind: 'unknown' }

export interface Counting {
  readonly definitions: Definitions
  /** The loop's counter, which grows by `step` a frame. */
  readonly counter: Value
  readonly step: number
  /** Whether a value is computed from the counter and values from outside only. */
  readonly isCounted: (value: Value) => boolean
  readonly isFixed: (value: Value) => boolean
}

export const sizeOf = ({ type }: Value): number => (type === 'v128' ? 16 : type.endsWith('64') ? 8 : 4)

export function accessOf(counting: Counting, instruction: Load | Store): Access {
  const { definitions, isCounted } = counting
  const { address } = instruction
  const size = sizeOf(instruction.kind === 'load' ? instruction.result : instruction.value)
  const masked = ringOf(definitions, address)
  const sum = linearSum(masked?.inner ?? address, definitions)
  const mask = masked?.mask ?? 0
  if (!isCounted(address) || stride(counting, sum) !== size) return { kind: 'anywhere', sum, mask, size }
  return { kind: masked ? 'ring' : 'following', sum, mask, size }
}

function ringOf(definitions: Definitions, address: Value): { inner: Value; mask: number } | undefined {
  const definition = definitions.get(address)
  if (definition?.kind !== 'op' || definition.op !== 'i32.and') return undefined
  const mask = constantOf(definition.args[1]!, definitions)
  return mask === undefined ? undefined : { inner: definition.args[0]!, mask }
}

/** Bytes from frame to frame; undefined if that is not known. */
function stride(counting: Counting, { factors }: LinearSum): number | undefined {
  let bytes = 0
  for (const [value, factor] of factors) {
    const step = strideOf(counting, value)
    if (step === undefined) return undefined
    bytes += factor * step
  }
  return bytes
}

function strideOf({ definitions, counter, step, isFixed }: Counting, value: Value): number | undefined {
  if (value === counter) return step
  if (isFixed(value)) return 0
  const definition = definitions.get(value)
  // Half the counter, which is a multiple of eight: positions of smaller elements.
  if (definition?.kind !== 'op' || definition.op !== 'i32.shr_u' || definition.args[0] !== counter)
    return undefined
  const count = constantOf(definition.args[1]!, definitions)
  return count === 1 && step === 8 ? 4 : undefined
}

/** From a store into a ring to a load from it. */
export function distanceOf(counting: Counting, write: Access, read: Access): Distance {
  if (write.kind !== 'ring' || read.mask !== write.mask) return { kind: 'unknown' }
  const factors = new Map(write.sum.factors)
  for (const [value, factor] of read.sum.factors) factors.set(value, (factors.get(value) ?? 0) - factor)
  const rest = [...factors].filter(([, factor]) => factor !== 0)
  const bytes = write.sum.constant - read.sum.constant
  if (rest.length === 0) return { kind: 'known', frames: (bytes & write.mask) / write.size }
  const isWhole = rest.every(([value, factor]) => counting.isFixed(value) && factor % write.size === 0)
  if (!isWhole || bytes % write.size !== 0) return { kind: 'unknown' }
  const perFrame = new Map(rest.map(([value, factor]) => [value, factor / write.size]))
  return { kind: 'fixed', factors: perFrame, constant: bytes / write.size }
}
