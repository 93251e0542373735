/**
 * Decides, for one kernel function, what is emitted where: which values are unused, which become part of the
 * expression that uses them, and which need a local.
 *
 * A stage of its own because the decision needs uses that come later than the definition, while emission
 * goes forwards.
 */
import type { Constant, Instruction, KernelFunction, Region, Value } from './kernel.ts'
import { type Nested, runNested } from './nested.ts'
import { isCompound, operands, type Plain, profileOf, regions } from './regions.ts'

export interface EmitPlan {
  /** How often a value will be read, by id; 0 for what need not be computed. */
  readonly uses: Int32Array
  /** 1 for values computed at their only use, by id. */
  readonly inlined: Uint8Array
  /** Constants, written again at each use, by id. */
  readonly constants: readonly (Constant | undefined)[]
  /** Definitions of inlined values, by id. */
  readonly definition: readonly (Instruction | undefined)[]
  /** Nesting of the expression that computes an inlined value, by id. */
  readonly depth: Uint8Array
}

/**
 * Nesting of expressions. Newer engines (V8 from 12 on) compute in the order of the code: what is deeper would undo the
 * order of the instructions, such as chains that lie side by side, so that one is computed while another waits.
 */
export const MAX_DEPTH = 8

interface Draft {
  readonly pure: ReadonlySet<string>
  readonly uses: Int32Array
  readonly inlined: Uint8Array
  readonly constants: (Constant | undefined)[]
  readonly definition: (Instruction | undefined)[]
  /** Region of the last seen use, by value id; right for values used once. */
  readonly useRegion: (Region | undefined)[]
  /** Nesting of the expression so far, by value id, of what waits to be computed at its use. */
  readonly depth: Uint8Array
}

export function planEmission(f: KernelFunction, pure: ReadonlySet<string>): EmitPlan {
  const { ids } = profileOf(f)
  const draft: Draft = {
    pure,
    uses: new Int32Array(ids),
    inlined: new Uint8Array(ids),
    constants: new Array(ids),
    definition: new Array(ids),
    useRegion: new Array(ids),
    depth: new Uint8Array(ids),
  }
  runNested(countUses(draft, f.body, f.body.yields))
  runNested(chooseInlined(draft, f.body))
  return draft
}

function use(draft: Draft, { id }: Value, region: Region): void {
  draft.uses[id]!++
  draft.useRegion[id] = region
}

/** Whether dropping the instruction changes nothing when its result is not read. */
function isDroppable({ pure }: Draft, instruction: Plain): boolean {
  return instruction.kind === 'call' ? pure.has(instruction.function) : instruction.kind !== 'store'
}

/** Backwards, so that what is only read by unused values is unused too. */
function* countUses(draft: Draft, region: Region, yields: readonly Value[]): Nested {
  for (const value of yields) use(draft, value, region)
  for (let i = region.instructions.length - 1; i >= 0; i--) {
    const instruction = region.instructions[i]!
    if (!isCompound(instruction)) {
      countOwnUses(draft, instruction, region)
      continue
    }
    if (instruction.kind === 'if') {
      const live = (_: Value, at: number) => draft.uses[instruction.results[at]!.id]! > 0
      yield countUses(draft, instruction.thenRegion, instruction.thenRegion.yields.filter(live))
      yield countUses(draft, instruction.elseRegion, instruction.elseRegion.yields.filter(live))
    } else {
      yield countUses(draft, instruction.body, [...instruction.body.yields, instruction.condition])
    }
    for (const value of operands(instruction)) use(draft, value, region)
  }
}

function countOwnUses(draft: Draft, instruction: Plain, region: Region): void {
  const result = instruction.kind === 'store' ? undefined : instruction.result
  const isUsed = result !== undefined && draft.uses[result.id]! > 0
  if (!isUsed && isDroppable(draft, instruction)) return
  switch (instruction.kind) {
    case 'const':
      return
    case 'op':
    case 'call':
      for (let k = 0; k < instruction.args.length; k++) use(draft, instruction.args[k]!, region)
      return
    case 'load':
      use(draft, instruction.address, region)
      return
    case 'store':
      use(draft, instruction.address, region)
      use(draft, instruction.value, region)
  }
}

/** Forwards. `loads` are values of the region whose waiting expressions read memory that may be written. */
function* chooseInlined(draft: Draft, region: Region, mostDepth = MAX_DEPTH): Nested {
  if (region.inOrder) {
    yield chooseInOrder(draft, region)
    return
  }
  const loads = new Set<number>()
  for (const instruction of region.instructions) {
    if (instruction.kind === 'const') draft.constants[instruction.result.id] = instruction
    else if (!isCompound(instruction) && isDroppable(draft, instruction)) {
      const { result } = instruction as Exclude<Plain, { kind: 'store' }>
      if (result && draft.uses[result.id]! > 0)
        considerInlining(draft, region, loads, instruction, result, mostDepth)
    } else {
      if (loads.size > 0) keepLoads(draft, loads, instruction)
      const depth = standsSideBySide(instruction) ? 0 : MAX_DEPTH
      for (const inner of regions(instruction)) yield chooseInlined(draft, inner, depth)
    }
    // The parallel assignment at the end of a loop body must not read what it has just assigned.
    if (instruction.kind === 'loop') keepOutOfExpressions(draft, instruction)
  }
}

/** Functions whose bodies take turns (side-by-side): the order of their instructions is what they are there for. */
function standsSideBySide(instruction: Instruction): boolean {
  if (instruction.kind !== 'if') return false
  const { instructions } = instruction.elseRegion
  return instructions.length > 1 && instructions.every(i => i.kind === 'call')
}

/** What reads memory must be computed before the instruction changes it. */
function keepLoads(draft: Draft, loads: Set<number>, instruction: Instruction): void {
  for (const value of operands(instruction)) loads.delete(value.id)
  for (const id of loads) draft.inlined[id] = 0
  loads.clear()
}

function keepOutOfExpressions({ inlined }: Draft, loop: Extract<Instruction, { kind: 'loop' }>): void {
  for (const value of loop.body.yields) inlined[value.id] = 0
  inlined[loop.condition.id] = 0
}

function considerInlining(
  draft: Draft,
  region: Region,
  loads: Set<number>,
  instruction: Instruction,
  result: Value,
  mostDepth: number,
): void {
  const { inlined, depth } = draft
  let deepest = 0
  let reads = instruction.kind === 'load' && !instruction.constant
  for (const { id } of operands(instruction)) {
    if (inlined[id] === 0) continue
    if (depth[id]! > deepest) deepest = depth[id]!
    if (loads.size > 0) reads = loads.delete(id) || reads
  }
  const once = draft.uses[result.id] === 1 && draft.useRegion[result.id] === region
  if (!once || deepest >= mostDepth) return
  inlined[result.id] = 1
  depth[result.id] = deepest + 1
  draft.definition[result.id] = instruction
  if (reads) loads.add(result.id)
}

/**
 * Nothing moves: a value is part of an expression only if between it and its use stand no others than parts of the same
 * expression. `pending` are such, in the order in which they would come to lie on the stack.
 */
function* chooseInOrder(draft: Draft, region: Region): Nested {
  const { inlined } = draft
  const pending: number[] = []
  const settle = () => {
    for (const id of pending) inlined[id] = 0
    pending.length = 0
  }
  for (const instruction of region.instructions) {
    if (instruction.kind === 'const') draft.constants[instruction.result.id] = instruction
    if (instruction.kind === 'const' || isUnused(draft, instruction)) continue
    const parts = operands(instruction).filter(({ id }) => inlined[id] === 1)
    const first = pending.length - parts.length
    if (parts.every(({ id }, k) => pending[first + k] === id)) pending.length = first
    else settle()
    if (becomesPart(draft, region, instruction)) {
      pending.push(instruction.result.id)
      continue
    }
    settle()
    const depth = standsSideBySide(instruction) ? 0 : MAX_DEPTH
    for (const inner of regions(instruction)) yield chooseInlined(draft, inner, depth)
  }
  for (const value of region.yields) inlined[value.id] = 0
  settle()
}

function isUnused(draft: Draft, instruction: Instruction): boolean {
  if (isCompound(instruction) || instruction.kind === 'store' || !isDroppable(draft, instruction))
    return false
  return !instruction.result || draft.uses[instruction.result.id] === 0
}

type Expression = Extract<Instruction, { kind: 'op' | 'load' }>

function becomesPart(draft: Draft, region: Region, instruction: Instruction): instruction is Expression {
  if (instruction.kind !== 'op' && instruction.kind !== 'load') return false
  const { inlined, depth, uses, useRegion } = draft
  const { id } = instruction.result
  const parts = operands(instruction).map(value => (inlined[value.id] === 1 ? depth[value.id]! : 0))
  const deepest = Math.max(0, ...parts)
  if (uses[id] !== 1 || useRegion[id] !== region || deepest >= MAX_DEPTH) return false
  inlined[id] = 1
  depth[id] = deepest + 1
  draft.definition[id] = instruction
  return true
}
