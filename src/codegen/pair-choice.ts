/**
 * Which candidates pay, of two or four lanes.
 *
 * Comes in: pairs, and fours made of them. Goes out: those that save more than it costs to bring values into vectors
 * and out again, and how much. A stage of its own: it is a search among estimates (lane-costs), and cannot make a
 * program wrong. A four becomes two pairs, and a pair is dropped, when its neighbourhood is no dearer without it.
 */
import type { Instruction, Value } from './kernel.ts'
import {
  bringing,
  type CostOfCall,
  isBroughtAlone,
  type Place,
  type Surroundings,
  saving,
  taking,
} from './lane-costs.ts'
import { type Candidate, operandsOf, type PairingContext, valuesOf } from './pair-candidates.ts'
import { valuesUsed } from './regions.ts'

export interface PairChoice {
  readonly chosen: readonly Candidate[]
  /** Instructions saved in one turn of the loop. */
  readonly gain: number
}

/** Who reads a value: an instruction, or the loop's end for the next turn. */
interface Use {
  /** What the user makes of it: its result, or the carried value of the next turn. */
  readonly result: Value | undefined
  readonly operand: number
  readonly isStore: boolean
}

/** A candidate with what is asked of it again and again. */
interface Group {
  readonly candidate: Candidate
  /** Of a four, the groups of its pairs. */
  readonly halves: readonly number[]
  readonly values: readonly Value[]
  readonly operands: readonly (readonly Value[])[]
  readonly saving: number
  /** What it reads, and what reads it. */
  readonly related: readonly Value[]
}

interface Model extends Surroundings {
  readonly groups: readonly Group[]
  readonly uses: ReadonlyMap<Value, readonly Use[]>
  /** Where values lie now. */
  readonly places: Map<Value, Place>
}

export function choosePairs(
  context: PairingContext,
  pairs: readonly Candidate[],
  fours: readonly Candidate[],
  costOfCall: CostOfCall,
): PairChoice {
  const model = createModel(context, pairs, fours, costOfCall)
  const inFours = new Set(model.groups.flatMap(group => group.halves))
  for (const index of model.groups.keys()) if (!inFours.has(index)) place(model, index)
  dropDear(model, inFours)
  const gains = new Map<number, number>()
  const component = components(model)
  for (const [index, root] of component) gains.set(root, (gains.get(root) ?? 0) - cost(model, index))
  const chosen: Candidate[] = []
  for (const [index, root] of component) {
    if (gains.get(root)! > 0.5) chosen.push(model.groups[index]!.candidate)
  }
  const gain = [...gains.values()].filter(g => g > 0.5).reduce((sum, g) => sum + g, 0)
  return { chosen, gain }
}

function createModel(
  context: PairingContext,
  pairs: readonly Candidate[],
  fours: readonly Candidate[],
  costOfCall: CostOfCall,
): Model {
  const { graph, loop } = context
  const carried = new Set(loop.carried)
  const uses = findUses(context)
  const indexOf = new Map(pairs.map((pair, i) => [pair, i]))
  const places = new Map<Value, Place>()
  const isConstant = (value: Value) => context.constantOf(value) !== undefined
  const groups = [...pairs, ...fours].map((candidate): Group => {
    const { kind, members } = candidate
    const values = valuesOf(context, candidate)
    const operands = operandsOf(context, candidate)
    const users = values.flatMap(value => uses.get(value) ?? []).map(use => use.result)
    const related = new Set([...operands.flat(), ...users.filter(user => user !== undefined)])
    return {
      ...{ candidate, values, operands, related: [...related] },
      halves: candidate.halves?.map(pair => indexOf.get(pair)!) ?? [],
      saving:
        kind === 'carried'
          ? 0.2 * (members.length - 1)
          : saving(graph.instructions[members[0]!]!, members.length, costOfCall, isConstant),
    }
  })
  return {
    ...{ groups, uses, places },
    placeOf: value => places.get(value),
    isChanging: value => graph.definedAt.has(value) || carried.has(value),
    isLoad: value => graph.instructions[graph.definedAt.get(value) ?? -1]?.kind === 'load',
  }
}

function findUses({ graph, loop }: PairingContext): Map<Value, Use[]> {
  const uses = new Map<Value, Use[]>()
  const add = (value: Value, use: Use) => {
    const list = uses.get(value)
    if (list) list.push(use)
    else uses.set(value, [use])
  }
  for (const instruction of graph.instructions) {
    const result = resultOf(instruction)
    const isStore = instruction.kind === 'store'
    for (const [operand, value] of valuesUsed(instruction).entries()) {
      add(value, { result, operand, isStore: isStore && operand === 1 })
    }
  }
  for (const [i, value] of loop.body.yields.entries()) {
    add(value, { result: loop.carried[i], operand: 0, isStore: false })
  }
  add(loop.condition, { result: undefined, operand: 0, isStore: false })
  return uses
}

const resultOf = (instruction: Instruction): Value | undefined =>
  instruction.kind === 'op' || instruction.kind === 'call' ? instruction.result : undefined

function place({ groups, places }: Model, group: number): void {
  for (const [lane, value] of groups[group]!.values.entries()) places.set(value, { group, lane })
}

function unplace({ groups, places }: Model, group: number): void {
  for (const value of groups[group]!.values) places.delete(value)
}

const isPlaced = ({ groups, places }: Model, group: number): boolean =>
  places.get(groups[group]!.values[0]!)?.group === group

/** Makes groups smaller until each is worth it to those around it. */
function dropDear(model: Model, inFours: ReadonlySet<number>): void {
  // A set visits again what is removed and added while it is walked.
  const pending = new Set([...model.groups.keys()].filter(index => !inFours.has(index)))
  for (const index of pending) {
    pending.delete(index)
    if (!isPlaced(model, index)) continue
    const around = neighbours(model, index)
    const sum = (own: readonly number[]) =>
      [...own, ...around].reduce((total, i) => total + cost(model, i), 0)
    const before = sum([index])
    const { halves } = model.groups[index]!
    unplace(model, index)
    for (const half of halves) place(model, half)
    if (sum(halves) > before) place(model, index)
    else for (const other of [...halves, ...around]) pending.add(other)
  }
}

function neighbours({ groups, places }: Model, index: number): number[] {
  const found = new Set<number>()
  for (const value of groups[index]!.related) {
    const at = places.get(value)
    if (at && at.group !== index) found.add(at.group)
  }
  return [...found]
}

/** What a group costs, less what it saves. */
function cost(model: Model, index: number): number {
  const group = model.groups[index]!
  let total = -group.saving
  for (const values of group.operands) total += bringing(model, values)
  for (const [lane, value] of group.values.entries()) total += costOfTaking(model, value, lane)
  return total
}

function costOfTaking(model: Model, value: Value, lane: number): number {
  const { uses, places, groups } = model
  let isNeeded = false
  let onlyStored = true
  for (const { result, operand, isStore } of uses.get(value) ?? []) {
    const user = result && places.get(result)
    if (user && !isBroughtAlone(model, groups[user.group]!.operands[operand]!, user.lane)) continue
    isNeeded = true
    onlyStored &&= isStore
  }
  return isNeeded ? taking(value, lane, onlyStored) : 0
}

/** The groups in place, each with one of those it is connected to. */
function components(model: Model): Map<number, number> {
  const root = new Map<number, number>()
  for (const start of model.groups.keys()) {
    if (root.has(start) || !isPlaced(model, start)) continue
    const pending = [start]
    for (let index = pending.pop(); index !== undefined; index = pending.pop()) {
      if (root.has(index)) continue
      root.set(index, start)
      pending.push(...neighbours(model, index))
    }
  }
  return root
}
