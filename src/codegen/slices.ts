/**
 * Runs the parts of a long loop one after another, each over a piece of the block.
 *
 * Comes in: a module whose loops are in lanes. Goes out: the same; where the body of a loop over frames keeps more
 * vectors than a processor has registers, parts of it run on up to 64 frames before the next part does. A pass of its
 * own: a bank of 32 filters has its state in registers then, eight filters at a time, and short loops let a processor
 * work on several frames at once. What parts hand on goes through memory. Each sample has the bits it had.
 */
import { FunctionBuilder } from './builder.ts'
import { copyInstructions, type Names } from './inline.ts'
import type { Instruction, KernelFunction, KernelModule, Value } from './kernel.ts'
import { memoryOrder, operationsOf } from './memory-order.ts'
import { replaceLoop, workOf } from './pairs.ts'
import { pureFunctions } from './per-function.ts'
import { definitions, everyInstruction, freshId, operands, valuesUsed } from './regions.ts'
import { planSlices, type Slice, type SlicePlan } from './slice-plan.ts'
import { type Counter, findCounter, type Loop } from './unroll.ts'

export interface SliceLimits {
  /** Work of a part, in instructions. */
  readonly size: number
  /** Floats and vectors that a loop carries which is cut, at least, and as a part of its work. */
  readonly carried: number
  readonly part: number
  /** Most of what is carried that one part may keep. */
  readonly most: number
}

/** Frames of a piece. */
const FRAMES = 64
const LIMITS: SliceLimits = { size: 30, carried: 16, part: 0.115, most: 0.6 }

export function sliceLoops(module: KernelModule, limits: SliceLimits = LIMITS): KernelModule {
  const compute = module.functions.find(f => f.name === 'compute')
  if (!compute) return module
  const work = workOf(module.functions)
  const workOfOne = (i: Instruction) => (i.kind === 'call' ? (work.get(i.function) ?? 1) : 1)
  const loops = [...everyInstruction(compute.body)].filter(
    i => i.kind === 'loop' && keepsMuch(i, workOfOne, limits),
  )
  if (loops.length === 0) return module
  const pure = pureFunctions(module.functions)
  const options = {
    workOf: workOfOne,
    size: limits.size,
    pure,
    memoryOrder: memoryOrder(operationsOf(compute), pure),
  }
  let current = compute
  let end = Math.ceil(module.memoryBytes / 16) * 16
  for (const loop of loops as Loop[]) {
    const stepped = steppedLoop(compute, loop)
    const plan = stepped && planSlices(loop, options)
    if (!plan?.slices.every(slice => slice.carried.length <= limits.most * loop.carried.length)) continue
    const written = writeSlices({
      loop,
      plan,
      ...stepped!,
      b: new FunctionBuilder(freshId(current)),
      start: end,
    })
    current = replaceLoop(current, loop.results, written.instructions)
    end = written.end
  }
  if (current === compute) return module
  return { ...module, functions: module.functions.map(f => (f === compute ? current : f)), memoryBytes: end }
}

/** More than stays in registers, and much for what it does. */
function keepsMuch(
  loop: Loop,
  workOfOne: (i: Instruction) => number,
  { carried, part }: SliceLimits,
): boolean {
  const kept = loop.carried.filter(isFloat).length
  if (loop.isBrief || kept < carried) return false
  return kept >= part * loop.body.instructions.reduce((sum, i) => sum + workOfOne(i), 0)
}

const isFloat = ({ type }: Value) => type === 'v128' || type === 'f32' || type === 'f64'

interface Stepped {
  readonly counter: Counter
  /** What the counter grows by. */
  readonly step: number
}

/** An innermost loop over frames of 4 or 8 bytes. */
function steppedLoop(f: KernelFunction, loop: Loop): Stepped | undefined {
  if (loop.body.instructions.some(i => i.kind === 'loop')) return undefined
  const counter = findCounter(loop, true)
  if (!counter) return undefined
  for (const i of everyInstruction(f.body)) {
    if (i.kind !== 'const' || i.result !== counter.step) continue
    const step = Number(i.value)
    return step === 4 || step === 8 ? { counter, step } : undefined
  }
  return undefined
}

interface Writing extends Stepped {
  readonly loop: Loop
  readonly plan: SlicePlan
  readonly b: FunctionBuilder
  /** Where memory is free. */
  readonly start: number
}

/** Where a value lies that is handed on: a place for each frame of a piece. */
interface Room {
  readonly offset: number
  readonly isWide: boolean
  readonly space: string
}

function writeSlices(writing: Writing): { instructions: readonly Instruction[]; end: number } {
  const { b, loop, plan, counter, step } = writing
  const { rooms, end } = planRooms(writing)
  const carried = loop.carried.map(value => b.parameter(value.type))
  const [start] = carried as [Value]
  b.open()
  const rest = b.op('i32.sub', counter.limit, start)
  const most = b.i32(FRAMES * step)
  const stop = b.op('i32.add', start, b.select(b.op('i32.lt_u', rest, most), rest, most))
  const next = [...carried]
  next[0] = stop
  for (const slice of plan.slices) {
    const results = writeSlice(writing, slice, { start, stop, carried, rooms })
    for (const [k, index] of slice.carried.entries()) next[index] = results[k]!
  }
  const condition = b.op('i32.lt_u', stop, counter.limit)
  const outer: Loop = {
    ...{ kind: 'loop', results: loop.results, carried, initial: loop.initial, condition },
    body: { instructions: b.close(), yields: next },
  }
  return { instructions: [outer], end }
}

function planRooms({ plan, step, start }: Writing): { rooms: Map<Value, Room>; end: number } {
  const rooms = new Map<Value, Room>()
  let end = start
  for (const value of plan.slices.flatMap(slice => slice.exports)) {
    const isWide = value.type === 'v128'
    rooms.set(value, { offset: end, isWide, space: `slices ${end}` })
    end += isWide ? FRAMES * 16 : Math.max(FRAMES * step, FRAMES * 8)
  }
  return { rooms, end }
}

interface Piece {
  readonly start: Value
  readonly stop: Value
  readonly carried: readonly Value[]
  readonly rooms: ReadonlyMap<Value, Room>
}

/** A loop over the frames of a piece; gives what it carries. */
function writeSlice(writing: Writing, slice: Slice, piece: Piece): readonly Value[] {
  const { b, loop, step } = writing
  const { start, stop, carried, rooms } = piece
  const results = b.loop([start, ...slice.carried.map(i => carried[i]!)], ([at, ...own]) => {
    const names: Names = new Map([[loop.carried[0]!, at!]])
    for (const [k, index] of slice.carried.entries()) names.set(loop.carried[index]!, own[k]!)
    const far = b.op('i32.sub', at!, start)
    // Places of 4 or 8 bytes are as far apart as frames are; those of scalars of 8 bytes may be farther.
    const wide = b.op('i32.shl', far, b.i32(step === 4 ? 2 : 1))
    const twice = step === 4 ? b.op('i32.shl', far, b.i32(1)) : far
    const addressOf = ({ type }: Value) =>
      type === 'v128' ? wide : type === 'f64' || type === 'i64' ? twice : far
    for (const value of slice.imports) {
      const { offset, space } = rooms.get(value)!
      names.set(value, b.load(value.type, addressOf(value), offset, false, space))
    }
    copyBody(writing, slice, names)
    const current = (value: Value): Value => names.get(value) ?? value
    for (const value of slice.exports) {
      const { offset, space } = rooms.get(value)!
      b.store(addressOf(value), offset, current(value), space)
    }
    const following = b.op('i32.add', at!, b.i32(step))
    const next = slice.carried.map(index => current(loop.body.yields[index]!))
    return { next: [following, ...next], condition: b.op('i32.lt_u', following, stop) }
  })
  return results.slice(1)
}

/** The instructions of a part, what it computes anew before them. */
function copyBody({ b, loop, plan }: Writing, { instructions, carried }: Slice, names: Names): void {
  const wanted = new Set([...carried.map(i => loop.body.yields[i]!), ...instructions.flatMap(valuesUsed)])
  const repeated: Instruction[] = []
  for (const [value, instruction] of [...plan.repeated].reverse()) {
    if (!wanted.has(value)) continue
    for (const operand of operands(instruction)) wanted.add(operand)
    repeated.push(instruction)
  }
  const region = { instructions: [...repeated.reverse(), ...instructions], yields: [] }
  let count = 0
  for (const i of everyInstruction(region)) {
    count += definitions(i).length + (i.kind === 'loop' ? i.carried.length : 0)
  }
  for (const made of copyInstructions(region, names, b.takeIds(count)).instructions) b.push(made)
}
