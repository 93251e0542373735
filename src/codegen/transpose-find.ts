/**
 * What a loop brings from memory into four lanes, and what it writes from four lanes.
 *
 * Comes in: a loop over frames. Goes out: those that may be done for four frames at once, and the other instructions.
 * Memory that is read must not be written in the loop, and memory that is written must not be read.
 */
import type { Instruction, Value } from './kernel.ts'
import { everyInstruction, regions, valuesUsed } from './regions.ts'
import type { Loop } from './unroll.ts'

type Load = Extract<Instruction, { kind: 'load' }>
type Store = Extract<Instruction, { kind: 'store' }>
type Op = Extract<Instruction, { kind: 'op' }>

/** Of each lane: where the frame lies, counted from the counter. */
interface Lanes {
  readonly offsets: readonly number[]
  readonly space: readonly string[]
}

export interface Transposed {
  readonly gathers: readonly (Lanes & { readonly result: Value })[]
  readonly scatters: readonly (Lanes & { readonly vector: Value })[]
  readonly rest: readonly Instruction[]
}

export function findTransposed(loop: Loop, pure: ReadonlySet<string>): Transposed {
  const { instructions } = loop.body
  const nothing = { gathers: [], scatters: [], rest: instructions }
  const isOpaque = (i: Instruction) => regions(i).length > 0 || (i.kind === 'call' && !pure.has(i.function))
  if (instructions.some(isOpaque)) return nothing
  const known = readLoop(loop)
  const done = new Set<Instruction>()
  const gathers = instructions.flatMap(i => findGather(known, i, done))
  const scatters = findScatters(known, done)
  return { gathers, scatters, rest: instructions.filter(i => !done.has(i)) }
}

interface Known {
  readonly counter: Value
  readonly definition: ReadonlyMap<Value, Instruction>
  readonly uses: ReadonlyMap<Value, number>
  /** How often memory is read and written, by space. */
  readonly loads: ReadonlyMap<string, number>
  readonly stores: ReadonlyMap<string, number>
  readonly scatters: ReadonlyMap<Value, readonly { readonly store: Store; readonly extract: Op }[]>
}

function readLoop(loop: Loop): Known {
  const definition = new Map<Value, Instruction>()
  const uses = new Map<Value, number>()
  const [loads, stores] = [new Map<string, number>(), new Map<string, number>()]
  const scatters = new Map<Value, { store: Store; extract: Op }[]>()
  const count = <K>(counts: Map<K, number>, key: K) => counts.set(key, (counts.get(key) ?? 0) + 1)
  for (const i of everyInstruction(loop.body)) {
    if (i.kind === 'op' || i.kind === 'load') definition.set(i.result, i)
    for (const value of valuesUsed(i)) count(uses, value)
    if (i.kind === 'load' && !i.constant) count(loads, i.space ?? '')
    if (i.kind === 'store') count(stores, i.space ?? '')
  }
  for (const value of [...loop.body.yields, loop.condition]) count(uses, value)
  for (const store of loop.body.instructions) {
    const extract = store.kind === 'store' ? definition.get(store.value) : undefined
    if (store.kind !== 'store' || extract?.kind !== 'op' || !/x4\.extract_lane_/.test(extract.op)) continue
    const [vector] = extract.args as [Value]
    scatters.set(vector, [...(scatters.get(vector) ?? []), { store, extract }])
  }
  return { counter: loop.carried[0]!, definition, uses, loads, stores, scatters }
}

/** splat(load), replace_lane_1(…, load), … up to the last lane. */
function findGather(known: Known, last: Instruction, done: Set<Instruction>): Transposed['gathers'] {
  const { definition, uses } = known
  const chain: Op[] = []
  const loads: Load[] = []
  let at: Instruction | undefined = last
  for (let lane = 3; lane >= 0; lane--) {
    const name = lane === 0 ? /x4\.splat$/ : new RegExp(`x4\\.replace_lane_${lane}$`)
    if (at?.kind !== 'op' || !name.test(at.op) || (lane < 3 && uses.get(at.result) !== 1)) return []
    const load = definition.get(at.args.at(-1)!)
    if (load?.kind !== 'load' || !mayLoad(known, load)) return []
    chain.push(at)
    loads.unshift(load)
    at = definition.get(at.args[0]!)
  }
  for (const i of [...chain, ...loads]) done.add(i)
  const { result } = last as Op
  return [{ result, offsets: loads.map(l => l.offset), space: loads.map(l => l.space!) }]
}

const mayLoad = ({ counter, uses, stores }: Known, { address, constant, space, result }: Load): boolean =>
  address === counter && !constant && space !== undefined && uses.get(result) === 1 && noneOf(stores, space)

/** Accesses of no space may overlap with any. */
const noneOf = (counts: ReadonlyMap<string, number>, space: string): boolean =>
  !counts.has(space) && !counts.has('')

function findScatters(known: Known, done: Set<Instruction>): Transposed['scatters'] {
  const { counter, uses, loads, stores, scatters } = known
  return [...scatters].flatMap(([vector, list]) => {
    const lanes = [0, 1, 2, 3].map(lane => list.find(({ extract }) => extract.op.endsWith(`lane_${lane}`)))
    const mayStore = lanes.every(
      entry =>
        entry?.store.address === counter &&
        entry.store.space !== undefined &&
        stores.get(entry.store.space) === 1 &&
        !stores.has('') &&
        noneOf(loads, entry.store.space),
    )
    if (!mayStore) return []
    for (const entry of lanes) {
      done.add(entry!.store)
      if (uses.get(entry!.extract.result) === 1) done.add(entry!.extract)
    }
    const own = lanes.map(entry => entry!.store)
    return [{ vector, offsets: own.map(s => s.offset), space: own.map(s => s.space!) }]
  })
}
