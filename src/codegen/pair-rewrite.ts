/**
 * Rewrites a loop with pairs and fours of its instructions as vector instructions.
 *
 * Comes in: a loop and candidates that were found to pay. Goes out: what to put before it, the loop, and what to put
 * after it. Values that are read alone are taken out of their vectors where they are first needed.
 */
import { FunctionBuilder } from './builder.ts'
import type { Instruction, Value } from './kernel.ts'
import { ahead, type Gathering, scalarOf, setLanes, vectorOf } from './lane-gather.ts'
import { type Candidate, operandsOf, type PairingContext, valuesOf } from './pair-candidates.ts'
import { callInLanes } from './pair-function.ts'
import { asNumber, gatherLanes, type Pair, pairOperation, type ScalarType, SHAPES } from './pair-op.ts'
import { orderPairs } from './pair-order.ts'
import { regions, valuesUsed } from './regions.ts'
import { rewriteRegion, withOperands } from './rewrite.ts'

type Loop = Extract<Instruction, { kind: 'loop' }>

export interface PairedLoop {
  readonly before: readonly Instruction[]
  readonly loop: Loop
  readonly after: readonly Instruction[]
  /** Ids below it may have been used. */
  readonly nextId: number
}

export function rewriteWithPairs(
  context: PairingContext,
  chosen: readonly Candidate[],
  firstId: number,
): PairedLoop {
  const { loop, graph } = context
  const steps = orderPairs(graph, chosen)
  const carried = chosen.filter(candidate => candidate.kind === 'carried')
  const g = startGathering(context, firstId)
  const { b } = g
  const bundles = carried.map(candidate => declareCarried(g, context, candidate))
  b.open()
  for (const step of steps) {
    if (step.kind === 'together') emitTogether(g, context, step.candidate)
    else b.push(withScalars(g, graph.instructions[step.index]!))
  }
  const nexts = carried.map(c => asNumber(b, vectorOf(g, operandsOf(context, c)[0]!)).vector)
  const together = new Set(carried.flatMap(candidate => candidate.members))
  const alone = [...loop.carried.keys()].filter(i => !together.has(i))
  const yields = [...alone.map(i => scalarOf(g, loop.body.yields[i]!)), ...nexts]
  const condition = scalarOf(g, loop.condition)
  const body = { instructions: b.close(), yields }
  const paired: Loop = {
    kind: 'loop',
    results: [...alone.map(i => loop.results[i]!), ...bundles.map(x => x.result)],
    carried: [...alone.map(i => loop.carried[i]!), ...bundles.map(x => x.vector)],
    initial: [...alone.map(i => loop.initial[i]!), ...bundles.map(x => x.initial)],
    body,
    condition,
    isPiece: loop.isPiece ?? false,
  }
  const after = unbundle(loop, carried, bundles)
  return { before: g.before, loop: paired, after, nextId: b.takeIds(1) }
}

function startGathering({ loop, graph, constantOf }: PairingContext, firstId: number): Gathering {
  const inner = new Set(loop.carried)
  return {
    b: new FunctionBuilder(firstId),
    before: [],
    constantOf,
    isOutside: value => !inner.has(value) && !graph.definedAt.has(value),
    lanes: new Map(),
    scalars: new Map(),
    gathered: new Map(),
  }
}

interface Bundle {
  readonly vector: Value
  readonly initial: Value
  readonly result: Value
}

function declareCarried(g: Gathering, context: PairingContext, candidate: Candidate): Bundle {
  const { b } = g
  const values = valuesOf(context, candidate)
  const vector = b.parameter('v128')
  setLanes(g, values, { kind: values[0]!.type as ScalarType, vector })
  const initials = candidate.members.map(i => context.loop.initial[i]!)
  const initial = ahead(g, () => gatherLanes(b, initials).vector)
  return { vector, initial, result: b.parameter('v128') }
}

function emitTogether(g: Gathering, context: PairingContext, candidate: Candidate): void {
  const { b } = g
  const values = valuesOf(context, candidate)
  const kind = values[0]!.type as ScalarType
  const instruction = context.graph.instructions[candidate.members[0]!]!
  const args = operandsOf(context, candidate).map(operands => vectorOf(g, operands))
  if (instruction.kind === 'call') {
    const vectors = args.map(a => asNumber(b, a).vector)
    const lanes = values.length === 4 ? 4 : 2
    const vector = callInLanes(b, context.wideFunction, instruction.function, vectors, lanes)
    setLanes(g, values, { kind, vector })
  } else if (instruction.kind === 'op') {
    const constantOf = (pair: Pair) => sharedConstant(context, candidate, args.indexOf(pair))
    setLanes(g, values, pairOperation(b, instruction.op, args, constantOf)!)
  }
}

/** The constant that an operand is in all lanes. */
function sharedConstant(
  context: PairingContext,
  candidate: Candidate,
  operand: number,
): number | bigint | undefined {
  const [first, ...others] = operandsOf(context, candidate)[operand]!.map(context.constantOf)
  return others.every(other => Object.is(other, first)) ? first : undefined
}

/** The instruction on scalars, its regions too. */
function withScalars(g: Gathering, instruction: Instruction): Instruction {
  const inner = regions(instruction)
  if (inner.length === 0) return withOperands(instruction, value => scalarOf(g, value))
  // Taken out in front of the instruction, not inside.
  for (const value of valuesUsed(instruction)) scalarOf(g, value)
  const current = (value: Value) => scalarOf(g, value)
  const holder = { instructions: [instruction], yields: [] }
  return rewriteRegion(holder, {
    plain: i => withOperands(i, current),
    compound: i => withOperands(i, current),
    yields: region => region.yields.map(current),
  }).instructions[0]!
}

/** The loop's results, out of their vectors. */
function unbundle(loop: Loop, carried: readonly Candidate[], bundles: readonly Bundle[]): Instruction[] {
  return carried.flatMap(({ members }, i) =>
    members.map((index, lane): Instruction => {
      const result = loop.results[index]!
      const shape = SHAPES[result.type as ScalarType]
      return { kind: 'op', result, op: `${shape}.extract_lane_${lane}`, args: [bundles[i]!.result] }
    }),
  )
}
