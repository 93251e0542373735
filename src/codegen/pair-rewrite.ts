/**
 * Rewrites a loop with pairs of its instructions as vector instructions.
 *
 * Comes in: a loop and pairs that were found to pay. Goes out: what to put before it, the loop, and what to put
 * after it. Values that are read outside of pairs are taken out of their vectors where they are first needed.
 */
import { FunctionBuilder } from './builder.ts'
import type { Instruction, Value } from './kernel.ts'
import type { Candidate, PairingContext } from './pair-candidates.ts'
import { operandsOf, valuesOf } from './pair-choice.ts'
import {
  asNumber,
  constantPair,
  gatherPair,
  laneOf,
  type Pair,
  pairOperation,
  type ScalarType,
  swapPair,
} from './pair-op.ts'
import { orderPairs } from './pair-order.ts'
import { regions, valuesUsed } from './regions.ts'
import { rewriteRegion, withOperands } from './rewrite.ts'

type Loop = Extract<Instruction, { kind: 'loop' }>

export interface PairedLoop {
  readonly before: readonly Instruction[]
  readonly loop: Loop
  readonly after: readonly Instruction[]
}

interface Rewriting {
  readonly context: PairingContext
  readonly b: FunctionBuilder
  readonly before: Instruction[]
  /** Where values lie that are halves of pairs. */
  readonly halves: Map<Value, { readonly pair: Pair; readonly lane: 0 | 1; readonly partner: Value }>
  readonly scalars: Map<Value, Value>
  /** Pairs brought together, by the ids of their halves. */
  readonly gathered: Map<string, Pair>
  readonly outside: (value: Value) => boolean
}

export function rewriteWithPairs(
  context: PairingContext,
  chosen: readonly Candidate[],
  firstId: number,
): PairedLoop {
  const { loop, graph } = context
  const { steps } = orderPairs(graph, chosen)
  const carried = chosen.filter(pair => pair.kind === 'carried')
  const r = startRewriting(context, firstId)
  const { b } = r
  const bundles = carried.map(pair => declareCarried(r, pair))
  b.open()
  for (const step of steps) {
    if (step.kind === 'pair') emitPair(r, step.pair)
    else b.push(withScalars(r, graph.instructions[step.index]!))
  }
  const nexts = carried.map(pair => asNumber(b, vectorOf(r, ...operandsOf(context, pair)[0]!)).vector)
  const alone = [...loop.carried.keys()].filter(i => !carried.some(c => c.first === i || c.second === i))
  const yields = [...alone.map(i => scalarOf(r, loop.body.yields[i]!)), ...nexts]
  const condition = scalarOf(r, loop.condition)
  const body = { instructions: b.close(), yields }
  const paired: Loop = {
    kind: 'loop',
    results: [...alone.map(i => loop.results[i]!), ...bundles.map(x => x.result)],
    carried: [...alone.map(i => loop.carried[i]!), ...bundles.map(x => x.vector)],
    initial: [...alone.map(i => loop.initial[i]!), ...bundles.map(x => x.initial)],
    body,
    condition,
  }
  return { before: r.before, loop: paired, after: unbundle(context, carried, bundles) }
}

function startRewriting(context: PairingContext, firstId: number): Rewriting {
  const inner = new Set(context.loop.carried)
  return {
    context,
    b: new FunctionBuilder(firstId),
    before: [],
    halves: new Map(),
    scalars: new Map(),
    gathered: new Map(),
    outside: value => !inner.has(value) && !context.graph.definedAt.has(value),
  }
}

interface Bundle {
  readonly vector: Value
  readonly initial: Value
  readonly result: Value
}

/** Runs with the builder writing in front of the loop. */
function ahead<T>({ b, before }: Rewriting, make: () => T): T {
  b.open(before)
  const made = make()
  b.close()
  return made
}

function declareCarried(r: Rewriting, candidate: Candidate): Bundle {
  const { context, b } = r
  const { loop } = context
  const [x, y] = valuesOf(context, candidate)
  const vector = b.parameter('v128')
  setHalves(r, x, y, { kind: x.type as ScalarType, vector })
  const [first, second] = [loop.initial[candidate.first]!, loop.initial[candidate.second]!]
  const initial = ahead(r, () => gatherPair(b, first, second).vector)
  return { vector, initial, result: b.parameter('v128') }
}

function setHalves({ halves }: Rewriting, x: Value, y: Value, pair: Pair): void {
  halves.set(x, { pair, lane: 0, partner: y })
  halves.set(y, { pair, lane: 1, partner: x })
}

function emitPair(r: Rewriting, candidate: Candidate): void {
  const { context, b } = r
  const [x, y] = valuesOf(context, candidate)
  const instruction = context.graph.instructions[candidate.first]!
  const args = operandsOf(context, candidate).map(([first, second]) => vectorOf(r, first, second))
  if (instruction.kind === 'call') {
    const name = context.pairFunction(instruction.function)!
    const vectors = args.map(a => asNumber(b, a).vector)
    setHalves(r, x, y, { kind: x.type as ScalarType, vector: b.call(name, 'v128', vectors) })
  } else if (instruction.kind === 'op') {
    const constantOf = (pair: Pair) => context.constantOf(instruction.args[args.indexOf(pair)]!)
    setHalves(r, x, y, pairOperation(b, instruction.op, args, constantOf)!)
  }
}

/** Two values as a pair; what does not change in the loop is brought together before it. */
function vectorOf(r: Rewriting, x: Value, y: Value): Pair {
  const { halves, b, outside, gathered } = r
  const known = halves.get(x)
  if (known?.lane === 0 && known.partner === y) return known.pair
  const key = `${x.id} ${y.id}`
  let pair = gathered.get(key)
  if (!pair) {
    if (known?.lane === 1 && known.partner === y) pair = swapPair(b, known.pair)
    else if (outside(x) && outside(y)) pair = ahead(r, () => fixedPair(r, x, y))
    else pair = gatherPair(b, scalarOf(r, x), scalarOf(r, y))
    gathered.set(key, pair)
  }
  return pair
}

function fixedPair({ b, context }: Rewriting, x: Value, y: Value): Pair {
  const [first, second] = [context.constantOf(x), context.constantOf(y)]
  if (first === undefined || second === undefined) return gatherPair(b, x, y)
  return constantPair(b, x.type as ScalarType, first, second)
}

function scalarOf({ halves, scalars, b }: Rewriting, value: Value): Value {
  const half = halves.get(value)
  if (!half) return value
  const known = scalars.get(value)
  if (known) return known
  const taken = laneOf(b, half.pair, half.lane)
  scalars.set(value, taken)
  return taken
}

/** The instruction on scalars, its regions too. */
function withScalars(r: Rewriting, instruction: Instruction): Instruction {
  const inner = regions(instruction)
  if (inner.length === 0) return withOperands(instruction, value => scalarOf(r, value))
  // Taken out in front of the instruction, not inside.
  for (const value of valuesUsed(instruction)) scalarOf(r, value)
  const current = (value: Value) => scalarOf(r, value)
  const holder = { instructions: [instruction], yields: [] }
  return rewriteRegion(holder, {
    plain: i => withOperands(i, current),
    compound: i => withOperands(i, current),
    yields: region => region.yields.map(current),
  }).instructions[0]!
}

/** The loop's results, out of their vectors. */
function unbundle(
  { loop }: PairingContext,
  carried: readonly Candidate[],
  bundles: readonly Bundle[],
): Instruction[] {
  return carried.flatMap(({ first, second }, i) =>
    [first, second].map((index, lane): Instruction => {
      const result = loop.results[index]!
      const shape = { i32: 'i32x4', i64: 'i64x2', f32: 'f32x4', f64: 'f64x2' }[result.type as ScalarType]
      return { kind: 'op', result, op: `${shape}.extract_lane_${lane}`, args: [bundles[i]!.result] }
    }),
  )
}
