/**
 * Which candidates pay, of two or four lanes.
 *
 * Comes in: pairs, and fours made of them. Goes out: those that save more than it costs to bring values into vectors
 * and out again, and how much. A stage of its own: it is a search among estimates (lane-costs), and cannot make a
 * program wrong. A four becomes two pairs, and a pair is dropped, when its neighbourhood is no dearer without it.
 */
import { bringing, type CostOfCall, isBroughtAlone, taking } from './lane-costs.ts'
import { type LaneModel, laneModel } from './lane-model.ts'
import type { Candidate, PairingContext } from './pair-candidates.ts'

export interface PairChoice {
  readonly chosen: readonly Candidate[]
  /** Instructions saved in one turn of the loop. */
  readonly gain: number
}

export function choosePairs(
  context: PairingContext,
  pairs: readonly Candidate[],
  fours: readonly Candidate[],
  costOfCall: CostOfCall,
): PairChoice {
  const model = laneModel(context, pairs, fours, costOfCall)
  const isJoined = new Uint8Array(model.groups.length)
  for (const { halves } of model.groups) for (const half of halves) isJoined[half] = 1
  const first = [...model.groups.keys()].filter(index => !isJoined[index])
  for (const index of first) place(model, index)
  dropDear(model, first)
  const chosen: Candidate[] = []
  let gain = 0
  for (const component of components(model)) {
    const saved = component.reduce((sum, index) => sum - cost(model, index), 0)
    if (saved <= 0.5) continue
    gain += saved
    // Pairs first, as they were found.
    for (const index of component.sort((a, b) => a - b)) chosen.push(model.groups[index]!.candidate)
  }
  return { chosen, gain }
}

function place({ groups, places }: LaneModel, index: number): void {
  const { values } = groups[index]!
  for (let lane = 0; lane < values.length; lane++) {
    places.group[values[lane]!] = index
    places.lane[values[lane]!] = lane
  }
}

function unplace({ groups, places }: LaneModel, index: number): void {
  for (const value of groups[index]!.values) places.group[value] = -1
}

const isPlaced = ({ groups, places }: LaneModel, index: number): boolean =>
  places.group[groups[index]!.values[0]!] === index

/** Makes groups smaller until each is worth it to those around it. */
function dropDear(model: LaneModel, first: readonly number[]): void {
  // A set visits again what is removed and added while it is walked.
  const pending = new Set(first)
  for (const index of pending) {
    pending.delete(index)
    if (!isPlaced(model, index)) continue
    const around = neighbours(model, index)
    const before = cost(model, index) + sum(model, around)
    const { halves } = model.groups[index]!
    unplace(model, index)
    for (const half of halves) place(model, half)
    if (sum(model, halves) + sum(model, around) > before) {
      place(model, index)
      continue
    }
    for (const other of halves) pending.add(other)
    for (const other of around) pending.add(other)
  }
}

function sum(model: LaneModel, indices: readonly number[]): number {
  let total = 0
  for (let k = 0; k < indices.length; k++) total += cost(model, indices[k]!)
  return total
}

/** Groups that compute what a group reads, or read what it computes. */
function neighbours({ groups, places, visited }: LaneModel, index: number): number[] {
  const found: number[] = []
  const stamp = ++visited.stamp
  visited.at[index] = stamp
  const { related } = groups[index]!
  for (let k = 0; k < related.length; k++) {
    const other = places.group[related[k]!]!
    if (other < 0 || visited.at[other] === stamp) continue
    visited.at[other] = stamp
    found.push(other)
  }
  return found
}

/** What a group costs, less what it saves. */
function cost(model: LaneModel, index: number): number {
  const { saving, operands, values } = model.groups[index]!
  let total = -saving
  for (let k = 0; k < operands.length; k++) total += bringing(model.places, operands[k]!)
  for (let lane = 0; lane < values.length; lane++) total += costOfTaking(model, values[lane]!, lane)
  return total
}

function costOfTaking({ uses, places, groups, isFloat }: LaneModel, value: number, lane: number): number {
  let isNeeded = false
  let onlyStored = true
  const list = uses[value]
  if (!list) return 0
  for (let k = 0; k < list.length; k++) {
    const { result, operand, isStore } = list[k]!
    const user = result < 0 ? -1 : places.group[result]!
    if (user >= 0 && !isBroughtAlone(places, groups[user]!.operands[operand]!, places.lane[result]!)) continue
    isNeeded = true
    onlyStored &&= isStore
  }
  return isNeeded ? taking(isFloat(value), lane, onlyStored) : 0
}

/** The groups in place, each with those it is connected to. */
function components(model: LaneModel): number[][] {
  const found: number[][] = []
  const done = new Uint8Array(model.groups.length)
  for (const start of model.groups.keys()) {
    if (done[start] || !isPlaced(model, start)) continue
    const component: number[] = []
    const pending = [start]
    for (let index = pending.pop(); index !== undefined; index = pending.pop()) {
      if (done[index]) continue
      done[index] = 1
      component.push(index)
      pending.push(...neighbours(model, index))
    }
    found.push(component)
  }
  return found
}
