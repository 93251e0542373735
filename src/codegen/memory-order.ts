/**
 * Which accesses to memory must keep their order.
 *
 * Comes in: what values are computed by. Goes out: a test of two instructions. A module of its own because reordering
 * passes need to know that delay lines, tables and channels lie apart, and that a line is not read where it is written.
 *
 * An address is seen as a sum Σ cᵢ·vᵢ + c, wrapped by a mask if it is one of a ring. Two sums with the same terms
 * are a known distance apart.
 */
import type { Instruction, KernelFunction, Region, Value } from './kernel.ts'
import { everyInstruction, isCompound, regions } from './regions.ts'
import { ValueMap } from './value-map.ts'

interface Sum {
  /** Value ids with their factors, sorted, as text: equal texts are equal sums. */
  readonly terms: string
  readonly constant: number
}

interface Access {
  readonly writes: boolean
  readonly space: string | undefined
  readonly bytes: number
  readonly sum: Sum
  /** Size of the ring - 1; undefined if the address does not wrap. */
  readonly mask: number | undefined
  readonly offset: number
}

type Effect = Access | 'anything' | undefined

export interface MemoryOrder {
  /** Whether two instructions of the function must stay in order. */
  readonly mustKeep: (earlier: Instruction, later: Instruction) => boolean
  /** Whether there may be others with which it must stay in order. */
  readonly touchesMemory: (instruction: Instruction) => boolean
  /** It stays in order with all that touch memory. */
  readonly isBarrier: (instruction: Instruction) => boolean
  /** Where an access goes, if that is known: what goes elsewhere need not stay in order with it. */
  readonly spaceOf: (instruction: Instruction) => string | undefined
}

/** What values are computed by; undefined where that is not known. */
export type Definitions = Pick<ReadonlyMap<Value, Instruction>, 'get'>

const known = new WeakMap<Region, Definitions>()

/** What values are computed by, as far as it is known without running. */
export function operationsOf({ body }: Pick<KernelFunction, 'body'>): Definitions {
  let definitions = known.get(body)
  if (!definitions) known.set(body, (definitions = findOperations(body)))
  return definitions
}

function findOperations(body: Region): Definitions {
  const definitions = new ValueMap<Instruction>()
  const all = everyInstruction(body)
  for (let i = 0; i < all.length; i++) {
    const instruction = all[i]!
    if (instruction.kind === 'op' || instruction.kind === 'const') {
      definitions.set(instruction.result, instruction)
    }
  }
  return definitions
}

export function memoryOrder(definitions: Definitions, pure: ReadonlySet<string>): MemoryOrder {
  const effects = new Map<Instruction, Effect>()
  const effectOf = (instruction: Instruction): Effect => {
    if (instruction.kind === 'op' || instruction.kind === 'const') return undefined
    const known = effects.get(instruction)
    if (known || effects.has(instruction)) return known
    const effect = findEffect(instruction, pure, definitions)
    effects.set(instruction, effect)
    return effect
  }
  return {
    mustKeep(earlier, later) {
      const [a, b] = [effectOf(earlier), effectOf(later)]
      if (!a || !b) return false
      if (a === 'anything' || b === 'anything') return true
      return (a.writes || b.writes) && mayOverlap(a, b)
    },
    isBarrier: instruction => effectOf(instruction) === 'anything',
    touchesMemory: instruction => effectOf(instruction) !== undefined,
    spaceOf(instruction) {
      const effect = effectOf(instruction)
      return effect === 'anything' ? undefined : effect?.space
    },
  }
}

function findEffect(instruction: Instruction, pure: ReadonlySet<string>, definitions: Definitions): Effect {
  switch (instruction.kind) {
    case 'const':
    case 'op':
      return undefined
    case 'call':
      return pure.has(instruction.function) ? undefined : 'anything'
    case 'load':
      if (instruction.constant) return undefined
      return accessOf(instruction, false, instruction.result, definitions)
    case 'store':
      return accessOf(instruction, true, instruction.value, definitions)
    case 'if':
    case 'loop': {
      for (const region of regions(instruction)) {
        for (const i of everyInstruction(region))
          if (!isCompound(i) && findEffect(i, pure, definitions)) return 'anything'
      }
      return undefined
    }
  }
}

function accessOf(
  { address, offset, space }: Extract<Instruction, { kind: 'load' | 'store' }>,
  writes: boolean,
  { type }: Value,
  definitions: Definitions,
): Access {
  const bytes = type === 'v128' ? 16 : type.endsWith('64') ? 8 : 4
  const definition = definitions.get(address)
  const [inner, limit] = definition?.kind === 'op' && definition.op === 'i32.and' ? definition.args : []
  const mask = limit && constantOf(limit, definitions)
  const sum = sumOf(mask === undefined ? address : inner!, definitions)
  return { writes, space, bytes, sum, mask, offset }
}

export function constantOf(value: Value, definitions: Definitions): number | undefined {
  const definition = definitions.get(value)
  return definition?.kind === 'const' ? Number(definition.value) : undefined
}

/** Terms beyond this depth are taken as they are. */
const MAX_DEPTH = 6

function sumOf(value: Value, definitions: Definitions): Sum {
  const { factors, constant } = linearSum(value, definitions)
  const terms = [...factors].map(([{ id }, factor]) => [id, factor] as const).sort(([a], [b]) => a - b)
  return { terms: terms.map(([id, factor]) => `${factor}*${id}`).join('+'), constant }
}

/** Σ factor·value + constant, of i32 values, wrapping. */
export interface LinearSum {
  readonly factors: ReadonlyMap<Value, number>
  readonly constant: number
}

export function linearSum(value: Value, definitions: Definitions): LinearSum {
  const factors = new Map<Value, number>()
  let constant = 0
  const add = (part: Value, factor: number, depth: number): void => {
    const known = constantOf(part, definitions)
    const definition = definitions.get(part)
    if (known !== undefined) {
      constant = (constant + Math.imul(known, factor)) | 0
      return
    }
    if (definition?.kind === 'op' && depth < MAX_DEPTH) {
      const [x, y] = definition.args as [Value, Value]
      if (definition.op === 'i32.add' || definition.op === 'i32.sub') {
        add(x, factor, depth + 1)
        add(y, definition.op === 'i32.add' ? factor : -factor, depth + 1)
        return
      }
      const count = definition.op === 'i32.shl' ? constantOf(y, definitions) : undefined
      if (count !== undefined) {
        add(x, factor << count, depth + 1)
        return
      }
    }
    factors.set(part, ((factors.get(part) ?? 0) + factor) | 0)
  }
  add(value, 1, 0)
  return { factors: new Map([...factors].filter(([, factor]) => factor !== 0)), constant }
}

function mayOverlap(a: Access, b: Access): boolean {
  if (a.space !== undefined && b.space !== undefined && a.space !== b.space) return false
  if (a.sum.terms !== b.sum.terms || a.mask !== b.mask) return true
  if (a.mask === undefined) {
    const distance = b.sum.constant + b.offset - (a.sum.constant + a.offset)
    return distance < a.bytes && -distance < b.bytes
  }
  if (a.offset !== b.offset) return true
  const distance = (b.sum.constant - a.sum.constant) & a.mask
  return distance < a.bytes || a.mask + 1 - distance < b.bytes
}
