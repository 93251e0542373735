/**
 * Writes a loop whose stages work on different frames.
 *
 * Comes in: a loop over frames and a stage for each instruction. Goes out: what does the same, with the loop in which
 * all stages run. In turn j stage k works on frame j - k, so that no stage needs what another computes in this turn.
 *
 * Around that loop is another. Its turns, one for each frame that some stage is without at the start and at the end
 * of a block, ask for each stage whether it has a frame; the loop of all stages runs in one of them. Blocks with
 * fewer frames than stages run in the outer loop alone. At the end the carried values are those of the old loop.
 */
import { FunctionBuilder } from './builder.ts'
import type { FrameGraph } from './frame-graph.ts'
import { copyInstructions } from './inline.ts'
import type { Instruction, Value } from './kernel.ts'
import { definitions, everyInstruction, regions, valuesUsed } from './regions.ts'
import { withOperands } from './rewrite.ts'
import { type History, historiesOf } from './skew-history.ts'
import type { SkewPlan } from './skew-plan.ts'
import { CHANNELS } from './to-kernel-compute.ts'
import type { Loop } from './unroll.ts'

export interface Skewed {
  /** In place of the old loop. */
  readonly instructions: readonly Instruction[]
  /** The loop in which all stages run. */
  readonly steady: Loop
}

interface Writer {
  readonly b: FunctionBuilder
  readonly graph: FrameGraph
  readonly plan: SkewPlan
  readonly histories: readonly History[]
  /** Bytes from the first frame to the end; of one frame times the number of a stage. */
  readonly span: Value
  /** The same, to where the last stage ends. */
  readonly total: Value
  readonly delays: readonly Value[]
  readonly step: Value
}

/** One turn being written. */
interface Turn extends Writer {
  /** Bytes from the first frame to that of the first stage. */
  readonly at: Value
  readonly names: Map<Value, Value>
  /** Counters and what is computed from them, by stage. */
  readonly counted: readonly Map<Value, Value>[]
  /** Frames are apart in it: an input is read in the turn in which another frame's output is written. */
  readonly isSteady: boolean
  /** What a value was `delay` turns ago, for a reader in its own stage or in another. */
  readonly past: (value: Value, delay: number, isOwnStage: boolean) => Value
}

export function writeSkewed(graph: FrameGraph, plan: SkewPlan, limit: Value, firstId: number): Skewed {
  const { loop, counting } = graph
  const b = new FunctionBuilder(firstId)
  b.open()
  const start = loop.initial[0]!
  const span = b.op('i32.sub', limit, start)
  const delays = Array.from({ length: plan.last + 1 }, (_, stage) => b.i32(stage * counting.step))
  const histories = historiesOf(graph, plan)
  const total = b.op('i32.add', span, delays[plan.last]!)
  const writer: Writer = { b, graph, plan, histories, span, total, delays, step: b.i32(counting.step) }
  const state = initialState(writer)
  const carried = state.map(v => b.parameter(v.type))
  const results = state.map(v => b.parameter(v.type))
  const owned = ownIndices(histories)
  for (const [i, index] of owned.entries()) results[i + 1] = loop.results[index]!
  const { body, condition, steady } = writeOuter(writer, carried)
  b.push({ kind: 'loop', results, carried, initial: state, body, condition, isBrief: true })
  const frames = b.op('i32.sub', results[0]!, delays[plan.last]!)
  b.push({ kind: 'op', result: loop.results[0]!, op: 'i32.add', args: [start, frames] })
  return { instructions: b.close(), steady }
}

/** Indices of carried values of the old loop, in the order of what the outer loop carries. */
const ownIndices = (histories: readonly History[]): number[] => histories.flatMap(h => h.own)

/** What the outer loop carries: where it is, then the past of each value for its own stage, then for others. */
function initialState({ b, graph, histories }: Writer): Value[] {
  const { initial } = graph.loop
  const zeros = new Map<string, Value>()
  const zero = ({ type }: Value) => {
    if (!zeros.has(type)) zeros.set(type, b.constant(type, type === 'i64' ? 0n : 0))
    return zeros.get(type)!
  }
  const own = ownIndices(histories).map(index => initial[index]!)
  const ahead = histories.flatMap(({ value, own: indices, ahead, fixed }) =>
    Array.from({ length: ahead }, (_, i) => {
      const index = fixed ? undefined : indices[i]
      return index === undefined ? zero(value) : initial[index]!
    }),
  )
  return [b.i32(0), ...own, ...ahead]
}

/** The past of each value, by history. */
interface Pasts {
  readonly at: Value
  readonly own: readonly (readonly Value[])[]
  readonly ahead: readonly (readonly Value[])[]
}

function divide(histories: readonly History[], [at, ...values]: readonly Value[]): Pasts {
  let next = 0
  const take = (count: number) => values.slice(next, (next += count))
  const own = histories.map(h => take(h.own.length))
  return { at: at!, own, ahead: histories.map(h => take(h.ahead)) }
}

const join = ({ at, own, ahead }: Pasts): Value[] => [at, ...own.flat(), ...ahead.flat()]

function writeOuter(writer: Writer, carried: readonly Value[]) {
  const { b, histories, span, delays, step, plan } = writer
  b.open()
  const end = delays[plan.last]!
  const at = carried[0]!
  const isFull = b.op('i32.and', b.op('i32.eq', at, end), b.op('i32.lt_u', at, span))
  b.open()
  const { steady, results } = writeSteady(writer, divide(histories, carried))
  const thenRegion = { instructions: b.close(), yields: results }
  const middle = b.choose(isFull, thenRegion, { instructions: [], yields: carried })
  const next = writePartial(writer, divide(histories, middle))
  const following = b.op('i32.add', middle[0]!, step)
  const condition = b.op('i32.lt_u', following, writer.total)
  const body = { instructions: b.close(), yields: join({ ...next, at: following }) }
  return { body, condition, steady }
}

/** Each value has one past, which all stages read. */
function writeSteady(writer: Writer, { at, own, ahead }: Pasts) {
  const { b, histories, graph, step, span } = writer
  const before = histories.map((h, i) =>
    Array.from({ length: h.depth }, (_, k) => own[i]![k] ?? ahead[i]![k - lead(h)]!),
  )
  const initial = [at, ...before.flat()]
  const carried = initial.map(v => b.parameter(v.type))
  const results = initial.map(v => b.parameter(v.type))
  const divideOwn = ([first, ...values]: readonly Value[]) => {
    let next = 0
    return { at: first!, pasts: histories.map(h => values.slice(next, (next += h.depth))) }
  }
  const now = divideOwn(carried)
  const indexOf = new Map(histories.map((h, i) => [h.value, i]))
  const turn = startTurn(writer, true, now.at, (value, delay) => {
    const i = indexOf.get(value)!
    return now.pasts[i]![delay - 1 + lead(histories[i]!)]!
  })
  b.open()
  for (const [i, h] of histories.entries()) if (h.fixed) turn.names.set(h.value, now.pasts[i]![0]!)
  for (const node of graph.nodes.keys()) writeNode(turn, node)
  const nexts = histories.flatMap((h, i) => shifted(nextOf(turn, h), now.pasts[i]!))
  const following = b.op('i32.add', now.at, step)
  const condition = b.op('i32.lt_u', following, span)
  const body = { instructions: b.close(), yields: [following, ...nexts] }
  const twins = new Map<Value, Value>()
  for (const [node, other] of writer.plan.twins) {
    const [first, second] = [node, other].map(n => turn.names.get(definitions(graph.nodes[n]!)[0]!))
    if (first && second) twins.set(first, second)
  }
  const steady: Loop = { kind: 'loop', results, carried, initial, body, condition, twins }
  b.push(steady)
  const last = divideOwn(results)
  const pasts = {
    at: last.at,
    own: histories.map((h, i) => last.pasts[i]!.slice(0, h.own.length)),
    ahead: histories.map((h, i) => last.pasts[i]!.slice(lead(h), lead(h) + h.ahead)),
  }
  return { steady, results: join(pasts) }
}

/** Of what is fixed, the first is what it is now. */
const lead = ({ fixed }: History): 0 | 1 => (fixed ? 1 : 0)

/** What comes first in the next turn. */
const nextOf = ({ names }: Turn, { value, fixed }: History): Value => fixed ?? names.get(value)!

const shifted = (newest: Value, past: readonly Value[]): Value[] => [newest, ...past].slice(0, past.length)

/**
 * A turn in which some stages have no frame. The past that a stage keeps for itself stands still then; what it hands
 * to others moves on once it has begun.
 */
function writePartial(writer: Writer, { at, own, ahead }: Pasts): Omit<Pasts, 'at'> {
  const { b, histories, plan, delays, span, graph } = writer
  const indexOf = new Map(histories.map((h, i) => [h.value, i]))
  const turn = startTurn(writer, false, at, (value, delay, isOwnStage) => {
    const i = indexOf.get(value)!
    return (isOwnStage ? own[i]! : ahead[i]!)[delay - 1]!
  })
  const nodesOf: number[][] = delays.map(() => [])
  for (const node of graph.nodes.keys()) nodesOf[plan.stageOf[node]!]!.push(node)
  for (const [i, h] of histories.entries()) if (h.fixed) turn.names.set(h.value, own[i]![0]!)
  const next = { own: [...own], ahead: [...ahead] }
  for (const [stage, delay] of delays.entries()) {
    if (nodesOf[stage]!.length === 0) continue
    const members = [...histories.entries()].filter(([, h]) => h.stage === stage)
    const newest = (i: number) => ahead[i]!.slice(0, 1)
    const old = members.flatMap(([i]) => [...own[i]!, ...newest(i)])
    const hasFrame = b.op('i32.lt_u', b.op('i32.sub', at, delay), span)
    const values = b.if(
      hasFrame,
      () => {
        for (const node of nodesOf[stage]!) writeNode(turn, node)
        return members.flatMap(([i, h]) => [
          ...shifted(nextOf(turn, h), own[i]!),
          ...newest(i).map(() => turn.names.get(h.value)!),
        ])
      },
      () => old,
    )
    let taken = 0
    const take = (count: number) => values.slice(taken, (taken += count))
    for (const [i] of members) {
      next.own[i] = take(own[i]!.length)
      const first = take(newest(i).length)
      next.ahead[i] = [...first, ...older(writer, at, stage, ahead[i]!)]
    }
  }
  return next
}

function older({ b, delays }: Writer, at: Value, stage: number, past: readonly Value[]): Value[] {
  if (past.length < 2) return []
  if (stage === 0) return past.slice(0, -1)
  const hasBegun = b.op('i32.ge_u', at, delays[stage]!)
  return past.slice(1).map((value, i) => b.select(hasBegun, past[i]!, value))
}

function startTurn(writer: Writer, isSteady: boolean, at: Value, past: Turn['past']): Turn {
  return { ...writer, isSteady, at, past, names: new Map(), counted: writer.delays.map(() => new Map()) }
}

function writeNode(turn: Turn, node: number): void {
  const { b, graph, names, plan, isSteady } = turn
  const instruction = graph.nodes[node]
  if (!instruction) return
  const stage = plan.stageOf[node]!
  if (regions(instruction).length === 0) {
    const moved = isSteady ? amongFrames(instruction) : instruction
    const made = b.copy(withOperands(moved, value => operand(turn, stage, value)))
    const [result] = definitions(instruction)
    if (result) names.set(result, made!)
    return
  }
  const inner = new Set(
    regions(instruction)
      .flatMap(r => [...everyInstruction(r)])
      .flatMap(definitions),
  )
  const known = new Map<Value, Value>()
  for (const value of valuesUsed(instruction))
    if (!inner.has(value)) known.set(value, operand(turn, stage, value))
  const results = definitions(instruction)
  const holder = { instructions: [instruction], yields: results }
  const { instructions } = copyInstructions(holder, known, b.takeIds(inner.size + results.length))
  for (const made of instructions) b.push(made)
  for (const value of results) names.set(value, known.get(value)!)
}

const SKEWED_CHANNELS = `${CHANNELS} skewed`

/** Whoever unrolls the loop takes channels in two of its turns for apart. They are not: the host may use one buffer. */
function amongFrames(i: Instruction): Instruction {
  const isChannel = (i.kind === 'load' || i.kind === 'store') && i.space === CHANNELS
  return isChannel ? { ...i, space: SKEWED_CHANNELS } : i
}

/** What a value of the old loop is for a stage of this turn. */
function operand(turn: Turn, stage: number, value: Value): Value {
  const { graph, plan, names, past } = turn
  const source = graph.sourceOf(value)
  if (!source) return countedValue(turn, stage, value)
  const from = plan.stageOf[source.node]!
  const delay = source.delay + stage - from
  return delay === 0 ? names.get(source.value)! : past(source.value, delay, stage === from)
}

function countedValue(turn: Turn, stage: number, value: Value): Value {
  const { graph, b, at, delays } = turn
  const counted = turn.counted[stage]!
  const known = counted.get(value)
  if (known) return known
  const instruction = graph.counted.get(value)
  if (!instruction && value !== graph.counting.counter) return value
  const made = instruction
    ? b.copy(withOperands(instruction, operand => countedValue(turn, stage, operand)))!
    : b.op('i32.add', graph.loop.initial[0]!, stage === 0 ? at : b.op('i32.sub', at, delays[stage]!))
  counted.set(value, made)
  return made
}
