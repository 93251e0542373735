/**
 * Where the body of a loop can be cut so that its parts run one after another, each over many frames.
 *
 * Comes in: a loop over frames. Goes out: its parts, which are what stands between two cuts in the order of the
 * instructions, and what each hands on to later ones. A stage of its own: what depends on its own past must stay in one
 * part, and so must all that touches one piece of memory; the rest is a matter of size.
 *
 * What follows from the counter and from what does not change is computed anew in each part that reads it.
 */
import { bodyGraph } from './body-graph.ts'
import type { Instruction, Value } from './kernel.ts'
import type { MemoryOrder } from './memory-order.ts'
import { definitions, everyInstruction, regions, TRAPPING, valuesUsed } from './regions.ts'
import { orderForSlices } from './slice-order.ts'
import { CHANNELS } from './to-kernel-compute.ts'
import type { Loop } from './unroll.ts'

export interface Slice {
  readonly instructions: readonly Instruction[]
  /** Indices of what it carries itself. */
  readonly carried: readonly number[]
  /** What it reads of earlier parts; what of its own later parts read. */
  readonly imports: readonly Value[]
  readonly exports: readonly Value[]
}

export interface SlicePlan {
  readonly slices: readonly Slice[]
  /** Computed wherever it is read. */
  readonly repeated: ReadonlyMap<Value, Instruction>
}

export interface SliceOptions {
  readonly workOf: (instruction: Instruction) => number
  /** Work that a part has about. */
  readonly size: number
  readonly pure: ReadonlySet<string>
  readonly memoryOrder: MemoryOrder
}

interface Body {
  readonly loop: Loop
  readonly instructions: readonly Instruction[]
  readonly repeated: ReadonlyMap<Value, Instruction>
  readonly definedAt: ReadonlyMap<Value, number>
  readonly uses: readonly (readonly Value[])[]
  readonly firstUse: ReadonlyMap<Value, number>
  /** Where carried values belong: at what reads them first, or at what passes them on. */
  readonly home: ReadonlyMap<Value, number>
}

/** Undefined if it cannot be cut. */
export function planSlices(loop: Loop, options: SliceOptions): SlicePlan | undefined {
  const body = readBody(
    loop,
    orderForSlices(bodyGraph(loop.body, options.memoryOrder), loop.carried.slice(1)),
  )
  const memory = body && memoryRanges(body.instructions, options.pure)
  if (!body || !memory) return undefined
  const isInside = new Uint8Array(body.instructions.length + 1)
  for (const [from, to] of [...memory, ...pastRanges(body)]) isInside.fill(1, from + 1, to + 1)
  const cuts = chooseCuts(body, isInside, options)
  if (cuts.length === 0) return undefined
  return { slices: slicesBetween(body, [0, ...cuts, body.instructions.length]), repeated: body.repeated }
}

/** Everything but what follows from the counter alone. */
function readBody(loop: Loop, ordered: readonly Instruction[]): Body | undefined {
  const changing = new Set<Value>(loop.carried.slice(1))
  const repeated = new Map<Value, Instruction>()
  const instructions: Instruction[] = []
  const uses: (readonly Value[])[] = []
  const definedAt = new Map<Value, number>()
  const firstUse = new Map<Value, number>()
  for (const i of ordered) {
    const used = valuesUsed(i)
    if (isRepeatable(i) && !used.some(value => changing.has(value))) {
      repeated.set(definitions(i)[0]!, i)
      continue
    }
    for (const value of used) if (!firstUse.has(value)) firstUse.set(value, instructions.length)
    for (const value of definitions(i)) {
      changing.add(value)
      definedAt.set(value, instructions.length)
    }
    instructions.push(i)
    uses.push(used)
  }
  const home = homesOf(loop, definedAt, firstUse)
  return home && { loop, instructions, repeated, definedAt, uses, firstUse, home }
}

/** Little work, without memory. */
const isRepeatable = (i: Instruction): boolean =>
  i.kind === 'const' || (i.kind === 'op' && i.result.type === 'i32' && !TRAPPING.test(i.op))

/** Delays of more frames than this are not values that are passed on. */
const MAX_PASSES = 20

function homesOf(
  { carried, body }: Loop,
  definedAt: Body['definedAt'],
  firstUse: Body['firstUse'],
): Map<Value, number> | undefined {
  const own = carried.slice(1)
  const home = new Map(own.map(value => [value, firstUse.get(value) ?? Number.POSITIVE_INFINITY]))
  for (let pass = 0, isChanged = true; isChanged; pass++) {
    if (pass === MAX_PASSES) return undefined
    isChanged = false
    for (const [i, value] of own.entries()) {
      // What it is next may be a carried value, which is then read here.
      const next = body.yields[i + 1]!
      const at = home.get(value)!
      if (home.has(next) && home.get(next)! > at) {
        home.set(next, at)
        isChanged = true
      }
    }
  }
  for (const [i, value] of own.entries()) {
    const next = body.yields[i + 1]!
    if (home.get(value) === Number.POSITIVE_INFINITY) home.set(value, definedAt.get(next) ?? 0)
  }
  return home
}

type Range = readonly [from: number, to: number]

/** From where a carried value is first read to where its next one is computed. */
function pastRanges({ loop, home, definedAt }: Body): Range[] {
  return loop.carried.flatMap((value, i) => {
    const from = home.get(value)
    const next = loop.body.yields[i]!
    const to = definedAt.get(next) ?? home.get(next) ?? 0
    return from !== undefined && to > from ? [[from, to] as const] : []
  })
}

/** From the first to the last access of what is written. Undefined if that is not known. */
function memoryRanges(instructions: readonly Instruction[], pure: ReadonlySet<string>): Range[] | undefined {
  const spaces = new Map<string, { first: number; last: number; firstStore: number; lastLoad: number }>()
  for (const [at, instruction] of instructions.entries()) {
    for (const i of [instruction, ...regions(instruction).flatMap(region => [...everyInstruction(region)])]) {
      if (i.kind === 'call' && !pure.has(i.function)) return undefined
      if (i.kind !== 'store' && (i.kind !== 'load' || i.constant)) continue
      if (i.space === undefined) return undefined
      const space = spaces.get(i.space) ?? { first: at, last: at, firstStore: Infinity, lastLoad: -1 }
      space.last = at
      if (i.kind === 'load') space.lastLoad = at
      else space.firstStore = Math.min(space.firstStore, at)
      spaces.set(i.space, space)
    }
  }
  return [...spaces].flatMap(([name, { first, last, firstStore, lastLoad }]) => {
    // A frame of a channel is read and written in the same turn.
    const isFree = firstStore === Infinity || (name.startsWith(CHANNELS) && lastLoad < firstStore)
    return isFree ? [] : [[first, last] as const]
  })
}

function chooseCuts(body: Body, isInside: Uint8Array, { workOf, size }: SliceOptions): number[] {
  const crossing = crossings(body)
  const cuts: number[] = []
  let [work, best, bestCost] = [0, 0, Infinity]
  for (let at = 1; at < body.instructions.length; at++) {
    work += workOf(body.instructions[at - 1]!)
    if (isInside[at]) continue
    const cost = crossing[at]! + (CLOSENESS * Math.abs(work - size)) / size
    if (work >= LEAST * size && cost < bestCost) [best, bestCost] = [at, cost]
    if (work < MOST * size || best === 0) continue
    cuts.push(best)
    work = 0
    for (let k = best; k < at; k++) work += workOf(body.instructions[k]!)
    ;[best, bestCost] = [0, Infinity]
  }
  return cuts
}

/** How far from the size asked for, and what a size twice as large counts as, in values handed on. */
const LEAST = 0.5
const MOST = 1.5
const CLOSENESS = 4

/** Values that are handed on at each cut. */
function crossings(body: Body): Int32Array {
  const { instructions, uses, definedAt, home, loop } = body
  const last = new Map<Value, number>()
  const read = (value: Value, at: number) => last.set(value, Math.max(at, last.get(value) ?? 0))
  for (const [at, list] of uses.entries()) for (const value of list) read(value, at)
  for (const [i, value] of loop.carried.entries()) if (i > 0) read(loop.body.yields[i]!, home.get(value)!)
  const counts = new Int32Array(instructions.length + 2)
  for (const [value, to] of last) {
    const from = definedAt.get(value) ?? home.get(value)
    if (from === undefined || to <= from) continue
    counts[from + 1]!++
    counts[to + 1]!--
  }
  for (let at = 1; at < counts.length; at++) counts[at]! += counts[at - 1]!
  return counts
}

function slicesBetween(body: Body, bounds: readonly number[]): Slice[] {
  const { loop, home, definedAt, instructions, uses } = body
  const sliceAt = new Int32Array(instructions.length + 1).fill(bounds.length - 2)
  for (let own = 0; own < bounds.length - 2; own++) sliceAt.fill(own, bounds[own], bounds[own + 1])
  const sliceOf = (value: Value) => {
    const at = definedAt.get(value) ?? home.get(value)
    return at === undefined ? undefined : sliceAt[at]
  }
  const carried = bounds.slice(1).map((): number[] => [])
  for (const [i, value] of loop.carried.entries()) if (i > 0) carried[sliceOf(value)!]!.push(i)
  const imports = bounds.slice(1).map((to, own) => {
    const read = [...uses.slice(bounds[own]!, to).flat(), ...carried[own]!.map(i => loop.body.yields[i]!)]
    return [...new Set(read.filter(value => (sliceOf(value) ?? own) < own))]
  })
  const exported = bounds.slice(1).map(() => new Set<Value>())
  for (const list of imports) for (const value of list) exported[sliceOf(value)!]!.add(value)
  return bounds.slice(1).map((to, own) => ({
    ...{ instructions: instructions.slice(bounds[own]!, to), carried: carried[own]!, imports: imports[own]! },
    exports: [...exported[own]!],
  }))
}
