/**
 * Encodes the body of one kernel function.
 *
 * Comes in: the function, and where to write. Goes out: instructions, and the types of the locals they use. Values that
 * the plan inlines are computed on the stack where they are used, the others are locals; loop-carried values are
 * locals that the end of the body assigns in parallel.
 */
import { assertNever } from '../source.ts'
import { type EmitPlan, planEmission } from './emit-plan.ts'
import type { Instruction, KernelFunction, KernelType, Region, Value } from './kernel.ts'
import { createLocals, type Locals } from './locals.ts'
import { type Nested, runNested } from './nested.ts'
import { type LaneUse, type Signature, signatureOf } from './operations.ts'
import { orderMoves } from './parallel-moves.ts'
import type { Code } from './wasm/code.ts'
import { ACCESS, LANE_ACCESS, OPCODE } from './wasm/opcodes.ts'

/** What the functions of one module share. */
export interface EmitTarget {
  /** Indices of functions, those of imported ones first. */
  readonly functions: ReadonlyMap<string, number>
  readonly pure: ReadonlySet<string>
}

interface Context extends EmitTarget {
  readonly plan: EmitPlan
  readonly locals: Locals
  readonly code: Code
}

type Of<Kind extends Instruction['kind']> = Extract<Instruction, { kind: Kind }>
type Computation = Of<'op' | 'load' | 'call'>

export function encodeFunction(target: EmitTarget, f: KernelFunction, code: Code): readonly KernelType[] {
  const plan = planEmission(f, target.pure)
  const c: Context = { ...target, plan, locals: createLocals(f.parameters, plan.uses), code }
  runNested(encodeRegion(c, f.body))
  if (f.result) push(c, f.body.yields[0]!)
  code.end()
  return c.locals.types()
}

function* encodeRegion(c: Context, region: Region): Nested {
  for (const instruction of region.instructions) {
    if (instruction.kind === 'if') yield encodeIf(c, instruction)
    else if (instruction.kind === 'loop') yield encodeLoop(c, instruction)
    else encodeSimple(c, instruction)
  }
}

function encodeSimple(c: Context, instruction: Exclude<Instruction, { kind: 'if' | 'loop' }>): void {
  switch (instruction.kind) {
    case 'const':
      break
    case 'op':
    case 'load':
    case 'call':
      encodeComputation(c, instruction)
      break
    case 'store':
      encodeStore(c, instruction)
      c.locals.settle()
      break
    default:
      assertNever(instruction)
  }
}

/** Computes now what is not computed at its use. */
function encodeComputation(c: Context, instruction: Computation): void {
  const { result } = instruction
  const used = result !== undefined && c.plan.uses[result.id]! > 0
  if (used && c.plan.inlined[result.id] === 1) return
  if (!used && !(instruction.kind === 'call' && !c.pure.has(instruction.function))) return
  compute(c, instruction)
  c.locals.settle()
  if (used) c.code.set(c.locals.define(result))
  else if (result) c.code.byte(OPCODE.drop)
}

/** Leaves the result on the stack. */
function compute(c: Context, instruction: Instruction): void {
  switch (instruction.kind) {
    case 'op': {
      const { op, args } = instruction
      const { code, lane } = op === 'select' ? SELECT : signatureOf(op)!
      if (lane && loadIntoLane(c, args, lane)) return
      const inOrder = isLongerSecond(c, op, args) ? args.toReversed() : args
      for (const argument of inOrder) push(c, argument)
      c.code.instruction(code)
      return
    }
    case 'load': {
      const { load, alignment } = ACCESS[instruction.result.type]
      push(c, instruction.address)
      c.code.access(load, alignment, instruction.offset)
      return
    }
    case 'call':
      for (const argument of instruction.args) push(c, argument)
      c.code.call(c.functions.get(instruction.function)!)
      return
    default:
      throw new Error(`internal error: ${instruction.kind} inside an expression`)
  }
}

/** Nesting by which operands differ that change places. */
const LONGER = 3

/**
 * Whether the second operand, which may be the first as well, is much longer to compute: then the first would wait in a
 * register, and in a sum a + (b + (c + …)) all terms would (Sethi and Ullman, The Generation of Optimal Code for
 * Arithmetic Expressions, JACM 17, 1970).
 */
function isLongerSecond(
  { plan: { inlined, depth } }: Context,
  op: string,
  [x, y]: readonly Value[],
): boolean {
  if (!x || !y || inlined[x.id] === 0 || inlined[y.id] === 0) return false
  return depth[y.id]! > depth[x.id]! + LONGER && /^[fi].*\.(add|mul)$/.test(op)
}

const SELECT: Pick<Signature, 'code' | 'lane'> = { code: [OPCODE.select] }

/** Leaves a value on the stack: a constant, what computes it, or its local. */
function push(c: Context, value: Value): void {
  const { constants, inlined, definition } = c.plan
  const constant = constants[value.id]
  if (constant) c.code.constant(constant.result.type, constant.value)
  else if (inlined[value.id] === 1) compute(c, definition[value.id]!)
  else c.code.get(c.locals.read(value))
}

/** What computes a value at its only use. */
const inlinedAt = ({ plan }: Context, { id }: Value): Instruction | undefined =>
  plan.inlined[id] === 1 ? plan.definition[id] : undefined

function encodeStore(c: Context, { address, offset, value }: Of<'store'>): void {
  push(c, address)
  const { store, alignment } = ACCESS[value.type]
  const from = inlinedAt(c, value)
  const lane = from?.kind === 'op' ? signatureOf(from.op)?.lane : undefined
  // Lane 0 is where a number lies anyway.
  if (from?.kind === 'op' && lane?.action === 'extract' && lane.index > 0) {
    push(c, from.args[0]!)
    c.code.access(LANE_ACCESS[lane.type].store, alignment, offset)
    c.code.byte(lane.index)
  } else {
    push(c, value)
    c.code.access(store, alignment, offset)
  }
}

/** A load that is only wanted in a lane, or in all, is one instruction with what puts it there. */
function loadIntoLane(c: Context, args: readonly Value[], { action, index, type }: LaneUse): boolean {
  const value = args.at(-1)!
  const load = inlinedAt(c, value)
  if (load?.kind !== 'load' || action === 'extract') return false
  push(c, load.address)
  if (action === 'replace') push(c, args[0]!)
  const form = action === 'splat' ? 'splat' : 'load'
  c.code.access(LANE_ACCESS[type][form], ACCESS[type].alignment, load.offset)
  if (action === 'replace') c.code.byte(index)
  return true
}

function* encodeIf(c: Context, instruction: Of<'if'>): Nested {
  push(c, instruction.condition)
  c.locals.settle()
  const targets = instruction.results.map(r => (c.plan.uses[r.id]! > 0 ? c.locals.define(r) : undefined))
  c.code.if()
  yield encodeBranch(c, instruction.thenRegion, targets)
  const { elseRegion } = instruction
  if (elseRegion.instructions.length > 0 || targets.some(t => t !== undefined)) {
    c.code.byte(OPCODE.else)
    yield encodeBranch(c, elseRegion, targets)
  }
  c.code.end()
}

/** Runs a region and puts what it yields into the locals of the results that are used. */
function* encodeBranch(c: Context, region: Region, targets: readonly (number | undefined)[]): Nested {
  yield* encodeRegion(c, region)
  for (let i = 0; i < targets.length; i++) {
    const local = targets[i]
    if (local === undefined) continue
    push(c, region.yields[i]!)
    c.locals.settle()
    c.code.set(local)
  }
}

function* encodeLoop(c: Context, loop: Of<'loop'>): Nested {
  const { code, locals } = c
  for (let i = 0; i < loop.carried.length; i++) {
    const carried = loop.carried[i]!
    push(c, loop.initial[i]!)
    locals.settle()
    locals.pin(carried)
    code.set(locals.define(carried))
  }
  locals.enterLoop()
  code.loop()
  yield encodeRegion(c, loop.body)
  // A condition that is itself carried waits on the stack, because the next values overwrite its local.
  const early = loop.carried.includes(loop.condition)
  if (early) push(c, loop.condition)
  encodeMoves(c, loop)
  if (!early) push(c, loop.condition)
  code.branchToLoop()
  code.end()
  locals.settle()
  locals.leaveLoop()
  loop.carried.forEach((carried, i) => {
    locals.unpin(carried, loop.results[i]!)
  })
}

function encodeMoves(c: Context, loop: Of<'loop'>): void {
  const place = new Map(loop.carried.map((value, i) => [value, i]))
  const moves = loop.body.yields.map((from, to) => ({ to, from, reads: place.get(from) }))
  const temporaries = new Map<Value, number>()
  for (const step of orderMoves(moves)) {
    if (step.kind === 'save') {
      const value = loop.carried[step.place]!
      const temporary = c.locals.temporary(value.type)
      temporaries.set(value, temporary)
      push(c, value)
      c.code.set(temporary)
      continue
    }
    if (step.saved) c.code.get(temporaries.get(step.from)!)
    else push(c, step.from)
    c.code.set(c.locals.read(loop.carried[step.to]!))
  }
  for (const temporary of temporaries.values()) c.locals.free(temporary)
}
