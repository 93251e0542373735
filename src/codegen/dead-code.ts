/**
 * Removes what nobody needs.
 *
 * Comes in: a kernel module. Goes out: the same without instructions, results and loop-carried values that
 * reach no store, no impure call and no result of a function. A pass of its own: the others may leave what
 * they replaced lying about. Loops are taken to end.
 */
import type { Instruction, KernelFunction, KernelModule, Region, Value } from './kernel.ts'
import { perFunction, profileOf } from './per-function.ts'
import { isCompound, operands, regions } from './regions.ts'
import { type Compound, type Plain, rewriteRegion } from './rewrite.ts'

const cleanAll = perFunction(clean)

export function removeDeadCode(module: KernelModule): KernelModule {
  const cleaned = cleanAll(module)
  const functions = called(cleaned.functions)
  return functions.length === cleaned.functions.length ? cleaned : { ...cleaned, functions }
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
  const origins = findOrigins(f, pure)
  const live = findLive(f, origins)
  if (isAllLive(origins, live)) return f
  const { values, owners } = live
  const isNeeded = (instruction: Plain) =>
    instruction.kind !== 'store' && instruction.result
      ? values[instruction.result.id] === 1
      : hasEffect(instruction, pure)
  const isLive = (owner: Compound, i: number) =>
    values[owner.results[i]!.id] === 1 || (owner.kind === 'loop' && values[owner.carried[i]!.id] === 1)
  /** Positions of the results that remain. */
  const keep = <T>(owner: Compound, list: readonly T[]) => list.filter((_, i) => isLive(owner, i))
  const body = rewriteRegion(f.body, {
    plain: instruction => (isNeeded(instruction) ? instruction : undefined),
    compound: (instruction, original) => {
      if (!owners.has(original)) return undefined
      const results = keep(instruction, instruction.results)
      if (instruction.kind === 'if') return { ...instruction, results }
      const carried = keep(instruction, instruction.carried)
      return { ...instruction, results, carried, initial: keep(instruction, instruction.initial) }
    },
    yields: (region, owner) => (owner ? keep(owner, region.yields) : region.yields),
  })
  return { ...f, body }
}

/** What must be, whoever uses it. */
function hasEffect(instruction: Plain, pure: ReadonlySet<string>): boolean {
  return instruction.kind === 'store' || (instruction.kind === 'call' && !pure.has(instruction.function))
}

/** What defines values, by their ids, and what is around it. */
interface Origins {
  readonly definitions: (Instruction | undefined)[]
  readonly owners: (Compound | undefined)[]
  /** Of results and carried values, which they are. */
  readonly positions: Int32Array
  readonly ownerOf: Map<Compound, Compound | undefined>
  /** What has effects, and what is around it. */
  readonly effects: Plain[]
  readonly effectOwners: (Compound | undefined)[]
  /** A call without effects or result. */
  hasIdleCall: boolean
}

function findOrigins(f: KernelFunction, pure: ReadonlySet<string>): Origins {
  const { ids } = profileOf(f)
  const origins: Origins = {
    definitions: new Array(ids),
    owners: new Array(ids),
    positions: new Int32Array(ids),
    ownerOf: new Map(),
    effects: [],
    effectOwners: [],
    hasIdleCall: false,
  }
  const open: { readonly region: Region; readonly owner: Compound | undefined }[] = [
    { region: f.body, owner: undefined },
  ]
  for (let next = open.pop(); next; next = open.pop()) {
    const { region, owner } = next
    for (const instruction of region.instructions) {
      if (!isCompound(instruction)) {
        addPlain(origins, instruction, owner, pure)
        continue
      }
      addCompound(origins, instruction, owner)
      for (const inner of regions(instruction)) open.push({ region: inner, owner: instruction })
    }
  }
  return origins
}

function addPlain(
  origins: Origins,
  instruction: Plain,
  owner: Compound | undefined,
  pure: ReadonlySet<string>,
): void {
  const isEffect = hasEffect(instruction, pure)
  if (isEffect) {
    origins.effects.push(instruction)
    origins.effectOwners.push(owner)
  }
  if (instruction.kind === 'store') return
  if (instruction.result) {
    origins.definitions[instruction.result.id] = instruction
    origins.owners[instruction.result.id] = owner
  } else if (!isEffect) origins.hasIdleCall = true
}

function addCompound(origins: Origins, instruction: Compound, owner: Compound | undefined): void {
  origins.ownerOf.set(instruction, owner)
  addValues(origins, instruction, instruction.results)
  if (instruction.kind === 'loop') addValues(origins, instruction, instruction.carried)
}

function addValues(origins: Origins, instruction: Compound, values: readonly Value[]): void {
  for (let i = 0; i < values.length; i++) {
    const { id } = values[i]!
    origins.definitions[id] = instruction
    origins.positions[id] = i
  }
}

interface Live {
  /** 1 for what is needed, by id. */
  readonly values: Uint8Array
  /** Compound instructions that are needed. */
  readonly owners: ReadonlySet<Compound>
}

function findLive(f: KernelFunction, origins: Origins): Live {
  const values = new Uint8Array(profileOf(f).ids)
  const owners = new Set<Compound>()
  const pending: Value[] = [...f.body.yields]
  const demandOwner = (innermost: Compound | undefined) => {
    for (let owner = innermost; owner && !owners.has(owner); owner = origins.ownerOf.get(owner)) {
      owners.add(owner)
      pending.push(owner.condition)
    }
  }
  const { effects, effectOwners } = origins
  for (let i = 0; i < effects.length; i++) {
    const effect = effects[i]!
    if (effect.kind !== 'store' && effect.result) pending.push(effect.result)
    else for (const operand of operands(effect)) pending.push(operand)
    demandOwner(effectOwners[i])
  }
  for (let value = pending.pop(); value; value = pending.pop()) {
    const { id } = value
    if (values[id] === 1) continue
    values[id] = 1
    const definition = origins.definitions[id]
    if (!definition) continue
    if (isCompound(definition)) {
      demandOwner(definition)
      pushSources(pending, definition, origins.positions[id]!, value)
    } else {
      demandOwner(origins.owners[id])
      for (const operand of operands(definition)) pending.push(operand)
    }
  }
  return { values, owners }
}

/** What a result or carried value comes from. */
function pushSources(pending: Value[], owner: Compound, position: number, value: Value): void {
  if (owner.kind === 'if')
    pending.push(owner.thenRegion.yields[position]!, owner.elseRegion.yields[position]!)
  // The result of a loop is its last yield, but the carried value must stay to take the others.
  else if (owner.results[position] === value) pending.push(owner.carried[position]!)
  else pending.push(owner.initial[position]!, owner.body.yields[position]!)
}

/** Whether nothing can be removed: then the function stays the same object, and what is known of it is still known. */
function isAllLive(
  { definitions, positions, ownerOf, hasIdleCall }: Origins,
  { values, owners }: Live,
): boolean {
  if (hasIdleCall || owners.size < ownerOf.size) return false
  for (let id = 0; id < values.length; id++) {
    if (values[id] === 1) continue
    const definition = definitions[id]
    // Of a loop, a result stays as long as the carried value does.
    const stays = definition?.kind === 'loop' && values[definition.carried[positions[id]!]!.id] === 1
    if (definition && !stays) return false
  }
  return true
}
