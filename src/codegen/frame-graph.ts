/**
 * What depends on what in the frame loop of a program, in the same frame and from frame to frame.
 *
 * Comes in: the loop over the frames of a block. Goes out: its instructions as nodes with dependencies; nothing, if
 * the loop does what is not understood. A stage of its own: how the loop may be divided follows from it alone.
 *
 * What is computed from the frame counter (addresses) is no node: it is computed anew wherever it is needed. What is
 * carried from frame to frame is seen as a value of a node some frames ago.
 */
import { type Access, accessOf, type Counting } from './frame-memory.ts'
import { memoryEdges } from './frame-memory-edges.ts'
import type { Instruction, KernelFunction, Region, Value } from './kernel.ts'
import { operationsOf } from './memory-order.ts'
import { definitions, everyInstruction, valuesUsed } from './regions.ts'
import type { Counter, Loop } from './unroll.ts'

/** Where an operand comes from: `delay` frames ago a node defined `value`. */
export interface Source {
  readonly node: number
  readonly value: Value
  readonly delay: number
}

export interface Edge {
  readonly from: number
  readonly to: number
  /** Frames in between; at least, if it is not known. */
  readonly delay: number
  /** Of a delay line: nothing needs to be carried. */
  readonly throughRing: boolean
  /** The delay does not change in the loop but is known only when it runs. */
  readonly fixed?: FixedDelay
}

export interface FixedDelay {
  readonly factors: ReadonlyMap<Value, number>
  readonly constant: number
}

export interface FrameGraph {
  readonly loop: Loop
  readonly counting: Counting
  /** Undefined: the node that stands for values carried on that are not computed in the loop. */
  readonly nodes: readonly (Instruction | undefined)[]
  readonly edges: readonly Edge[]
  readonly access: ReadonlyMap<Instruction, Access>
  readonly sourceOf: (value: Value) => Source | undefined
  /** Instructions computed from the counter, by result. */
  readonly counted: ReadonlyMap<Value, Instruction>
  /** Indices of carried values that hold the past of a node's value, by node. */
  readonly pasts: ReadonlyMap<number, readonly number[]>
}

interface Known {
  readonly body: Region
  readonly pure: ReadonlySet<string>
  readonly graph: FrameGraph | undefined
}

const known = new WeakMap<Loop, Known>()

/** Of the same loop it is asked more than once: divided or not, and in stages. */
export function frameGraph(
  f: KernelFunction,
  loop: Loop,
  counter: Counter,
  pure: ReadonlySet<string>,
): FrameGraph | undefined {
  const found = known.get(loop)
  if (found?.body === f.body && found.pure === pure) return found.graph
  const graph = findGraph(f, loop, counter, pure)
  known.set(loop, { body: f.body, pure, graph })
  return graph
}

function findGraph(
  f: KernelFunction,
  loop: Loop,
  counter: Counter,
  pure: ReadonlySet<string>,
): FrameGraph | undefined {
  for (const i of everyInstruction(loop.body))
    if (i.kind === 'call' && !pure.has(i.function)) return undefined
  if (loop.body.instructions.some(i => i.kind === 'const')) return undefined
  const defined = operationsOf(f)
  const step = defined.get(counter.step)
  if (step?.kind !== 'const') return undefined
  const counted = countedInstructions(loop)
  const inside = new Set([...loop.carried, ...loop.body.instructions.flatMap(definitions)])
  const counting: Counting = {
    definitions: defined,
    counter: loop.carried[0]!,
    step: Number(step.value),
    isFixed: value => !inside.has(value),
    isCounted: value => !inside.has(value) || value === loop.carried[0] || counted.has(value),
  }
  const nodes = loop.body.instructions.filter(
    i => i.kind !== 'const' && !definitions(i).some(v => counted.has(v) || v === loop.condition),
  )
  const past = findPasts(loop, nodes, counting)
  if (!past) return undefined
  const access = new Map<Instruction, Access>()
  for (const i of nodes) if (i.kind === 'load' || i.kind === 'store') access.set(i, accessOf(counting, i))
  const memory = memoryEdges(nodes, access, counting)
  if (!memory) return undefined
  const all = past.hasFixed ? [...nodes, undefined] : nodes
  const edges = [...valueEdges(nodes, past.sourceOf), ...memory]
  return { loop, counting, nodes: all, edges, access, counted, ...past }
}

function countedInstructions(loop: Loop): Map<Value, Instruction> {
  const inside = new Set([...loop.carried.slice(1), ...loop.body.instructions.flatMap(definitions)])
  const counted = new Map<Value, Instruction>()
  for (const instruction of loop.body.instructions) {
    if (instruction.kind !== 'op' || !instruction.args.every(a => !inside.has(a) || counted.has(a))) continue
    if (instruction.result.type === 'i32') counted.set(instruction.result, instruction)
  }
  return counted
}

interface Pasts {
  readonly sourceOf: FrameGraph['sourceOf']
  readonly pasts: Map<number, number[]>
  readonly hasFixed: boolean
}

/** Follows each carried value to what it was before it was carried. */
function findPasts(loop: Loop, nodes: readonly Instruction[], counting: Counting): Pasts | undefined {
  const definedAt = new Map<Value, number>()
  for (let i = 0; i < nodes.length; i++) for (const v of definitions(nodes[i]!)) definedAt.set(v, i)
  const carriedAt = new Map(loop.carried.map((value, i) => [value, i]))
  const sources = new Map<Value, Source>()
  const pasts = new Map<number, number[]>()
  const fixedNode = nodes.length
  const seen = new Set<string>()
  for (const [index, value] of loop.carried.entries()) {
    if (index === 0) continue
    let from = loop.body.yields[index]!
    let delay = 1
    for (let at = carriedAt.get(from); at !== undefined && at !== 0; at = carriedAt.get(from)) {
      if (delay > loop.carried.length) break
      from = loop.body.yields[at]!
      delay++
    }
    const node = definedAt.get(from)
    if (node === undefined && (from === counting.counter || !isQuiet(from, counting, carriedAt)))
      return undefined
    // Two that begin differently would have to be told apart.
    const key = `${from.id} ${delay}`
    if (node !== undefined && seen.has(key)) return undefined
    seen.add(key)
    sources.set(
      value,
      node === undefined ? { node: fixedNode, value, delay: 0 } : { node, value: from, delay },
    )
    const list = pasts.get(node ?? fixedNode)
    if (list) list.push(index)
    else pasts.set(node ?? fixedNode, [index])
  }
  const sourceOf = (value: Value): Source | undefined => {
    const node = definedAt.get(value)
    return node === undefined ? sources.get(value) : { node, value, delay: 0 }
  }
  return { sourceOf, pasts, hasFixed: pasts.has(fixedNode) }
}

/** Not computed in the loop, or carried round and round. */
const isQuiet = (value: Value, counting: Counting, carriedAt: ReadonlyMap<Value, number>): boolean =>
  counting.isFixed(value) || carriedAt.has(value)

/** Most instructions read one or two values. */
const distinct = (values: readonly Value[]): Iterable<Value> =>
  values.length < 2 || (values.length === 2 && values[0] !== values[1]) ? values : new Set(values)

function valueEdges(nodes: readonly Instruction[], sourceOf: FrameGraph['sourceOf']): Edge[] {
  const edges: Edge[] = []
  for (let to = 0; to < nodes.length; to++) {
    for (const value of distinct(valuesUsed(nodes[to]!))) {
      const source = sourceOf(value)
      if (source && source.node !== to)
        edges.push({ from: source.node, to, delay: source.delay, throughRing: false })
      else if (source && source.delay > 0)
        edges.push({ from: to, to, delay: source.delay, throughRing: false })
    }
  }
  return edges
}
