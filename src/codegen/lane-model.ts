/**
 * A loop body as numbers, for the search among candidates.
 *
 * Comes in: a loop body and candidates. Goes out: for each candidate its values, operands and what reads it, by the ids
 * of values, and what it saves. A stage of its own: the search (pair-choice) asks the same thousands of times.
 */
import type { Instruction, Value } from './kernel.ts'
import { CHANGING, type CostOfCall, FLOAT, LOADED, type Places, saving } from './lane-costs.ts'
import { type Candidate, operandsOf, type PairingContext, valuesOf } from './pair-candidates.ts'
import { definitions, valuesUsed } from './regions.ts'

/** Who reads a value: an instruction, or the loop's end for the next turn. */
interface Use {
  /** What the user makes of it: its result, or the carried value of the next turn; -1 for none. */
  readonly result: number
  readonly operand: number
  readonly isStore: boolean
}

interface Group {
  readonly candidate: Candidate
  /** Of a four, the groups of its pairs. */
  readonly halves: readonly number[]
  /** Ids, by lane. */
  readonly values: Int32Array
  readonly operands: readonly Int32Array[]
  readonly saving: number
  /** Ids of what it reads, and of what is made of its values. */
  readonly related: readonly number[]
}

export interface LaneModel {
  readonly groups: readonly Group[]
  /** By id. */
  readonly uses: readonly (readonly Use[] | undefined)[]
  readonly places: Places
  readonly isFloat: (id: number) => boolean
  /** Marks of a walk over groups. */
  readonly visited: { stamp: number; readonly at: Int32Array }
}

export function laneModel(
  context: PairingContext,
  pairs: readonly Candidate[],
  fours: readonly Candidate[],
  costOfCall: CostOfCall,
): LaneModel {
  const size = idBound(context)
  const uses = findUses(context, size)
  const places = findTraits(context, size)
  const indexOf = new Map(pairs.map((pair, i) => [pair, i]))
  const groups = [...pairs, ...fours].map((candidate): Group => {
    const values = idsOf(valuesOf(context, candidate))
    const operands = operandsOf(context, candidate).map(idsOf)
    const halves = candidate.halves?.map(pair => indexOf.get(pair)!) ?? []
    const saving = savingOf(context, candidate, costOfCall)
    return { candidate, halves, values, operands, saving, related: relatedTo(values, operands, uses) }
  })
  return {
    ...{ groups, uses, places },
    isFloat: id => (places.traits[id]! & FLOAT) !== 0,
    visited: { stamp: 0, at: new Int32Array(groups.length) },
  }
}

function idsOf(values: readonly Value[]): Int32Array {
  const ids = new Int32Array(values.length)
  for (let lane = 0; lane < ids.length; lane++) ids[lane] = values[lane]!.id
  return ids
}

function savingOf(context: PairingContext, { kind, members }: Candidate, costOfCall: CostOfCall): number {
  if (kind === 'carried') return 0.2 * (members.length - 1)
  const isConstant = (value: Value) => context.constantOf(value) !== undefined
  return saving(context.graph.instructions[members[0]!]!, members.length, costOfCall, isConstant)
}

function relatedTo(values: Int32Array, operands: readonly Int32Array[], uses: LaneModel['uses']): number[] {
  const related = new Set<number>()
  for (const ids of operands) for (const id of ids) related.add(id)
  for (const value of values) {
    const list = uses[value]
    if (list) for (const { result } of list) if (result >= 0) related.add(result)
  }
  return [...related]
}

function findUses({ graph, loop }: PairingContext, size: number): (Use[] | undefined)[] {
  const uses = new Array<Use[] | undefined>(size).fill(undefined)
  const add = ({ id }: Value, use: Use) => {
    const list = uses[id]
    if (list) list.push(use)
    else uses[id] = [use]
  }
  for (const instruction of graph.instructions) {
    const result = resultOf(instruction)
    const isStore = instruction.kind === 'store'
    const used = valuesUsed(instruction)
    for (let operand = 0; operand < used.length; operand++) {
      add(used[operand]!, { result, operand, isStore: isStore && operand === 1 })
    }
  }
  const { yields } = loop.body
  for (let i = 0; i < yields.length; i++) {
    add(yields[i]!, { result: loop.carried[i]!.id, operand: 0, isStore: false })
  }
  add(loop.condition, { result: -1, operand: 0, isStore: false })
  return uses
}

function resultOf(instruction: Instruction): number {
  if (instruction.kind !== 'op' && instruction.kind !== 'call') return -1
  return instruction.result?.id ?? -1
}

const isFloat = ({ type }: Value) => type === 'f32' || type === 'f64'

function findTraits({ graph, loop }: PairingContext, size: number): Places {
  const traits = new Uint8Array(size)
  const set = (value: Value, trait: number) => {
    traits[value.id] = trait | (isFloat(value) ? FLOAT : 0)
  }
  // What comes from outside is only read.
  for (const instruction of graph.instructions) for (const value of valuesUsed(instruction)) set(value, 0)
  for (const value of [...loop.body.yields, loop.condition]) set(value, 0)
  for (const value of loop.carried) set(value, CHANGING)
  for (const instruction of graph.instructions) {
    const trait = CHANGING | (instruction.kind === 'load' ? LOADED : 0)
    for (const value of definitions(instruction)) set(value, trait)
  }
  return { group: new Int32Array(size).fill(-1), lane: new Uint8Array(size), traits }
}

/** Ids are below it. */
function idBound({ graph, loop }: PairingContext): number {
  let last = loop.condition.id
  const see = ({ id }: Value) => {
    if (id > last) last = id
  }
  for (const value of loop.carried) see(value)
  for (const value of loop.body.yields) see(value)
  for (const instruction of graph.instructions) {
    for (const value of valuesUsed(instruction)) see(value)
    for (const value of definitions(instruction)) see(value)
  }
  return last + 1
}
