/**
 * Two frames in one turn of the frame loop.
 *
 * Comes in: the loop over the frames of a block. Goes out: a loop over pairs of frames, and what runs the last
 * frame of an odd block. It gains nothing by itself; it puts what two frames do side by side, so that what does not
 * depend on the frame before can be computed in pairs.
 *
 * Only loops are taken that end when a counter, the first carried value, reaches a limit.
 */
import { FunctionBuilder } from './builder.ts'
import { copyInstructions } from './inline.ts'
import type { Instruction, Region, Value } from './kernel.ts'
import { definitions } from './regions.ts'
import { CHANNELS } from './to-kernel-compute.ts'
import { ValueMap } from './value-map.ts'

export type Loop = Extract<Instruction, { kind: 'loop' }>

/** Values and what they are in another frame. */
export type Twins = Pick<ReadonlyMap<Value, Value>, 'get' | 'size'>

export interface Unrolled {
  /** The loop over pairs of frames, to be replaced in `instructions` by something that does the same. */
  readonly loop: Loop
  /** What stands in place of the old loop. */
  readonly instructions: (loop: readonly Instruction[]) => readonly Instruction[]
  /** Values of the first frame and what they are in the second. */
  readonly twin: Twins
  readonly nextId: number
}

export interface Counter {
  readonly step: Value
  readonly limit: Value
}

/** counter' = counter + step; go on while counter' < limit. `anyStep` if the step may be a constant of the body. */
export function findCounter(loop: Loop, anyStep = false): Counter | undefined {
  const [counter] = loop.carried
  const [following] = loop.body.yields
  const inside = new Set(loop.carried)
  let test: Op | undefined
  let increment: Op | undefined
  for (const instruction of loop.body.instructions) {
    if (anyStep && instruction.kind === 'const') continue
    for (const value of definitions(instruction)) inside.add(value)
    if (instruction.kind !== 'op') continue
    if (instruction.result === loop.condition) test = instruction
    if (instruction.result === following) increment = instruction
  }
  if (test?.op !== 'i32.lt_u' || increment?.op !== 'i32.add') return undefined
  const [tested, limit] = test.args
  const step = increment.args.find(a => a !== counter)
  const isOutside = (value: Value) => !inside.has(value)
  if (tested !== following || !increment.args.includes(counter!) || !step || !limit) return undefined
  return isOutside(step) && isOutside(limit) ? { step, limit } : undefined
}

type Op = Extract<Instruction, { kind: 'op' }>

export function unroll(loop: Loop, firstId: number): Unrolled | undefined {
  const counter = findCounter(loop)
  if (!counter) return undefined
  const { step, limit } = counter
  const b = new FunctionBuilder(firstId)
  const [results, middle] = [loop.results, loop.results].map(list => list.map(r => b.parameter(r.type)))
  const first = b.parameter('i32').id
  const second = copyFrame(loop, loop.body.yields, first)
  // The frame that may be left over is only written if this way is taken; it has as many values as the second.
  const last = () => copyFrame(loop, middle!, second.nextId)
  const c = new FunctionBuilder(2 * second.nextId - first)
  const canGoOn = (counted: Value) => c.op('i32.lt_u', counted, limit)
  const [condition, atEnd] = collect(c, () => canGoOn(c.op('i32.add', second.yields[0]!, step)))
  const [hasTwo, head] = collect(c, () => canGoOn(c.op('i32.add', loop.initial[0]!, step)))
  const [isLeft, test] = collect(c, () => canGoOn(middle![0]!))
  const instructions = [...loop.body.instructions, ...second.instructions, ...atEnd]
  const double: Loop = {
    ...loop,
    results: results!,
    body: { instructions, yields: second.yields },
    condition,
    isPiece: false,
  }
  const either = (
    value: Value,
    list: readonly Value[],
    then: Region,
    otherwise: readonly Value[],
  ): Instruction => ({
    kind: 'if',
    results: list,
    condition: value,
    thenRegion: then,
    elseRegion: { instructions: [], yields: otherwise },
  })
  const replace = (inner: readonly Instruction[]): Instruction[] => [
    ...head,
    either(hasTwo, middle!, { instructions: inner, yields: results! }, loop.initial),
    ...test,
    either(isLeft, loop.results, last(), middle!),
  ]
  return { loop: double, instructions: replace, twin: second.names, nextId: c.parameter('i32').id }
}

function collect(b: FunctionBuilder, make: () => Value): [Value, readonly Instruction[]] {
  b.open()
  const value = make()
  return [value, b.close()]
}

interface Frame extends Region {
  readonly names: ValueMap<Value>
  readonly nextId: number
}

/** A copy of the body that starts from `carried`. */
function copyFrame(loop: Loop, carried: readonly Value[], firstId: number): Frame {
  const names = new ValueMap<Value>(firstId)
  for (const [i, value] of loop.carried.entries()) names.set(value, carried[i]!)
  const { instructions, nextId } = copyInstructions(loop.body, names, firstId)
  const channels = `${CHANNELS} 2`
  const moved = instructions.map(i =>
    (i.kind === 'load' || i.kind === 'store') && i.space === CHANNELS ? { ...i, space: channels } : i,
  )
  return { instructions: moved, yields: loop.body.yields.map(v => names.get(v) ?? v), names, nextId }
}
