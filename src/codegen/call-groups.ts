/**
 * Brings calls together that do not wait for one another.
 *
 * Comes in: a module whose loops are in lanes, before calls are inlined. Goes out: the same, where a call of a function of
 * lanes is followed by another one, preferably of the same function, if one stands further on. A pass of its own: inlining
 * puts the bodies of such neighbours side by side, so that a processor has something to do while one of them waits.
 */
import type { Instruction, KernelModule, Value } from './kernel.ts'
import { type MemoryOrder, memoryOrder, operationsOf } from './memory-order.ts'
import { inCompute, profileOf, pureFunctions } from './per-function.ts'
import { definitions, isCompound, isRare, valuesUsed } from './regions.ts'
import { rewriteLists } from './rewrite-lists.ts'

/** How far ahead a neighbour is looked for: what it needs is computed earlier, and has to be kept. */
const MOST_AHEAD = 150

/** Instructions of the smallest function that is worth it. */
const LEAST_SIZE = 12

type Call = Extract<Instruction, { kind: 'call' }>

interface Grouping {
  /** Functions that inlining can put beside others. */
  readonly names: ReadonlySet<string>
  readonly order: MemoryOrder
}

export function groupCalls(module: KernelModule): KernelModule {
  const compute = module.functions.find(f => f.name === 'compute')
  if (!compute) return module
  const pure = pureFunctions(module.functions)
  const names = new Set<string>()
  for (const f of module.functions) {
    const { size, hasLoop } = profileOf(f)
    const isUsual = f.result === 'v128' && pure.has(f.name) && !isRare(f.name)
    if (isUsual && size >= LEAST_SIZE && !hasLoop) names.add(f.name)
  }
  if (profileOf(compute).calls.filter(name => names.has(name)).length < 2) return module
  const grouping = { names, order: memoryOrder(operationsOf(compute), pure) }
  return inCompute(module, f => ({ ...f, body: rewriteLists(f.body, list => groupList(grouping, list)) }))
}

const isCandidate = ({ names }: Grouping, i: Instruction): i is Call =>
  i.kind === 'call' && i.result !== undefined && names.has(i.function)

function groupList(grouping: Grouping, list: readonly Instruction[]): readonly Instruction[] {
  if (list.filter(i => isCandidate(grouping, i)).length < 2) return list
  const made: Instruction[] = []
  const isDone = new Uint8Array(list.length)
  for (const [i, instruction] of list.entries()) {
    if (isDone[i] === 1) continue
    const neighbour = isCandidate(grouping, instruction) ? findNeighbour(grouping, list, i, isDone) : []
    const at = neighbour.pop()
    for (const k of neighbour) made.push(list[k]!)
    made.push(instruction)
    if (at === undefined) continue
    made.push(list[at]!)
    for (const k of [...neighbour, at]) isDone[k] = 1
  }
  return made
}

/** What a neighbour needs that is not there yet, in order, and the neighbour; nothing if there is none. */
function findNeighbour(
  grouping: Grouping,
  list: readonly Instruction[],
  first: number,
  isDone: Uint8Array,
): number[] {
  const call = list[first] as Call
  const waiting = new Set<Value>(definitions(call))
  let found: number[] = []
  const end = Math.min(list.length, first + MOST_AHEAD)
  for (let k = first + 1; k < end; k++) {
    const instruction = list[k]!
    if (isDone[k] === 1) continue
    if (instruction.kind === 'loop') break
    if (valuesUsed(instruction).some(value => waiting.has(value))) {
      for (const value of definitions(instruction)) waiting.add(value)
    } else if (isCandidate(grouping, instruction)) {
      const isSame = instruction.function === call.function
      if (!isSame && found.length > 0) continue
      const needed = neededBy(grouping, list, first, k, isDone)
      if (needed) found = [...needed, k]
      if (needed && isSame) break
    }
  }
  return found
}

/** What stands between two calls and the second needs, if it may be computed before the first. */
function neededBy(
  { order }: Grouping,
  list: readonly Instruction[],
  first: number,
  second: number,
  isDone: Uint8Array,
): number[] | undefined {
  const wanted = new Set<Value>(valuesUsed(list[second]!))
  const needed: number[] = []
  const passed: Instruction[] = []
  for (let k = second - 1; k > first; k--) {
    const instruction = list[k]!
    if (isDone[k] === 1) continue
    if (!definitions(instruction).some(value => wanted.has(value))) {
      passed.push(instruction)
      continue
    }
    if (isCompound(instruction) || order.isBarrier(instruction)) return undefined
    for (const value of valuesUsed(instruction)) wanted.add(value)
    needed.push(k)
  }
  const reads = needed.filter(k => order.touchesMemory(list[k]!))
  const stays = passed.filter(i => order.touchesMemory(i))
  if (reads.some(k => stays.some(i => order.mustKeep(i, list[k]!)))) return undefined
  return needed.reverse()
}
