/**
 * Four frames of four values at a time, where a loop brings values from memory into lanes or writes lanes to memory.
 *
 * Comes in: a module whose loops are in lanes. Goes out: the same; a loop that gathers four values a frame, each from
 * frames that lie one after another, does four frames in a turn: four vectors are loaded, a value each, and transposed
 * to four vectors, a frame each; and so with what is written. A pass of its own: pairs know of one frame. The serial
 * loops of a divided program read and write little else.
 */
import { FunctionBuilder } from './builder.ts'
import { copyInstructions, type Names } from './inline.ts'
import type { Instruction, KernelFunction, KernelModule, Value } from './kernel.ts'
import { replaceLoop } from './pairs.ts'
import { inCompute, pureFunctions } from './per-function.ts'
import { definitions, everyInstruction, freshId } from './regions.ts'
import { findTransposed, type Transposed } from './transpose-find.ts'
import { type Counter, findCounter, type Loop } from './unroll.ts'

/** Instructions of a body that is copied four times. */
const MAX_BODY = 120
/** Vectors from memory with which it may be worth it to merge the loop with another (fusion). */
const WORTH_MERGING = 2
/** Bytes of a frame: single precision. */
const STEP = 4

export function transposeFrames(module: KernelModule): KernelModule {
  const pure = pureFunctions(module.functions)
  return inCompute(module, f => rewrite(f, pure))
}

function rewrite(f: KernelFunction, pure: ReadonlySet<string>): KernelFunction {
  let current = f
  const constants = new Map<Value, number>()
  for (const i of everyInstruction(f.body)) if (i.kind === 'const') constants.set(i.result, Number(i.value))
  for (const loop of everyInstruction(f.body)) {
    if (loop.kind !== 'loop' || loop.isBrief || loop.body.instructions.length > MAX_BODY) continue
    const found = findTransposed(loop, pure)
    if (found.gathers.length + 2 * found.scatters.length < 2) continue
    const counter = findCounter(loop, true)
    if (!counter || constants.get(counter.step) !== STEP) continue
    const writing = { b: new FunctionBuilder(freshId(current)), loop, counter, found }
    const isWhole = loop.isPiece && found.gathers.length >= WORTH_MERGING
    current = replaceLoop(current, loop.results, isWhole ? writeWhole(writing) : writeBoth(writing))
  }
  return current
}

interface Writing {
  readonly b: FunctionBuilder
  readonly loop: Loop
  readonly counter: Counter
  readonly found: Transposed
}

/** No frames are left. */
function writeWhole(writing: Writing): readonly Instruction[] {
  const { b, loop, counter } = writing
  b.open()
  writeFours(writing, counter.limit)
  const made = b.close()
  return [...made.slice(0, -1), { ...(made.at(-1) as Loop), results: loop.results, isPiece: true }]
}

/** The loop over four frames, and the old one for those that are left. */
function writeBoth(writing: Writing): readonly Instruction[] {
  const { b, loop, counter } = writing
  const [start] = loop.initial as [Value]
  b.open()
  const whole = b.op('i32.and', b.op('i32.sub', counter.limit, start), b.i32(-4 * STEP))
  const end = b.op('i32.add', start, whole)
  const middle = b.if(
    whole,
    () => writeFours(writing, end),
    () => loop.initial,
  )
  const results = loop.results.map(r => b.parameter(r.type))
  const old: Loop = { ...loop, initial: middle, results, isBrief: true, isPiece: false }
  b.push({
    kind: 'if',
    results: loop.results,
    condition: b.op('i32.lt_u', end, counter.limit),
    thenRegion: { instructions: [old], yields: results },
    elseRegion: { instructions: [], yields: middle },
  })
  return b.close()
}

function writeFours({ b, loop, found }: Writing, end: Value): readonly Value[] {
  return b.loop(loop.initial, carried => {
    const [start] = carried as [Value]
    const gathered = found.gathers.map(({ offsets, space }) =>
      transposed(
        b,
        offsets.map((offset, lane) => b.load('v128', start, offset, false, space[lane])),
      ),
    )
    let state = carried
    const frames = [0, 1, 2, 3].map(frame => {
      const names: Names = new Map(loop.carried.map((value, i) => [value, state[i]!]))
      for (const [k, { result }] of found.gathers.entries()) names.set(result, gathered[k]![frame]!)
      copyFrame(b, found.rest, names)
      state = loop.body.yields.map(value => names.get(value) ?? value)
      return names
    })
    for (const { vector, offsets, space } of found.scatters) {
      const values = transposed(
        b,
        frames.map(names => names.get(vector) ?? vector),
      )
      for (const [lane, offset] of offsets.entries()) b.store(start, offset, values[lane]!, space[lane])
    }
    return { next: state, condition: b.op('i32.lt_u', state[0]!, end) }
  })
}

function copyFrame(b: FunctionBuilder, instructions: readonly Instruction[], names: Names): void {
  const region = { instructions, yields: [] }
  let count = 0
  for (const i of everyInstruction(region)) {
    count += definitions(i).length + (i.kind === 'loop' ? i.carried.length : 0)
  }
  for (const made of copyInstructions(region, names, b.takeIds(count)).instructions) b.push(made)
}

/** Lane k of vector i becomes lane i of vector k. */
function transposed(b: FunctionBuilder, [w, x, y, z]: readonly Value[]): Value[] {
  const [low, high] = [b.op('i32x4.shuffle_0415', w!, x!), b.op('i32x4.shuffle_2637', w!, x!)]
  const [lower, higher] = [b.op('i32x4.shuffle_0415', y!, z!), b.op('i32x4.shuffle_2637', y!, z!)]
  return [
    b.op('i32x4.shuffle_0145', low, lower),
    b.op('i32x4.shuffle_2367', low, lower),
    b.op('i32x4.shuffle_0145', high, higher),
    b.op('i32x4.shuffle_2367', high, higher),
  ]
}
