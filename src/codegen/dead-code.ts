/**
 * Removes what nobody needs.
 *
 * Comes in: a kernel module. Goes out: the same without instructions, results and loop-carried values that
 * reach no store, no impure call and no result of a function. A pass of its own: the others may leave what
 * they replaced lying about. Loops are taken to end.
 */
import type { Instruction, KernelFunction, KernelModule, Region, Value } from './kernel.ts'
import { perFunction, profileOf } from './per-function.ts'
import { definitions, everyInstruction, operands, regions } from './regions.ts'
import { type Compound, rewriteRegion } from './rewrite.ts'

const cleanAll = perFunction(clean)

export function removeDeadCode(module: KernelModule): KernelModule {
  const cleaned = cleanAll(module)
  return { ...cleaned, functions: called(cleaned.functions) }
}

/** Without the functions that no exported one needs. */
function called(functions: readonly KernelFunction[]): KernelFunction[] {
  const byName = new Map(functions.map(f => [f.name, f]))
  const needed = new Set(functions.filter(f => f.exported).map(f => f.name))
  // A set visits what is added while it is walked.
  for (const name of needed) {
    const f = byName.get(name)
    // Imported functions have no body.
    if (f) for (const callee of profileOf(f).calls) needed.add(callee)
  }
  return functions.filter(f => needed.has(f.name))
}

function clean(f: KernelFunction, pure: ReadonlySet<string>): KernelFunction {
  const live = findLive(f, pure)
  const needed = (instruction: Instruction) => live.instructions.has(instruction)
  /** Positions of the results that remain. */
  const keep = <T>(owner: Compound, list: readonly T[]) => list.filter((_, i) => isLive(owner, i))
  const isLive = (owner: Compound, i: number) =>
    live.values[owner.results[i]!.id] || (owner.kind === 'loop' && live.values[owner.carried[i]!.id])
  const original = new Map<readonly Value[], Compound>()
  const body = rewriteRegion(f.body, {
    plain: instruction => (needed(instruction) ? instruction : undefined),
    enter: owner => original.set(owner.results, owner),
    compound: instruction => {
      if (!needed(original.get(instruction.results)!)) return undefined
      const results = keep(instruction, instruction.results)
      if (instruction.kind === 'if') return { ...instruction, results }
      const carried = keep(instruction, instruction.carried)
      return { ...instruction, results, carried, initial: keep(instruction, instruction.initial) }
    },
    yields: (region, owner) => (owner ? keep(owner, region.yields) : region.yields),
  })
  return { ...f, body }
}

interface Live {
  /** By id. */
  readonly values: boolean[]
  readonly instructions: Set<Instruction>
}

/** What a value needs: its instruction, and for a result or carried value the others of the same position. */
interface Source {
  readonly instruction: Instruction
  readonly also: readonly Value[]
}

function findLive(f: KernelFunction, pure: ReadonlySet<string>): Live {
  const sources = findSources(f)
  const live: Live = { values: [], instructions: new Set() }
  const pending: Value[] = [...f.body.yields]
  const around = enclosing(f.body)
  const demand = (instruction: Instruction) => {
    for (let i: Instruction | undefined = instruction; i && !live.instructions.has(i); i = around.get(i)) {
      live.instructions.add(i)
      if (i.kind === 'loop') pending.push(i.condition)
      else pending.push(...operands(i))
    }
  }
  for (const instruction of everyInstruction(f.body)) {
    const { kind } = instruction
    if (kind === 'store' || (kind === 'call' && !pure.has(instruction.function))) demand(instruction)
  }
  for (let value = pending.pop(); value; value = pending.pop()) {
    if (live.values[value.id]) continue
    live.values[value.id] = true
    const source = sources[value.id]
    if (!source) continue
    demand(source.instruction)
    pending.push(...source.also)
  }
  return live
}

const NOTHING: readonly Value[] = []

/** By the value's id. */
function findSources(f: KernelFunction): Source[] {
  const sources: Source[] = []
  for (const instruction of everyInstruction(f.body)) {
    if (instruction.kind !== 'if' && instruction.kind !== 'loop') {
      for (const { id } of definitions(instruction)) sources[id] = { instruction, also: NOTHING }
      continue
    }
    instruction.results.forEach(({ id }, i) => {
      sources[id] = { instruction, also: regions(instruction).map(region => region.yields[i]!) }
    })
    if (instruction.kind === 'if') continue
    const { carried, initial, body } = instruction
    carried.forEach(({ id }, i) => {
      sources[id] = { instruction, also: [initial[i]!, body.yields[i]!] }
    })
    // The result of a loop is its last yield, but the carried value must stay to take the others.
    instruction.results.forEach(({ id }, i) => {
      sources[id] = { instruction, also: [carried[i]!] }
    })
  }
  return sources
}

/** The compound instruction around each instruction. */
function enclosing(root: Region): Map<Instruction, Instruction> {
  const around = new Map<Instruction, Instruction>()
  for (const outer of everyInstruction(root)) {
    for (const region of regions(outer)) {
      for (const instruction of region.instructions) around.set(instruction, outer)
    }
  }
  return around
}
