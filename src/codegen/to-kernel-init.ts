/**
 * The function `init(sampleRate)`: a full reset.
 *
 * Comes in: a program and the map of its memory. Goes out: buffers filled, the init section run, state and
 * controls at their initial values, and the values of the init section that later sections read ("saved").
 * A module of its own, beside `compute`; each generated table has a function of its own that `init` calls.
 */
import type { CoreProgram } from '../core/ast.ts'
import { type BufferPlace, type MemoryPlan, planMemory, type SavedValue } from '../core/layout.ts'
import type { NumberType } from '../core/primitives.ts'
import { namesIn } from '../core/traverse.ts'
import { FunctionBuilder } from './builder.ts'
import type { KernelFunction, Value } from './kernel.ts'
import { type Stored, storedVariables, type TranslateOptions, typesOf } from './to-kernel-compute.ts'
import { translate } from './to-kernel-expression.ts'
import { copyMemory, fillZero } from './to-kernel-fill.ts'
import { translateLoop } from './to-kernel-loop.ts'
import { convert, literal, makeScope, numberType, type Scope } from './to-kernel-scope.ts'

/** A table still to be filled by a function of its own. */
interface Fill {
  readonly name: string
  readonly place: BufferPlace
  readonly program: CoreProgram
}

export interface InitFunctions {
  readonly functions: readonly KernelFunction[]
  readonly saved: readonly SavedValue[]
  /** The memory map, now with room for the saved values. */
  readonly plan: MemoryPlan
}

export function translateInit(program: CoreProgram, options: TranslateOptions): InitFunctions {
  const { precision, placement, isOpen = false } = options
  const fills: Fill[] = []
  const early = planMemory(program, precision, [], placement)
  const b = new FunctionBuilder()
  const sampleRate = b.parameter('f64')
  const stored = storedVariables(program, early)
  const places = early.buffers.get(program)!
  const scope = makeScope(b, precision, typesOf(stored), places, undefined, isOpen)
  runInit(scope, program, stored, sampleRate, placement ? undefined : fills)
  if (!placement) storeInitialState(scope, program, early, stored)
  const saved = savedValues(scope, program)
  const plan = planMemory(program, precision, saved, placement)
  for (const { name } of saved) b.store(scope.zero, plan.constants.get(name)!, scope.names.get(name)!)
  const functions = [b.finish('init', [sampleRate], undefined, true)]
  for (const fill of fills) functions.push(translateFill(fill, plan, options, fills))
  return { functions, saved, plan }
}

function storeInitialState(
  scope: Scope,
  program: CoreProgram,
  plan: MemoryPlan,
  stored: readonly Stored[],
): void {
  const { b, zero } = scope
  if (plan.position !== undefined) b.store(zero, plan.position, zero)
  for (const { name, offset } of stored) b.store(zero, offset, scope.names.get(name)!)
  for (const { name, direction, initial } of program.controls) {
    if (direction === 'in') b.store(zero, plan.controls.get(name)!, literal(scope, initial, 'real'))
  }
}

/**
 * Fills the buffers, unless the host does, then runs the init section; state is at its initial value unless the
 * section sets it.
 */
function runInit(
  scope: Scope,
  program: CoreProgram,
  state: readonly { name: string; type: NumberType; initial: number }[],
  sampleRate: Value,
  fills: Fill[] | undefined,
): void {
  const { b, names, precision } = scope
  if (fills) fillBuffers(scope, sampleRate, fills)
  names.set('$srate', precision === 'double' ? sampleRate : b.op('f32.demote_f64', sampleRate))
  for (const { name, type, initial } of state) names.set(name, literal(scope, initial, type))
  translate(scope, program.init)
}

/** What the init section assigned, or was given, and later sections read; state is stored in any case. */
function savedValues({ names, types }: Scope, program: CoreProgram): SavedValue[] {
  const { assigned } = namesIn([program.init])
  const outputs = new Set(program.outputs)
  const read = [program.control, program.sample].map(section => namesIn([section]).read)
  const wanted = [...assigned, '$srate'].filter(
    name => read.some(names => names.has(name)) || outputs.has(name),
  )
  return wanted
    .filter(name => !types.has(name) && names.get(name))
    .map(name => ({ name, type: numberType(names.get(name)!) }))
}

/** Tables of fixed values are data segments of the module and need nothing here, unless they were written. */
function fillBuffers(scope: Scope, sampleRate: Value, fills: Fill[]): void {
  const zeros: { offset: number; bytes: number }[] = []
  for (const place of scope.buffers.values()) {
    const { content } = place.declaration
    if (content.kind === 'generator') {
      const name = `fill$${fills.length}`
      fills.push({ name, place, program: content.program })
      scope.b.callVoid(name, [sampleRate])
    } else if (content.kind === 'zero') {
      const last = zeros.at(-1)
      const bytes = Math.ceil(place.bytes / 8) * 8
      if (last && last.offset + last.bytes === place.offset) last.bytes += bytes
      else zeros.push({ offset: place.offset, bytes })
    } else if (place.original !== undefined) {
      copyMemory(scope, place.original, place.offset, place.bytes)
    }
  }
  for (const { offset, bytes } of zeros) fillZero(scope, offset, bytes)
}

/** Runs a generator for as many frames as its table has elements. */
function translateFill(
  fill: Fill,
  plan: MemoryPlan,
  { precision, isOpen = false }: TranslateOptions,
  fills: Fill[],
): KernelFunction {
  const { program, place } = fill
  const b = new FunctionBuilder()
  const sampleRate = b.parameter('f64')
  const places = plan.buffers.get(program)!
  const scope = makeScope(b, precision, typesOf(program.kept), places, undefined, isOpen)
  const output = program.outputs[0]!
  scope.names.set(output, scope.zero)
  runInit(scope, program, program.kept, sampleRate, fills)
  const count = b.i32(place.declaration.length)
  scope.names.set('$frames', count)
  translate(scope, program.control)
  translateLoop(scope, program, {
    count,
    shift: place.shift,
    position: scope.zero,
    begin: () => {},
    end: offset => {
      b.store(offset, place.offset, convert(scope, scope.names.get(output)!, place.declaration.type))
    },
  })
  return b.finish(fill.name, [sampleRate], undefined)
}
