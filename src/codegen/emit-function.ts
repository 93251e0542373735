/**
 * Translates one kernel function into a binaryen function.
 *
 * Comes in: the function and the plan made for it. Goes out: a function added to the binaryen module. Values
 * that the plan inlines become expression trees, the others locals; loop-carried values are locals that the
 * end of the body assigns in parallel.
 */
import type binaryen from 'binaryen'
import { assertNever } from '../source.ts'
import { type Constructor, constructorOf } from './emit-op.ts'
import { type EmitPlan, planEmission } from './emit-plan.ts'
import type { Instruction, KernelFunction, KernelType, Region, Value } from './kernel.ts'
import { createLocals, type Locals } from './locals.ts'
import { type Nested, runNested } from './nested.ts'
import { orderMoves } from './parallel-moves.ts'

type Expression = number

/** What the functions of one module share. */
export interface EmitTarget {
  readonly module: binaryen.Module
  readonly types: Readonly<Record<KernelType | 'none', binaryen.Type>>
  readonly createType: (types: binaryen.Type[]) => binaryen.Type
  readonly pure: ReadonlySet<string>
  readonly constructors: Map<string, Constructor>
}

interface Context extends EmitTarget {
  readonly plan: EmitPlan
  readonly locals: Locals
  loops: number
}

export function emitFunction(target: EmitTarget, f: KernelFunction): void {
  const { module, types } = target
  const plan = planEmission(f, target.pure)
  const c: Context = { ...target, plan, locals: createLocals(f.parameters, plan.uses), loops: 0 }
  const statements: Expression[] = []
  runNested(emitRegion(c, f.body, statements))
  if (f.result) statements.push(expression(c, f.body.yields[0]!))
  const result = f.result ? types[f.result] : types.none
  const body = module.block(null, statements, result)
  const parameters = target.createType(f.parameters.map(p => types[p.type]))
  const variables = c.locals.types().map(type => types[type])
  module.addFunction(f.name, parameters, result, variables, body)
  if (f.exported) module.addFunctionExport(f.name, f.name)
}

function* emitRegion(c: Context, region: Region, out: Expression[]): Nested {
  for (const instruction of region.instructions) {
    if (instruction.kind === 'if') yield emitIf(c, instruction, out)
    else if (instruction.kind === 'loop') yield emitLoop(c, instruction, out)
    else emitSimple(c, instruction, out)
  }
}

function emitSimple(
  c: Context,
  instruction: Exclude<Instruction, { kind: 'if' | 'loop' }>,
  out: Expression[],
): void {
  switch (instruction.kind) {
    case 'const':
      break
    case 'op':
    case 'load':
    case 'call':
      emitComputation(c, instruction, out)
      break
    case 'store': {
      const { address, offset, value } = instruction
      const whole = c.module[value.type].store
      out.push(
        storeFromLane(c, instruction) ??
          whole(offset, bytes(value.type), expression(c, address), expression(c, value)),
      )
      c.locals.settle()
      break
    }
    default:
      assertNever(instruction)
  }
}

const bytes = (type: KernelType): number => (type === 'v128' ? 16 : type.endsWith('64') ? 8 : 4)

type Computation = Extract<Instruction, { kind: 'op' | 'load' | 'call' }>

function emitComputation(c: Context, instruction: Computation, out: Expression[]): void {
  const { result } = instruction
  const used = result !== undefined && Boolean(c.plan.uses[result.id])
  if (used && c.plan.inlined[result.id]) return
  if (!used && !(instruction.kind === 'call' && !c.pure.has(instruction.function))) return
  const value = compute(c, instruction)
  c.locals.settle()
  if (used) out.push(c.module.local.set(c.locals.define(result), value))
  else out.push(result ? c.module.drop(value) : value)
}

function compute(c: Context, instruction: Instruction): Expression {
  switch (instruction.kind) {
    case 'op':
      return (
        loadIntoLane(c, instruction) ??
        construct(c, instruction.op)(...instruction.args.map(a => expression(c, a)))
      )
    case 'load': {
      const { result, offset, address } = instruction
      return c.module[result.type].load(offset, bytes(result.type), expression(c, address))
    }
    case 'call': {
      const type = instruction.result ? c.types[instruction.result.type] : c.types.none
      return c.module.call(
        instruction.function,
        instruction.args.map(a => expression(c, a)),
        type,
      )
    }
    default:
      throw new Error(`internal error: ${instruction.kind} inside an expression`)
  }
}

/** A lane other than the first that is taken out only to be stored. */
function storeFromLane(
  c: Context,
  { address, offset, value }: Extract<Instruction, { kind: 'store' }>,
): Expression | undefined {
  const from = c.plan.inlined[value.id] ? c.plan.definition.get(value.id) : undefined
  if (from?.kind !== 'op') return undefined
  const lane = /^f..x..extract_lane_([1-3])/.exec(from.op)
  if (!lane) return undefined
  const size = bytes(value.type)
  const into = size === 8 ? c.module.v128.store64_lane : c.module.v128.store32_lane
  return into(offset, size, Number(lane[1]), expression(c, address), expression(c, from.args[0]!))
}

/** A load that is only wanted in a lane, or in all, is one instruction with what puts it there. */
function loadIntoLane(
  c: Context,
  { op, args }: Extract<Instruction, { kind: 'op' }>,
): Expression | undefined {
  const { v128 } = c.module
  const from = args.at(-1)!
  const load = c.plan.inlined[from.id] ? c.plan.definition.get(from.id) : undefined
  if (load?.kind !== 'load') return undefined
  const size = bytes(from.type)
  const address = () => expression(c, load.address)
  if (/^f64x2.splat/.test(op)) return v128.load64_splat(load.offset, size, address())
  if (/^f32x4.splat/.test(op)) return v128.load32_splat(load.offset, size, address())
  const lane = /^f..x..replace_lane_(\d)/.exec(op)
  if (!lane) return undefined
  const vector = expression(c, args[0]!)
  const into = size === 8 ? v128.load64_lane : v128.load32_lane
  return into(load.offset, size, Number(lane[1]), address(), vector)
}

function construct(c: Context, op: string): Constructor {
  const known = c.constructors.get(op)
  if (known) return known
  const made = constructorOf(c.module, op)
  c.constructors.set(op, made)
  return made
}

/** The value as an expression: a constant, the tree it is computed by, or its local. */
function expression(c: Context, value: Value): Expression {
  const constant = c.plan.constants.get(value.id)
  if (constant) return emitConstant(c, constant)
  if (c.plan.inlined[value.id]) return compute(c, c.plan.definition.get(value.id)!)
  return c.module.local.get(c.locals.read(value), c.types[value.type])
}

function emitConstant(c: Context, { result, value }: Extract<Instruction, { kind: 'const' }>): Expression {
  switch (result.type) {
    case 'i32':
      return c.module.i32.const(Number(value) | 0)
    case 'i64':
      return c.module.i64.const(BigInt.asIntN(64, BigInt(value)))
    case 'v128':
      return c.module.v128.const(laneBytes(BigInt(value)))
    default:
      return c.module[result.type].const(Number(value))
  }
}

/** Little-endian. */
export function laneBytes(bits: bigint): number[] {
  return Array.from({ length: 16 }, (_, i) => Number((bits >> BigInt(8 * i)) & 255n))
}

function* emitIf(c: Context, instruction: Extract<Instruction, { kind: 'if' }>, out: Expression[]): Nested {
  const condition = expression(c, instruction.condition)
  c.locals.settle()
  const targets = instruction.results.map(r => (c.plan.uses[r.id] ? c.locals.define(r) : undefined))
  const { thenRegion, elseRegion } = instruction
  const whenTrue: Expression[] = []
  yield emitBranch(c, thenRegion, targets, whenTrue)
  const whenFalse: Expression[] = []
  yield emitBranch(c, elseRegion, targets, whenFalse)
  const block = (statements: Expression[]) => c.module.block(null, statements, c.types.none)
  const otherwise = whenFalse.length > 0 ? block(whenFalse) : undefined
  out.push(c.module.if(condition, block(whenTrue), otherwise))
}

/** Runs a region and puts what it yields into the locals of the results that are used. */
function* emitBranch(
  c: Context,
  region: Region,
  targets: readonly (number | undefined)[],
  out: Expression[],
): Nested {
  yield* emitRegion(c, region, out)
  for (const [i, local] of targets.entries()) {
    if (local === undefined) continue
    out.push(c.module.local.set(local, expression(c, region.yields[i]!)))
    c.locals.settle()
  }
}

function* emitLoop(c: Context, loop: Extract<Instruction, { kind: 'loop' }>, out: Expression[]): Nested {
  const { module, locals } = c
  loop.carried.forEach((carried, i) => {
    const initial = expression(c, loop.initial[i]!)
    locals.settle()
    locals.pin(carried)
    out.push(module.local.set(locals.define(carried), initial))
  })
  const label = `loop${c.loops++}`
  locals.enterLoop()
  const statements: Expression[] = []
  yield emitRegion(c, loop.body, statements)
  const condition = conditionAfterMoves(c, loop, statements)
  emitMoves(c, loop, statements)
  statements.push(module.br_if(label, condition))
  locals.settle()
  locals.leaveLoop()
  out.push(module.loop(label, module.block(null, statements, c.types.none)))
  loop.carried.forEach((carried, i) => {
    locals.unpin(carried, loop.results[i]!)
  })
}

/** A condition that is itself carried is saved, because the next values overwrite it before it is read. */
function conditionAfterMoves(
  c: Context,
  loop: Extract<Instruction, { kind: 'loop' }>,
  statements: Expression[],
): Expression {
  const read = expression(c, loop.condition)
  if (!loop.carried.includes(loop.condition)) return read
  const saved = c.locals.temporary('i32')
  statements.push(c.module.local.set(saved, read))
  return c.module.local.get(saved, c.types.i32)
}

function emitMoves(c: Context, loop: Extract<Instruction, { kind: 'loop' }>, statements: Expression[]): void {
  const place = new Map(loop.carried.map((value, i) => [value, i]))
  const moves = loop.body.yields.map((from, to) => ({ to, from, reads: place.get(from) }))
  const temporaries = new Map<Value, number>()
  for (const step of orderMoves(moves)) {
    if (step.kind === 'save') {
      const value = loop.carried[step.place]!
      const temporary = c.locals.temporary(value.type)
      temporaries.set(value, temporary)
      statements.push(c.module.local.set(temporary, expression(c, value)))
      continue
    }
    const type = c.types[step.from.type]
    const value = step.saved
      ? c.module.local.get(temporaries.get(step.from)!, type)
      : expression(c, step.from)
    statements.push(c.module.local.set(c.locals.read(loop.carried[step.to]!), value))
  }
  for (const temporary of temporaries.values()) c.locals.free(temporary)
}
