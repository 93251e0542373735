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

export function costOfLoop(loop: Loop, costOfCall: CostOfCall, machine: Machine = FITTED): LoopCost {
  const flat = flatten(loop.body, loop.carried, costOfCall, true)
  const next = loop.body.yields.map(value => flat.positionOf(value))
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

const total = (list: Float64Array) => list.reduce((sum, value) => sum + value, 0)

/** Values that find no register: beyond those that there are when they are computed. */
export function spills(loop: Loop, registers: number): number {
  const last = new Map<Value, number>()
  const used = loop.body.instructions
  for (const [i, instruction] of used.entries()) for (const value of operands(instruction)) last.set(value, i)
  for (const value of loop.body.yields) last.set(value, used.length)
  let live = loop.carried.filter(isFloat).length
  let count = Math.max(0, live - registers)
  const ending = new Map<number, number>()
  const end = (value: Value) => {
    const at = last.get(value) ?? -1
    ending.set(at, (ending.get(at) ?? 0) + 1)
  }
  for (const value of loop.carried) if (isFloat(value)) end(value)
  for (const [i, instruction] of used.entries()) {
    live -= ending.get(i) ?? 0
    for (const value of definitions(instruction)) {
      if (!isFloat(value) || (last.get(value) ?? i) <= i) continue
      live++
      end(value)
      if (live > registers) count++
    }
  }
  return count
}

const isFloat = ({ type }: Value) => type === 'f32' || type === 'f64' || type === 'v128'

/** Cycles from turn to turn, the first ones left out. */
function perTurn(
  flat: Flat,
  next: readonly (number | undefined)[],
  turns: number,
  machine?: Machine,
): number {
  const run = startMachine(flat, machine)
  let carried = new Float64Array(next.length)
  const half = turns >> 1
  let [middle, end] = [0, 0]
  for (let turn = 0; turn < turns; turn++) {
    const { left, ready } = run(carried)
    end = left
    const before = carried
    carried = Float64Array.from(next, at => (at === undefined ? 0 : at < 0 ? before[-1 - at]! : ready[at]!))
    if (turn === half - 1) middle = end
  }
  return (end - middle) / (turns - half)
}

interface Run {
  /** When the last instruction leaves. */
  readonly left: number
  /** When results are there, by instruction. */
  readonly ready: Float64Array
}

/** Gives what runs through all instructions once more; without a machine, all that is waited for is operands. */
function startMachine(flat: Flat, machine?: Machine): (carried: Float64Array) => Run {
  const { slots, floats, latency, starts, operands } = flat
  const ready = new Float64Array(slots.length)
  // What has entered: slots up to it, and when it leaves. Old ones are written over when the window has passed them.
  const size = slots.length
  const enteredAt = new Float64Array(2 * size)
  const leavesAt = new Float64Array(2 * size)
  let [oldest, newest, entered, left, clock, floatClock] = [0, 0, 0, 0, 0, 0]
  const enter = (i: number, { width, floats: floatWidth, window }: Machine): number => {
    entered += slots[i]!
    clock += slots[i]! / width
    floatClock = Math.max(floatClock, clock - window / width / 2) + floats[i]! / floatWidth
    for (; oldest < newest && entered - enteredAt[oldest % (2 * size)]! > window; oldest++)
      clock = Math.max(clock, leavesAt[oldest % (2 * size)]!)
    if (newest - oldest >= 2 * size) oldest++
    return floats[i]! > 0 ? Math.max(clock, floatClock) : clock
  }
  return carried => {
    for (let i = 0; i < size; i++) {
      let start = machine ? enter(i, machine) : 0
      for (let k = starts[i]!; k < starts[i + 1]!; k++) {
        const at = operands[k]!
        start = Math.max(start, at < 0 ? carried[-1 - at]! : ready[at]!)
      }
      ready[i] = start + latency[i]!
      left = Math.max(left, ready[i]!)
      enteredAt[newest % (2 * size)] = entered
      leavesAt[newest++ % (2 * size)] = left
    }
    return { left, ready }
  }
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
  const { ready } = startMachine(flat)(new Float64Array(parameterCount))
  return yields.reduce((most, value) => Math.max(most, ready[flat.positionOf(value) ?? -1] ?? 0), 0)
}
