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
  const statements = emitInstructions(c, f.body)
  if (f.result) statements.push(expression(c, f.body.yields[0]!))
  const result = f.result ? types[f.result] : types.none
  const body = module.block(null, statements, result)
  const parameters = target.createType(f.parameters.map(p => types[p.type]))
  const variables = c.locals.types().map(type => types[type])
  module.addFunction(f.name, parameters, result, variables, body)
  if (f.exported) module.addFunctionExport(f.name, f.name)
}

function emitInstructions(c: Context, region: Region): Expression[] {
  const out: Expression[] = []
  for (const instruction of region.instructions) emitInstruction(c, instruction, out)
  return out
}

function emitInstruction(c: Context, instruction: Instruction, out: Expression[]): void {
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
      const size = value.type.endsWith('64') ? 8 : 4
      out.push(c.module[value.type].store(offset, size, expression(c, address), expression(c, value)))
      c.locals.settle()
      break
    }
    case 'if':
      out.push(emitIf(c, instruction))
      break
    case 'loop':
      emitLoop(c, instruction, out)
      break
    default:
      assertNever(instruction)
  }
}

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
      return construct(c, instruction.op)(...instruction.args.map(a => expression(c, a)))
    case 'load': {
      const { result, offset } = instruction
      const size = result.type.endsWith('64') ? 8 : 4
      return c.module[result.type].load(offset, size, expression(c, instruction.address))
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
    default:
      return c.module[result.type].const(Number(value))
  }
}

function emitIf(c: Context, instruction: Extract<Instruction, { kind: 'if' }>): Expression {
  const condition = expression(c, instruction.condition)
  c.locals.settle()
  const targets = instruction.results.map(r => (c.plan.uses[r.id] ? c.locals.define(r) : undefined))
  const branch = (region: Region): Expression => {
    const statements = emitInstructions(c, region)
    targets.forEach((local, i) => {
      if (local === undefined) return
      statements.push(c.module.local.set(local, expression(c, region.yields[i]!)))
      c.locals.settle()
    })
    return c.module.block(null, statements, c.types.none)
  }
  const whenTrue = branch(instruction.thenRegion)
  const { elseRegion } = instruction
  const hasElse = elseRegion.instructions.length > 0 || targets.some(t => t !== undefined)
  return hasElse ? c.module.if(condition, whenTrue, branch(elseRegion)) : c.module.if(condition, whenTrue)
}

function emitLoop(c: Context, loop: Extract<Instruction, { kind: 'loop' }>, out: Expression[]): void {
  const { module, locals } = c
  loop.carried.forEach((carried, i) => {
    const initial = expression(c, loop.initial[i]!)
    locals.settle()
    locals.pin(carried)
    out.push(module.local.set(locals.define(carried), initial))
  })
  const label = `loop${c.loops++}`
  locals.enterLoop()
  const statements = emitInstructions(c, loop.body)
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
