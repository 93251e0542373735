/**
 * Walks over the kernel: what an instruction reads, defines and contains, and which functions have effects.
 *
 * Small queries that every pass needs; here so that a new kind of instruction is described once.
 */
import { assertNever } from '../source.ts'
import type { Instruction, KernelFunction, Region, Value } from './kernel.ts'

/** Values that the instruction reads itself, in evaluation order; not what its regions read. */
export function operands(instruction: Instruction): readonly Value[] {
  switch (instruction.kind) {
    case 'const':
      return NO_VALUES
    case 'op':
    case 'call':
      return instruction.args
    case 'load':
      return [instruction.address]
    case 'store':
      return [instruction.address, instruction.value]
    case 'if':
      return [instruction.condition]
    case 'loop':
      return instruction.initial
    default:
      return assertNever(instruction)
  }
}

/** Values that are defined for what follows the instruction. */
export function definitions(instruction: Instruction): readonly Value[] {
  switch (instruction.kind) {
    case 'const':
    case 'op':
    case 'load':
      return [instruction.result]
    case 'call':
      return instruction.result ? [instruction.result] : NO_VALUES
    case 'store':
      return NO_VALUES
    case 'if':
    case 'loop':
      return instruction.results
    default:
      return assertNever(instruction)
  }
}

export function regions(instruction: Instruction): readonly Region[] {
  if (instruction.kind === 'if') return [instruction.thenRegion, instruction.elseRegion]
  return instruction.kind === 'loop' ? [instruction.body] : NO_REGIONS
}

const NO_REGIONS: readonly Region[] = []
const NO_VALUES: readonly Value[] = []

/** What passes ask of a function again and again. */
export interface Profile {
  /** The first id that no value of the function has. */
  readonly ids: number
  /** Instructions, inner regions included. */
  readonly size: number
  /** Names of called functions, one for each call. */
  readonly calls: readonly string[]
  /** It writes memory, or reads what may be written. */
  readonly touchesMemory: boolean
  readonly hasLoop: boolean
}

const profiles = new WeakMap<KernelFunction, Profile>()

export function profileOf(f: KernelFunction): Profile {
  const known = profiles.get(f)
  if (known) return known
  const found = { ids: 0, size: 0, calls: [] as string[], touchesMemory: false, hasLoop: false }
  seeIds(found, f.parameters)
  const all = everyInstruction(f.body)
  found.size = all.length
  for (let i = 0; i < all.length; i++) {
    const instruction = all[i]!
    const { kind } = instruction
    if (kind === 'store') found.touchesMemory = true
    else if (kind === 'if' || kind === 'loop') {
      seeIds(found, instruction.results)
      if (kind === 'if') continue
      seeIds(found, instruction.carried)
      found.hasLoop = true
    } else {
      const { result } = instruction
      if (result && result.id >= found.ids) found.ids = result.id + 1
      if (kind === 'load' && !instruction.constant) found.touchesMemory = true
      if (kind === 'call') found.calls.push(instruction.function)
    }
  }
  profiles.set(f, found)
  return found
}

function seeIds(found: { ids: number }, values: readonly Value[]): void {
  for (const { id } of values) if (id >= found.ids) found.ids = id + 1
}

/** The first id that no value of the function has. */
export const freshId = (f: KernelFunction): number => profileOf(f).ids

/** Exceptional cases of a function, by the convention of codegen/math: worth a call, to keep the usual one short. */
export const isRare = (functionName: string): boolean => /\.slow\b/.test(functionName)

/** A rare case whose function gives the bits of the usual one as well, where that would do: in lanes it takes over. */
export const isWhole = (functionName: string): boolean => /\.slow\.whole\b/.test(functionName)

/** Instructions that may stop the program: they must not run where the program would not run them. */
export const TRAPPING = /^i(32|64)\.(div|rem)_/

const listed = new WeakMap<Region, readonly Instruction[]>()
/** Shorter lists are looked through again as soon as they are found. */
const SHORT = 8

/** Every instruction of the region, those of inner regions included; the outer ones come first. */
export function everyInstruction(region: Region): readonly Instruction[] {
  const known = listed.get(region)
  if (known) return known
  const all = listInstructions(region)
  if (all.length > SHORT) listed.set(region, all)
  return all
}

function listInstructions(region: Region): readonly Instruction[] {
  let all: Instruction[] | undefined
  const waiting: Region[] = [region]
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { instructions } = next
    const first = indexOfCompound(instructions)
    // Most regions contain no others: their list will do.
    if (!all && first === instructions.length) return instructions
    all ??= []
    for (let i = 0; i < instructions.length; i++) {
      const instruction = instructions[i]!
      all.push(instruction)
      if (instruction.kind === 'loop') waiting.push(instruction.body)
      else if (instruction.kind === 'if') waiting.push(instruction.thenRegion, instruction.elseRegion)
    }
  }
  return all ?? []
}

/** From `from` on; the length if there is none. */
export function indexOfCompound(instructions: readonly Instruction[], from = 0): number {
  for (let i = from; i < instructions.length; i++) {
    const { kind } = instructions[i]!
    if (kind === 'if' || kind === 'loop') return i
  }
  return instructions.length
}

export type Compound = Extract<Instruction, { kind: 'if' | 'loop' }>
export type Plain = Exclude<Instruction, Compound>

export function isCompound(instruction: Instruction): instruction is Compound {
  return instruction.kind === 'if' || instruction.kind === 'loop'
}

/** What an instruction and its regions read; what they define themselves may be among it. */
export function valuesUsed(instruction: Instruction): readonly Value[] {
  if (!isCompound(instruction)) return operands(instruction)
  const used = [...operands(instruction)]
  if (instruction.kind === 'loop') used.push(instruction.condition)
  const inner = regions(instruction)
  for (const region of inner) for (const value of region.yields) used.push(value)
  for (const region of inner) for (const i of everyInstruction(region)) pushOwn(used, i)
  return used
}

/** What the instruction reads, without the instructions inside it. */
function pushOwn(used: Value[], instruction: Instruction): void {
  for (const value of operands(instruction)) used.push(value)
  if (!isCompound(instruction)) return
  for (const region of regions(instruction)) for (const value of region.yields) used.push(value)
  if (instruction.kind === 'loop') used.push(instruction.condition)
}
