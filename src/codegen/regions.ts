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
      return []
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
      return instruction.result ? [instruction.result] : []
    case 'store':
      return []
    case 'if':
    case 'loop':
      return instruction.results
    default:
      return assertNever(instruction)
  }
}

export function regions(instruction: Instruction): readonly Region[] {
  if (instruction.kind === 'if') return [instruction.thenRegion, instruction.elseRegion]
  return instruction.kind === 'loop' ? [instruction.body] : []
}

/** The first id that no value of the function has. */
export function freshId(f: KernelFunction): number {
  let last = Math.max(-1, ...f.parameters.map(p => p.id))
  for (const instruction of everyInstruction(f.body)) {
    for (const { id } of definitions(instruction)) last = Math.max(last, id)
    if (instruction.kind === 'loop') for (const { id } of instruction.carried) last = Math.max(last, id)
  }
  return last + 1
}

/** Exceptional cases of a function, by the convention of codegen/math: worth a call, to keep the usual one short. */
export const isRare = (functionName: string): boolean => /\.slow\b/.test(functionName)

/** Instructions that may stop the program: they must not run where the program would not run them. */
export const TRAPPING = /^i(32|64)\.(div|rem)_/

/** Every instruction of the region, those of inner regions included. */
export function* everyInstruction(region: Region): Generator<Instruction> {
  const stack: Region[] = [region]
  while (stack.length > 0) {
    for (const instruction of stack.pop()!.instructions) {
      yield instruction
      stack.push(...regions(instruction))
    }
  }
}

/** What an instruction and its regions read; what they define themselves may be among it. */
export function valuesUsed(instruction: Instruction): readonly Value[] {
  const inner = regions(instruction)
  if (inner.length === 0) return operands(instruction)
  const used = [...operands(instruction)]
  if (instruction.kind === 'loop') used.push(instruction.condition)
  for (const region of inner) used.push(...region.yields)
  for (const region of inner) for (const i of everyInstruction(region)) pushOwn(used, i)
  return used
}

/** What the instructions of a region and of its inner regions read. */
export function valuesUsedIn(region: Region): readonly Value[] {
  const used: Value[] = [...region.yields]
  for (const instruction of everyInstruction(region)) pushOwn(used, instruction)
  return used
}

/** What the instruction reads, without the instructions inside it. */
function pushOwn(used: Value[], instruction: Instruction): void {
  used.push(...operands(instruction))
  for (const region of regions(instruction)) used.push(...region.yields)
  if (instruction.kind === 'loop') used.push(instruction.condition)
}
