/**
 * How long a turn of a loop takes: a small model of a processor that executes out of order.
 *
 * Comes in: an innermost loop. Goes out: cycles a turn. Instructions enter in program order, so many a cycle, into a
 * window of limited size; each starts when its operands are there and leaves when all before it have left. That one
 * model gives what instructions cost where there are many of them, what a recurrence costs where it is all that
 * there is to wait for, and what lies between, when a window holds too little beside the recurrence.
 *
 * Hennessy and Patterson, Computer Architecture, 6th ed., 3.4-3.10, on reorder buffers and the limits of windows.
 */
import { type CostOfCall, type Flat, flatten } from './cost-flat.ts'
import { CALL, type Cost } from './cost-instruction.ts'
import type { KernelFunction, Region, Value } from './kernel.ts'
import { profileOf } from './per-function.ts'
import { definitions, operands } from './regions.ts'
import type { Loop } from './unroll.ts'

export interface Machine {
  /** Slots that enter in a cycle, and what there is of them for floats and vectors. */
  readonly width: number
  readonly floats: number
  /** Slots between the first that has not left and the last that has entered. */
  readonly window: number
  /** Values of a kind that stay in registers. */
  readonly registers: number
  /** What a value costs that does not. */
  readonly spill: number
}

/** As fitted: what is waited for is partly in the throughput. */
const FITTED: Machine = { width: 3.4, floats: 1.7, window: 200, registers: 26, spill: 0.9 }

/** What is left of a function where it is inlined: constants and conversions are shared. */
const INLINED = 0.85

/** Turns and instructions that are enough to see what a turn takes. */
const LEAST_TURNS = 4
const MOST_TURNS = 24
const ENOUGH = 800

export interface LoopCost {
  /** Cycles of a turn. */
  readonly cycles: number
  /** The same if nothing were carried from turn to turn. */
  readonly throughput: number
  /** The same if there were registers for all values, too. */
  readonly unspilled: number
  /** The same if only what is carried from turn to turn counted. */
  readonly recurrence: () => number
}

const estimated = new WeakMap<Loop, LoopCost>()

/** Of what is in the same module: the functions it calls do not change. */
export function costOfLoop(loop: Loop, costOfCall: CostOfCall, machine: Machine = FITTED): LoopCost {
  const known = machine === FITTED ? estimated.get(loop) : undefined
  if (known) return known
  const found = estimate(loop, costOfCall, machine)
  if (machine === FITTED) estimated.set(loop, found)
  return found
}

function estimate(loop: Loop, costOfCall: CostOfCall, machine: Machine): LoopCost {
  const flat = flatten(loop.body, loop.carried, costOfCall, true)
  const next = sourcesOf(flat, loop.body.yields)
  const throughputOf = () => Math.max(total(flat.slots) / machine.width, total(flat.floats) / machine.floats)
  const unspilled = throughputOf()
  const spilled = spills(loop, machine.registers)
  flat.slots[flat.slots.length - 1]! += spilled * machine.spill
  const throughput = throughputOf()
  const turns = Math.max(LEAST_TURNS, Math.min(MOST_TURNS, Math.ceil(ENOUGH / (flat.slots.length + 1))))
  return {
    cycles: Math.max(throughput, perTurn(flat, next, turns, machine)),
    throughput,
    unspilled,
    recurrence: () => perTurn(flat, next, turns),
  }
}

function total(list: Float64Array): number {
  let sum = 0
  for (let i = 0; i < list.length; i++) sum += list[i]!
  return sum
}

/** Values that find no register: beyond those that there are when they are computed. */
export function spills({ body, carried }: Loop, registers: number): number {
  const { instructions, yields } = body
  const count = instructions.length
  const last = new Map<Value, number>()
  for (let i = 0; i < count; i++) {
    const used = operands(instructions[i]!)
    for (let k = 0; k < used.length; k++) last.set(used[k]!, i)
  }
  for (let k = 0; k < yields.length; k++) last.set(yields[k]!, count)
  // How many end at each instruction, or with the turn; what is never used ends nowhere.
  const ending = new Int32Array(count + 1)
  let live = 0
  for (let k = 0; k < carried.length; k++) {
    if (!isFloat(carried[k]!)) continue
    live++
    const end = last.get(carried[k]!)
    if (end !== undefined) ending[end]!++
  }
  let spilled = Math.max(0, live - registers)
  for (let i = 0; i < count; i++) {
    live -= ending[i]!
    const defined = definitions(instructions[i]!)
    for (let k = 0; k < defined.length; k++) {
      const end = isFloat(defined[k]!) ? (last.get(defined[k]!) ?? i) : i
      if (end <= i) continue
      ending[end]!++
      if (++live > registers) spilled++
    }
  }
  return spilled
}

const isFloat = ({ type }: Value) => type === 'f32' || type === 'f64' || type === 'v128'

/** Where values are computed; what does not depend on the loop is there at once, as what stands behind all others. */
const sourcesOf = (flat: Flat, values: readonly Value[]): Int32Array =>
  Int32Array.from(values, value => flat.positionOf(value) ?? flat.slots.length)

/** Cycles from turn to turn, the first ones left out; `next` says where carried values come from. */
function perTurn(flat: Flat, next: Int32Array, turns: number, machine?: Machine): number {
  const { ready, turn: run } = machine ? startMachine(flat, machine) : startWaiting(flat)
  let carried = new Float64Array(next.length)
  let before = new Float64Array(next.length)
  const half = turns >> 1
  let middle = 0
  let end = 0
  for (let turn = 0; turn < turns; turn++) {
    end = run(carried)
    const old = carried
    carried = before
    before = old
    for (let k = 0; k < next.length; k++) {
      const at = next[k]!
      carried[k] = at < 0 ? old[-1 - at]! : ready[at]!
    }
    if (turn === half - 1) middle = end
  }
  return (end - middle) / (turns - half)
}

interface Run {
  /** When results are there, by instruction, and 0. */
  readonly ready: Float64Array
  /** Runs through all instructions once more; gives when the last one leaves. */
  readonly turn: (carried: Float64Array) => number
}

/** When the operands of an instruction are there, and not before `start`. */
function startOf(
  { starts, operands }: Flat,
  i: number,
  ready: Float64Array,
  carried: Float64Array,
  start: number,
) {
  let latest = start
  for (let k = starts[i]!; k < starts[i + 1]!; k++) {
    const at = operands[k]!
    const there = at < 0 ? carried[-1 - at]! : ready[at]!
    if (there > latest) latest = there
  }
  return latest
}

/** All that is waited for is operands. */
function startWaiting(flat: Flat): Run {
  const { latency } = flat
  const ready = new Float64Array(latency.length + 1)
  let left = 0
  const turn = (carried: Float64Array): number => {
    for (let i = 0; i < latency.length; i++) {
      const done = startOf(flat, i, ready, carried, 0) + latency[i]!
      ready[i] = done
      if (done > left) left = done
    }
    return left
  }
  return { ready, turn }
}

function startMachine(flat: Flat, { width, floats: floatWidth, window }: Machine): Run {
  const { slots, floats, latency } = flat
  const ready = new Float64Array(slots.length + 1)
  // What has entered: slots up to it, and when it leaves. Old ones are written over when the window has passed them.
  const size = 2 * slots.length
  const enteredAt = new Float64Array(size)
  const leavesAt = new Float64Array(size)
  const lag = window / width / 2
  let oldest = 0
  let newest = 0
  let count = 0
  // Numbers that outlive a turn lie in an array: variables of a closure would each be made anew when they change.
  const kept = new Float64Array(4)
  const turn = (carried: Float64Array): number => {
    let [entered, left, clock, floatClock] = [kept[0]!, kept[1]!, kept[2]!, kept[3]!]
    for (let i = 0; i < slots.length; i++) {
      const float = floats[i]!
      entered += slots[i]!
      clock += slots[i]! / width
      floatClock = Math.max(floatClock, clock - lag) + float / floatWidth
      for (; count > 0 && entered - enteredAt[oldest]! > window; count--) {
        if (leavesAt[oldest]! > clock) clock = leavesAt[oldest]!
        oldest = oldest + 1 === size ? 0 : oldest + 1
      }
      if (count === size) oldest = oldest + 1 === size ? 0 : oldest + 1
      else count++
      const start = float > 0 && floatClock > clock ? floatClock : clock
      const done = startOf(flat, i, ready, carried, start) + latency[i]!
      ready[i] = done
      if (done > left) left = done
      enteredAt[newest] = entered
      leavesAt[newest] = left
      newest = newest + 1 === size ? 0 : newest + 1
    }
    kept.set([entered, left, clock, floatClock])
    return left
  }
  return { ready, turn }
}

/** Costs of calls: a function's instructions, and its longest chain from a parameter to the result. */
export function costsOfCalls(find: (name: string) => KernelFunction | undefined): CostOfCall {
  // Functions call few levels deep, and never themselves.
  const costOfCall = (name: string): Cost => {
    const f = find(name)
    return f ? costOfFunction(f, costOfCall) : CALL
  }
  return costOfCall
}

const remembered = new WeakMap<KernelFunction, Cost>()

function costOfFunction(f: KernelFunction, costOfCall: CostOfCall): Cost {
  const known = remembered.get(f)
  if (known) return known
  const flat = flatten(f.body, f.parameters, costOfCall)
  const { size, hasLoop } = profileOf(f)
  const call = size > 300 || hasLoop ? CALL : { slots: 0, latency: 0 }
  const made = {
    slots: call.slots + total(flat.slots) * INLINED,
    float: total(flat.floats) * INLINED,
    latency: call.latency + longestChain(flat, f.body, f.parameters.length),
  }
  remembered.set(f, made)
  return made
}

function longestChain(flat: Flat, { yields }: Region, parameterCount: number): number {
  const { ready, turn } = startWaiting(flat)
  turn(new Float64Array(parameterCount))
  return yields.reduce((most, value) => Math.max(most, ready[flat.positionOf(value) ?? -1] ?? 0), 0)
}
