/**
 * The function `compute(frames)`: one block.
 *
 * Comes in: a program and the map of its memory. Goes out: state and controls loaded once, the control section,
 * the loop over the frames, and what changed stored back. A module of its own, beside `init`.
 */
import type { CoreProgram } from '../core/ast.ts'
import type { MemoryPlan, Placement, SavedValue } from '../core/layout.ts'
import type { NumberType } from '../core/primitives.ts'
import type { Precision } from '../core/program.ts'
import { namesIn } from '../core/traverse.ts'
import { FunctionBuilder } from './builder.ts'
import { kernelType } from './emit-primitive.ts'
import type { KernelFunction, Value } from './kernel.ts'
import { translate } from './to-kernel-expression.ts'
import { translateLoop } from './to-kernel-loop.ts'
import { quieted, quietLines } from './to-kernel-quiet.ts'
import {
  convert,
  makeScope,
  type NameWatcher,
  readResident,
  type Scope,
  setAll,
  writeResident,
} from './to-kernel-scope.ts'

export interface TranslateOptions {
  readonly precision: Precision
  /** State lives where the host has put it. */
  readonly placement?: Placement | undefined
  readonly watch?: NameWatcher | undefined
  /** The code is to be the same whatever the real literals of the program are. */
  readonly isOpen?: boolean
}

/** Space of the host's channel buffers; another one a frame, as soon as a loop works on several. */
export const CHANNELS = '$channels'

/** A name whose value lives in memory between blocks: kept variables and bargraphs. */
export interface Stored {
  readonly name: string
  readonly type: NumberType
  readonly offset: number
  readonly initial: number
}

export function storedVariables(program: CoreProgram, plan: MemoryPlan): Stored[] {
  const meters = program.controls.filter(c => c.direction === 'out')
  return [
    ...program.kept.map(v => ({ ...v, offset: plan.kept.get(v.name)! })),
    ...meters.map(({ name, initial }) => ({
      name,
      initial,
      type: 'real' as const,
      offset: plan.controls.get(name)!,
    })),
  ]
}

/** Engines allow 50,000 locals, and each frame needs two for what it carries to the next. */
const MOST_CARRIED = 4096

/** What stays in memory of the state that changes from frame to frame. */
function chooseResident(program: CoreProgram, stored: readonly Stored[]): ReadonlyMap<string, Stored> {
  const { assigned } = namesIn([program.sample])
  const carried = stored.filter(v => assigned.has(v.name))
  return new Map(carried.slice(MOST_CARRIED).map(v => [v.name, v]))
}

export function typesOf(stored: readonly Pick<Stored, 'name' | 'type'>[]): Map<string, NumberType> {
  return new Map(stored.map(v => [v.name, v.type]))
}

export function translateCompute(
  program: CoreProgram,
  plan: MemoryPlan,
  saved: readonly SavedValue[],
  { precision, watch, isOpen = false }: TranslateOptions,
): KernelFunction {
  const b = new FunctionBuilder()
  const frames = b.parameter('i32')
  const all = storedVariables(program, plan)
  const resident = chooseResident(program, all)
  const stored = all.filter(v => !resident.has(v.name))
  const scope = makeScope(b, precision, typesOf(all), plan.buffers.get(program)!, resident, isOpen)
  const { names } = scope
  names.watch = watch
  names.set('$frames', frames)
  loadNames(scope, program, plan, stored, saved)
  translate(scope, program.control)
  const position = plan.position === undefined ? undefined : b.load('i32', scope.zero, plan.position)
  if (position) b.store(scope.zero, plan.position!, b.op('i32.add', position, frames))
  runWhenFrames(scope, frames, stored, () => {
    runBlock(scope, program, plan, frames, position)
    if (plan.position !== undefined) quietLines(scope, plan.position, frames)
  })
  const assigned = [program.control, program.sample].map(section => namesIn([section]).assigned)
  for (const { name, offset } of stored) {
    if (!assigned.some(names => names.has(name))) continue
    const value = names.get(name)!
    b.store(scope.zero, offset, value.type === 'i32' ? value : quieted(b, value))
  }
  for (const cell of resident.values()) {
    if (cell.type === 'real') writeResident(scope, cell, quieted(b, readResident(scope, cell)))
  }
  return b.finish('compute', [frames], undefined, true)
}

function loadNames(
  { b, names, zero, precision }: Scope,
  program: CoreProgram,
  plan: MemoryPlan,
  stored: readonly Stored[],
  saved: readonly SavedValue[],
): void {
  for (const name of program.outputs) names.set(name, zero)
  for (const { name, type } of saved) {
    names.set(name, b.load(kernelType(type, precision), zero, plan.constants.get(name)!, true))
  }
  for (const { name, direction } of program.controls) {
    const isConstant = direction === 'in'
    names.set(name, b.load(kernelType('real', precision), zero, plan.controls.get(name)!, isConstant))
  }
  for (const { name, type, offset } of stored) {
    names.set(name, b.load(kernelType(type, precision), zero, offset))
  }
}

/** The kernel's loop runs at least once; a block of no frames must not. */
function runWhenFrames(scope: Scope, frames: Value, stored: readonly Stored[], run: () => void): void {
  const { b, names } = scope
  const current = () => stored.map(v => names.get(v.name)!)
  const before = current()
  const after = b.if(
    b.op('i32.gt_s', frames, scope.zero),
    () => {
      names.fork()
      run()
      const last = current()
      names.join()
      return last
    },
    () => before,
  )
  setAll(
    names,
    stored.map(v => v.name),
    after,
  )
}

function runBlock(
  scope: Scope,
  program: CoreProgram,
  plan: MemoryPlan,
  frames: Value,
  position: Value | undefined,
): void {
  const { b, names, zero } = scope
  const { inputPointers, outputPointers } = plan.layout
  const real = kernelType('real', scope.precision)
  const inputs = program.inputs.map((_, i) => b.load('i32', zero, inputPointers + 4 * i, true))
  const outputs = program.outputs.map((_, i) => b.load('i32', zero, outputPointers + 4 * i, true))
  translateLoop(scope, program, {
    count: frames,
    shift: real === 'f64' ? 3 : 2,
    position,
    // All inputs are read before any output is written, so that the host may use one buffer for both.
    begin: offset =>
      program.inputs.forEach((name, i) => {
        names.set(name, b.load(real, b.op('i32.add', inputs[i]!, offset), 0, false, CHANNELS))
      }),
    end: offset =>
      program.outputs.forEach((name, i) => {
        const value = convert(scope, names.get(name)!, 'real')
        b.store(b.op('i32.add', outputs[i]!, offset), 0, value, CHANNELS)
      }),
  })
}
