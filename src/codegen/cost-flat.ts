/**
 * The instructions of a region one after another, with what each waits for, as arrays of numbers.
 *
 * Comes in: a region. Goes out: slots, latencies and operands by position, ready to be run through again and again
 * by the machine of cost-loop. A stage of its own: instructions are looked at once, however many turns are tried.
 *
 * Both regions of an `if` count half; what calls an exceptional case counts nothing.
 */
import { BRANCH, type Cost, costOfOperation, LOAD, MISPREDICTED, STORE } from './cost-instruction.ts'
import type { Instruction, Region, Value } from './kernel.ts'
import { type Compound, everyInstruction, isCompound, isRare, operands, type Plain } from './regions.ts'
import { wrapFinder } from './wraps.ts'

export interface Flat {
  readonly slots: Float64Array
  readonly floats: Float64Array
  readonly latency: Float64Array
  /** Operands of instruction i: `operands[starts[i]]` to before `operands[starts[i + 1]]`; what never waits is left out. */
  readonly starts: Int32Array
  readonly operands: Int32Array
  /** Position of the instruction that defines a value; parameters have negative ones, from -1 down. */
  readonly positionOf: (value: Value) => number | undefined
}

export type CostOfCall = (name: string) => Cost

interface Frame {
  readonly region: Region
  readonly weight: number
  /** When the region is done. */
  readonly leave: (() => void) | undefined
  next: number
  /** The instruction before `next` is a call that is inlined side by side with the one before it. */
  standsBeside: boolean
}

/** What the second of two calls costs that are inlined side by side, as a part of its cost. */
const BESIDE = 0.7

function canStandBeside(first: Instruction | undefined, second: Instruction): boolean {
  if (second.kind !== 'call' || first?.kind !== 'call') return false
  return (
    first.result?.type === 'v128' && second.result?.type === 'v128' && !second.args.includes(first.result)
  )
}

interface Flattening {
  readonly slots: number[]
  readonly floats: number[]
  readonly latency: number[]
  readonly starts: number[]
  readonly operands: number[]
  readonly positions: Map<Value, number>
  readonly wrapOf: ReturnType<typeof wrapFinder> | undefined
  readonly costOfCall: CostOfCall
}

/** `isLoop`: the parameters are carried from turn to turn. */
export function flatten(
  region: Region,
  parameters: readonly Value[],
  costOfCall: CostOfCall,
  isLoop = false,
): Flat {
  const positions = new Map<Value, number>()
  for (let i = 0; i < parameters.length; i++) positions.set(parameters[i]!, -1 - i)
  const made: Flattening = {
    ...{ slots: [], floats: [], latency: [], starts: [0], operands: [], positions },
    ...{ wrapOf: isLoop ? wrapFinder(new Map()) : undefined, costOfCall },
  }
  const stack: Frame[] = [{ region, weight: 1, leave: undefined, next: 0, standsBeside: false }]
  for (let top = stack.at(-1); top; top = stack.at(-1)) {
    const compound = appendPlain(made, top)
    if (compound) for (const inner of enter(made, compound, top.weight)) stack.push(inner)
    else {
      stack.pop()
      top.leave?.()
    }
  }
  return {
    slots: new Float64Array(made.slots),
    floats: new Float64Array(made.floats),
    latency: new Float64Array(made.latency),
    starts: new Int32Array(made.starts),
    operands: new Int32Array(made.operands),
    positionOf: value => positions.get(value),
  }
}

/** Goes on to the next compound, or to the end. */
function appendPlain(made: Flattening, top: Frame): Compound | undefined {
  const { instructions } = top.region
  while (top.next < instructions.length) {
    const instruction = instructions[top.next++]!
    if (isCompound(instruction)) {
      top.standsBeside = false
      return instruction
    }
    top.standsBeside = !top.standsBeside && canStandBeside(instructions[top.next - 2], instruction)
    append(made, instruction, top.standsBeside ? BESIDE * top.weight : top.weight)
  }
  return undefined
}

function append(made: Flattening, instruction: Plain, weight: number): void {
  // Constants wait nowhere, and are mostly part of what uses them.
  if (instruction.kind === 'const') return
  const { slots, float, latency } = costOf(made, instruction)
  // Becomes a branch that is guessed.
  const wrap = made.wrapOf?.(instruction)
  const position = startPush(made, slots * weight, float * weight, wrap ? 0 : latency)
  if (wrap) pushOperand(made, wrap.x)
  else {
    const used = operands(instruction)
    for (let k = 0; k < used.length; k++) pushOperand(made, used[k]!)
  }
  made.starts.push(made.operands.length)
  if (instruction.kind !== 'store' && instruction.result) made.positions.set(instruction.result, position)
}

function push(
  made: Flattening,
  { slots, float, latency }: Cost,
  used: readonly Value[],
  defined: readonly Value[],
): void {
  const position = startPush(made, slots, float, latency)
  for (const value of used) pushOperand(made, value)
  made.starts.push(made.operands.length)
  for (const value of defined) made.positions.set(value, position)
}

function startPush(made: Flattening, slots: number, float: number, latency: number): number {
  made.floats.push(float)
  made.latency.push(latency)
  return made.slots.push(slots) - 1
}

function pushOperand(made: Flattening, value: Value): void {
  const at = made.positions.get(value)
  if (at !== undefined) made.operands.push(at)
}

function costOf({ costOfCall }: Flattening, instruction: Plain): Cost {
  switch (instruction.kind) {
    case 'op':
      return costOfOperation(instruction.op)
    case 'call':
      return costOfCall(instruction.function)
    case 'load':
      return LOAD
    case 'store':
      return STORE
    default:
      return BRANCH
  }
}

/** Frames for the regions of a compound, the first to run last. */
function enter(made: Flattening, instruction: Compound, weight: number): Frame[] {
  const frame = (region: Region, part: number, leave?: () => void): Frame => ({
    ...{ region, weight: weight * part, leave, next: 0, standsBeside: false },
  })
  if (instruction.kind === 'loop') {
    for (const [i, value] of instruction.carried.entries()) alias(made, value, instruction.initial[i]!)
    const leave = () => {
      for (const [i, value] of instruction.results.entries()) alias(made, value, instruction.body.yields[i]!)
    }
    return [frame(instruction.body, TURNS, leave)]
  }
  const both = [instruction.thenRegion, instruction.elseRegion] as const
  // Without results it is the end of a ring, which is seldom met.
  const isSeldom = instruction.results.length === 0
  const rare = both.map((region, k) => isSeldom || (k === 1 && instruction.isGuard) || hasRareCall(region))
  const branch = rare[0] || rare[1] ? BRANCH.slots : BRANCH.slots + MISPREDICTED.slots
  push(made, { ...BRANCH, slots: branch * weight }, [instruction.condition], [])
  const leave = () => {
    for (const [i, value] of instruction.results.entries()) {
      const yields = both.filter((_, k) => !rare[k]).map(region => region.yields[i]!)
      push(made, NOTHING, yields, [value])
    }
  }
  const part = (k: 0 | 1) => (isSeldom || rare[k] ? 0 : rare[1 - k] ? 1 : 0.5)
  return [frame(both[1], part(1), leave), frame(both[0], part(0))]
}

const NOTHING: Cost = { slots: 0, float: 0, latency: 0 }

/** Of a loop inside. */
const TURNS = 4

const hasRareCall = (region: Region): boolean =>
  everyInstruction(region).some(i => i.kind === 'call' && isRare(i.function))

function alias({ positions }: Flattening, value: Value, from: Value): void {
  const at = positions.get(from)
  if (at !== undefined) positions.set(value, at)
}
