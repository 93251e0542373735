/**
 * An order in which independent chains of instructions alternate.
 *
 * Comes in: the instructions of a region, with those that must run together, and what depends on what. Goes out: the
 * same in another order, that of a list scheduler: the first instruction that waits for nothing is next; while the
 * oldest ones wait, later ones fill the time, as long as there are registers for their results.
 *
 * Gibbons and Muchnick, Efficient instruction scheduling for a pipelined architecture, 1986.
 */
import type { BodyGraph } from './body-graph.ts'
import { BRANCH, costOfOperation, LOAD, STORE } from './cost-instruction.ts'
import type { Instruction, Region, Value } from './kernel.ts'
import { definitions, valuesUsed } from './regions.ts'

/** Slots that start in a cycle; a core overlaps them anyway, so that only what waits for long makes room. */
const WIDTH = 1.7
/** Results that may wait at a time: some in memory, which costs less than waiting for them. */
const REGISTERS = 20
/** Candidates looked at: what stands farther behind is for later. */
const SEEN = 24

/** Instructions by place, in the order in which they are to stand; members of a group stand together. */
export function alternate(
  graph: BodyGraph,
  groups: readonly (readonly number[])[],
  yields: readonly Value[],
) {
  const nodes = nodesOf(graph, groups)
  const pressure = new Pressure(graph.instructions, yields)
  const waiting = nodes.map(({ before }) => before.length)
  const ready = new Float64Array(nodes.length)
  const open: number[] = []
  const rank = ranksOf(nodes)
  const isEarlier = (a: number, b: number) => (rank[a]! - rank[b]! || a - b) < 0
  const add = (n: number): void => {
    let low = 0
    let high = open.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (isEarlier(open[middle]!, n)) low = middle + 1
      else high = middle
    }
    open.splice(low, 0, n)
  }
  for (let n = 0; n < waiting.length; n++) if (waiting[n] === 0) add(n)
  const order: (readonly number[])[] = []
  let clock = 0
  while (open.length > 0) {
    const at = choose(open, nodes, ready, clock, pressure)
    const n = open[at]!
    open.splice(at, 1)
    const { members, slots, latency, after } = nodes[n]!
    clock = Math.max(clock, ready[n]!)
    clock += slots / WIDTH
    pressure.take(members)
    order.push(members)
    for (const next of after) {
      ready[next] = Math.max(ready[next]!, clock + latency)
      if (--waiting[next]! === 0) add(next)
    }
  }
  return order
}

interface Node {
  readonly members: readonly number[]
  readonly slots: number
  readonly latency: number
  /** A node more than once, if it is needed more than once. */
  readonly before: number[]
  readonly after: number[]
}

function nodesOf({ instructions, needs }: BodyGraph, groups: readonly (readonly number[])[]): Node[] {
  const groupOf = new Map<number, readonly number[]>()
  for (const group of groups) for (const member of group) groupOf.set(member, group)
  const nodeOf = new Int32Array(instructions.length)
  const nodes: Node[] = []
  for (let i = 0; i < instructions.length; i++) {
    const group = groupOf.get(i)
    if (group && group[0] !== i) {
      nodeOf[i] = nodeOf[group[0]!]!
      continue
    }
    nodeOf[i] = nodes.length
    const { slots, latency } = group
      ? group.map(m => timeOf(instructions[m]!)).reduce(together)
      : timeOf(instructions[i]!)
    nodes.push({ members: group ?? [i], slots, latency, before: [], after: [] })
  }
  for (let n = 0; n < nodes.length; n++) {
    const { members, before } = nodes[n]!
    for (const m of members) {
      for (const k of needs[m]!) {
        before.push(nodeOf[k]!)
        nodes[nodeOf[k]!]!.after.push(n)
      }
    }
  }
  return nodes
}

const together = (a: Time, b: Time): Time => ({
  slots: a.slots + b.slots,
  latency: Math.max(a.latency, b.latency),
})

/** The first place where something needs a node: what a group waits for is as urgent as its first member. */
function ranksOf(nodes: readonly Node[]): Float64Array {
  const rank = Float64Array.from(nodes.keys())
  const left = nodes.map(({ after }) => after.length)
  const stack = [...nodes.keys()].filter(n => left[n] === 0)
  for (let n = stack.pop(); n !== undefined; n = stack.pop()) {
    for (const k of nodes[n]!.before) {
      rank[k] = Math.min(rank[k]!, rank[n]!)
      if (--left[k]! === 0) stack.push(k)
    }
  }
  return rank
}

function choose(
  open: readonly number[],
  nodes: readonly Node[],
  ready: Float64Array,
  clock: number,
  pressure: Pressure,
): number {
  const isFull = pressure.live >= REGISTERS
  let best = 0
  const end = Math.min(SEEN, open.length)
  for (let at = 0; at < end; at++) {
    const n = open[at]!
    if (at > 0 && isFull && pressure.change(nodes[n]!.members) > 0) continue
    if (ready[n]! <= clock) return at
    if (ready[n]! < ready[open[best]!]!) best = at
  }
  return best
}

const isFloat = ({ type }: Value) => type !== 'i32' && type !== 'i64'

/** Ids of values, each once, if they are wanted. */
function idsOf(values: readonly Value[], isWanted: (value: Value) => boolean): readonly number[] {
  if (values.length > FEW) return [...new Set(values.filter(isWanted).map(({ id }) => id))]
  const ids: number[] = []
  for (let k = 0; k < values.length; k++) {
    const value = values[k]!
    if (isWanted(value) && !ids.includes(value.id)) ids.push(value.id)
  }
  return ids.length > 0 ? ids : NONE
}

const NONE: readonly number[] = []
/** Values of which each is looked for among those before it. */
const FEW = 16

/** How many results wait for what uses them. */
class Pressure {
  live = 0
  /** How often values will still be read, by id; those of others do not count. */
  private readonly uses: Int32Array
  /** Ids that instructions read and define, each once. */
  private readonly read: readonly (readonly number[])[]
  private readonly defined: readonly (readonly number[])[]

  constructor(instructions: readonly Instruction[], yields: readonly Value[]) {
    const own = new Set<number>()
    this.defined = instructions.map(i => idsOf(definitions(i), isFloat))
    let most = 0
    for (const ids of this.defined) {
      for (const id of ids) {
        own.add(id)
        most = Math.max(most, id)
      }
    }
    this.uses = new Int32Array(most + 1)
    const isOwn = ({ id }: Value) => own.has(id)
    this.read = instructions.map(i => idsOf(valuesUsed(i), isOwn))
    for (const ids of this.read) for (const id of ids) this.uses[id]!++
    for (const { id } of yields) if (own.has(id)) this.uses[id]!++
  }

  change(members: readonly number[]): number {
    let change = 0
    for (const m of members) {
      for (const id of this.defined[m]!) if (this.uses[id]! > 0) change++
      for (const id of this.read[m]!) if (this.uses[id] === 1) change--
    }
    return change
  }

  take(members: readonly number[]): void {
    for (const m of members) {
      for (const id of this.defined[m]!) if (this.uses[id]! > 0) this.live++
      for (const id of this.read[m]!) if (--this.uses[id]! === 0) this.live--
    }
  }
}

interface Time {
  readonly slots: number
  readonly latency: number
}

function timeOf(instruction: Instruction): Time {
  switch (instruction.kind) {
    case 'op':
      return costOfOperation(instruction.op)
    case 'load':
      return LOAD
    case 'store':
      return STORE
    case 'if':
      return timeOfRegion(instruction.thenRegion)
    default:
      return BRANCH
  }
}

/** What is inside counts once. */
function timeOfRegion({ instructions }: Region): Time {
  const done = new Map<Value, number>()
  let [slots, latency] = [BRANCH.slots, 0]
  for (const i of instructions) {
    const own = i.kind === 'op' ? costOfOperation(i.op) : i.kind === 'load' ? LOAD : BRANCH
    slots += own.slots
    let start = 0
    for (const value of valuesUsed(i)) start = Math.max(start, done.get(value) ?? 0)
    for (const value of definitions(i)) done.set(value, start + own.latency)
    latency = Math.max(latency, start + own.latency)
  }
  return { slots, latency }
}
