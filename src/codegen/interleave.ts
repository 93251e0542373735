/**
 * Lets what is independent in a long loop alternate, instruction by instruction.
 *
 * Comes in: a module as it is to be emitted. Goes out: the same, the instructions of long loops in another order, and
 * branches that guard usual cases taken together. A pass of its own, and the last: a processor looks ahead some hundred
 * instructions only, less than one filter with its sine and tangent has; it finds work while it waits if another
 * filter's stands between. V8 keeps the order that it is given since version 12.
 */
import { type BodyGraph, bodyGraph } from './body-graph.ts'
import type { CostOfCall } from './cost-flat.ts'
import { costOfLoop, costsOfCalls, type Machine } from './cost-loop.ts'
import { emittedOrder } from './emitted-order.ts'
import { groupGuards, joinGuards } from './guards.ts'
import type { Instruction, KernelFunction, KernelModule, Region } from './kernel.ts'
import { alternate } from './list-order.ts'
import { type MemoryOrder, memoryOrder, operationsOf } from './memory-order.ts'
import { inCompute, pureFunctions } from './per-function.ts'
import { everyInstruction, freshId } from './regions.ts'
import { rewriteRegion } from './rewrite.ts'
import type { Loop } from './unroll.ts'

/** Of shorter loops a processor sees several turns. */
const LEAST = 150
const MOST = 5000
/** Part of the time that may be left. */
const WORTH = 0.91
/**
 * What a core can do at best: here it matters when instructions come into sight, and the fitted model has part of what
 * is waited for in its throughput.
 */
const CORE: Machine = { width: 6, floats: 4, window: 120, registers: 16, spill: 0.3 }

export interface Interleaving {
  readonly least?: number
  /** In another order whatever it costs: for tests. */
  readonly always?: boolean
}

export function interleave(module: KernelModule, options: Interleaving = {}): KernelModule {
  const pure = pureFunctions(module.functions)
  const byName = new Map(module.functions.map(f => [f.name, f]))
  const costOfCall = costsOfCalls(name => byName.get(name))
  return inCompute(module, f => rewriteFunction(f, pure, costOfCall, options))
}

interface Context {
  readonly order: MemoryOrder
  readonly pure: ReadonlySet<string>
  readonly count: { nextId: number }
}

function rewriteFunction(
  f: KernelFunction,
  pure: ReadonlySet<string>,
  costOfCall: CostOfCall,
  { least = LEAST, always = false }: Interleaving,
): KernelFunction {
  if (!everyInstruction(f.body).some(i => i.kind === 'loop' && (i.isInterleaved || isLong(i, least))))
    return f
  const context: Context = { order: memoryOrder(operationsOf(f), pure), pure, count: { nextId: freshId(f) } }
  const cost = (loop: Loop, body: Region) => costOfLoop({ ...loop, body }, costOfCall, CORE)
  const change = (loop: Loop): Loop => {
    if (loop.isInterleaved) return { ...loop, body: { ...loop.body, inOrder: true } }
    if (!isLong(loop, least)) return loop
    if (always) return { ...loop, body: inOrder(context, loop.body, true) }
    const usual = cost(loop, { ...loop.body, instructions: emittedOrder(loop.body) })
    const limit = WORTH * usual.cycles
    if (limit < usual.unspilled || limit < usual.recurrence()) return loop
    const body = inOrder(context, loop.body, true)
    return cost(loop, body).cycles > limit ? loop : { ...loop, body }
  }
  const body = rewriteRegion(f.body, {
    compound: i => (i.kind === 'loop' ? change(i) : i),
  })
  return body === f.body ? f : { ...f, body }
}

/** Without loops inside. */
function isLong(loop: Loop, least: number): boolean {
  if (loop.isBrief) return false
  const all = everyInstruction(loop.body)
  return all.length >= least && all.length <= MOST && all.every(i => i.kind !== 'loop')
}

function inOrder(context: Context, region: Region, isBody: boolean): Region {
  const graph = bodyGraph(region, context.order)
  const groups = isBody ? groupGuards(graph, context.pure) : []
  const instructions = alternate(graph, groups, region.yields).flatMap(members =>
    written(context, graph, members),
  )
  return { ...region, instructions, inOrder: true }
}

function written(
  context: Context,
  { instructions }: BodyGraph,
  members: readonly number[],
): readonly Instruction[] {
  const all = members.map(m => instructions[m]!)
  return all.length === 1 ? all : joinGuards(all, context.count, usual => inOrder(context, usual, false))
}
