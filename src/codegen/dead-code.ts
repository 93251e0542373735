/**
 * Removes what nobody needs.
 *
 * Comes in: a kernel module. Goes out: the same without instructions, results and loop-carried values that
 * reach no store, no impure call and no result of a function. A pass of its own: the others may leave what
 * they replaced lying about. Loops are taken to end.
 */
import type { Instruction, KernelFunction, KernelModule, Region, Value } from './kernel.ts'
import { perFunction, profileOf } from './per-function.ts'
import { definitions, operands, regions } from './regions.ts'
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

/** What defines values, by their ids, and what is around instructions. */
interface Origins {
  readonly sources: Source[]
  readonly around: Map<Instruction, Compound>
  /** What must be, whoever uses it. */
  readonly effects: Instruction[]
}

function findLive(f: KernelFunction, pure: ReadonlySet<string>): Live {
  const { sources, around, effects } = findOrigins(f, pure)
  const live: Live = { values: [], instructions: new Set() }
  const pending: Value[] = [...f.body.yields]
  const demand = (instruction: Instruction) => {
    for (let i: Instruction | undefined = instruction; i && !live.instructions.has(i); i = around.get(i)) {
      live.instructions.add(i)
      if (i.kind === 'loop') pending.push(i.condition)
      else for (const operand of operands(i)) pending.push(operand)
    }
  }
  for (const instruction of effects) demand(instruction)
  for (let value = pending.pop(); value; value = pending.pop()) {
    if (live.values[value.id]) continue
    live.values[value.id] = true
    const source = sources[value.id]
    if (!source) continue
    demand(source.instruction)
    for (const other of source.also) pending.push(other)
  }
  return live
}

const NOTHING: readonly Value[] = []

function findOrigins(f: KernelFunction, pure: ReadonlySet<string>): Origins {
  const origins: Origins = { sources: [], around: new Map(), effects: [] }
  const open: { readonly region: Region; readonly owner?: Compound }[] = [{ region: f.body }]
  for (let next = open.pop(); next; next = open.pop()) {
    const { region, owner } = next
    for (const instruction of region.instructions) {
      if (owner) origins.around.set(instruction, owner)
      const { kind } = instruction
      if (kind === 'store' || (kind === 'call' && !pure.has(instruction.function)))
        origins.effects.push(instruction)
      if (kind !== 'if' && kind !== 'loop') {
        for (const { id } of definitions(instruction)) origins.sources[id] = { instruction, also: NOTHING }
        continue
      }
      addCompound(origins.sources, instruction)
      for (const inner of regions(instruction)) open.push({ region: inner, owner: instruction })
    }
  }
  return origins
}

function addCompound(sources: Source[], instruction: Compound): void {
  const inner = regions(instruction)
  instruction.results.forEach(({ id }, i) => {
    sources[id] = { instruction, also: inner.map(region => region.yields[i]!) }
  })
  if (instruction.kind === 'if') return
  const { carried, initial, body } = instruction
  carried.forEach(({ id }, i) => {
    sources[id] = { instruction, also: [initial[i]!, body.yields[i]!] }
  })
  // The result of a loop is its last yield, but the carried value must stay to take the others.
  instruction.results.forEach(({ id }, i) => {
    sources[id] = { instruction, also: [carried[i]!] }
  })
}
