/**
 * Decides, for one kernel function, what is emitted where: which values are unused, which become part of the
 * expression that uses them, and which need a local.
 *
 * A stage of its own because the decision needs uses that come later than the definition, while emission
 * goes forwards.
 */
import type { Instruction, KernelFunction, Region, Value } from './kernel.ts'
import { type Nested, runNested } from './nested.ts'
import { definitions, operands, regions } from './regions.ts'

export interface EmitPlan {
  /** How often a value will be read, by id; 0 for what need not be computed. */
  readonly uses: readonly number[]
  /** Values computed at their only use, by id. */
  readonly inlined: readonly boolean[]
  /** Constants, written again at each use, by id. */
  readonly constants: ReadonlyMap<number, Extract<Instruction, { kind: 'const' }>>
  /** Definitions of inlined values, by id. */
  readonly definition: ReadonlyMap<number, Instruction>
}

/** Keeps expressions shallow enough for binaryen's and V8's recursion. */
const MAX_DEPTH = 50

interface Draft {
  readonly pure: ReadonlySet<string>
  readonly uses: number[]
  readonly inlined: boolean[]
  readonly constants: Map<number, Extract<Instruction, { kind: 'const' }>>
  readonly definition: Map<number, Instruction>
  /** Region of the last seen use, by value id; right for values used once. */
  readonly useRegion: (Region | undefined)[]
}

export function planEmission(f: KernelFunction, pure: ReadonlySet<string>): EmitPlan {
  const draft: Draft = {
    pure,
    uses: [],
    inlined: [],
    constants: new Map(),
    definition: new Map(),
    useRegion: [],
  }
  runNested(countUses(draft, f.body, f.body.yields))
  runNested(chooseInlined(draft, f.body))
  return draft
}

function use(draft: Draft, value: Value, region: Region): void {
  draft.uses[value.id] = (draft.uses[value.id] ?? 0) + 1
  draft.useRegion[value.id] = region
}

/** Whether dropping the instruction changes nothing when its result is not read. */
function droppable(draft: Draft, instruction: Instruction): boolean {
  switch (instruction.kind) {
    case 'const':
    case 'op':
    case 'load':
      return true
    case 'call':
      return draft.pure.has(instruction.function)
    default:
      return false
  }
}

/** Backwards, so that what is only read by unused values is unused too. */
function* countUses(draft: Draft, region: Region, yields: readonly Value[]): Nested {
  for (const value of yields) use(draft, value, region)
  for (let i = region.instructions.length - 1; i >= 0; i--) {
    const instruction = region.instructions[i]!
    const used = definitions(instruction).some(v => draft.uses[v.id])
    if (!used && droppable(draft, instruction)) continue
    if (instruction.kind === 'if') {
      const live = (_: Value, at: number) => Boolean(draft.uses[instruction.results[at]!.id])
      yield countUses(draft, instruction.thenRegion, instruction.thenRegion.yields.filter(live))
      yield countUses(draft, instruction.elseRegion, instruction.elseRegion.yields.filter(live))
    } else if (instruction.kind === 'loop') {
      yield countUses(draft, instruction.body, [...instruction.body.yields, instruction.condition])
    }
    for (const value of operands(instruction)) use(draft, value, region)
  }
}

/** What waits to be computed at its use, within one region. */
interface Waiting {
  /** Nesting of the expression so far, by value id. */
  readonly depth: Map<number, number>
  /** Values whose expression reads memory that may be written. */
  readonly loads: Set<number>
}

function* chooseInlined(draft: Draft, region: Region): Nested {
  const waiting: Waiting = { depth: new Map(), loads: new Set() }
  for (const instruction of region.instructions) {
    const [result] = definitions(instruction)
    if (instruction.kind === 'const') draft.constants.set(instruction.result.id, instruction)
    else if (droppable(draft, instruction)) {
      if (draft.uses[result!.id]) considerInlining(draft, region, waiting, instruction, result!)
    } else {
      for (const value of operands(instruction)) waiting.loads.delete(value.id)
      // What reads memory must be computed before this instruction changes it.
      for (const id of waiting.loads) draft.inlined[id] = false
      waiting.loads.clear()
      for (const inner of regions(instruction)) yield chooseInlined(draft, inner)
    }
    // The parallel assignment at the end of a loop body must not read what it has just assigned.
    if (instruction.kind === 'loop') keepOutOfExpressions(draft, instruction)
  }
}

function keepOutOfExpressions(draft: Draft, loop: Extract<Instruction, { kind: 'loop' }>): void {
  for (const value of [...loop.body.yields, loop.condition]) draft.inlined[value.id] = false
}

function considerInlining(
  draft: Draft,
  region: Region,
  waiting: Waiting,
  instruction: Instruction,
  result: Value,
): void {
  let depth = 1
  let loads = instruction.kind === 'load' && !instruction.constant
  for (const { id } of operands(instruction)) {
    if (!draft.inlined[id]) continue
    depth = Math.max(depth, 1 + (waiting.depth.get(id) ?? 0))
    loads = waiting.loads.delete(id) || loads
  }
  const once = draft.uses[result.id] === 1 && draft.useRegion[result.id] === region
  if (!once || depth > MAX_DEPTH) return
  draft.inlined[result.id] = true
  draft.definition.set(result.id, instruction)
  waiting.depth.set(result.id, depth)
  if (loads) waiting.loads.add(result.id)
}
