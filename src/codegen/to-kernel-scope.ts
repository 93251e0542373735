/**
 * What the translation of a Core section knows: the function under construction, the values of names, and
 * where buffers live.
 *
 * A module of its own because every part of to-kernel shares it, and because assignment, the only thing in
 * Core that is not already in SSA form, is dealt with here and nowhere else.
 */

import type { BufferPlaces } from '../core/layout.ts'
import { type NumberType, truncateToInt } from '../core/primitives.ts'
import type { Precision } from '../core/program.ts'
import type { FunctionBuilder } from './builder.ts'
import { kernelType } from './emit-primitive.ts'
import type { Value } from './kernel.ts'

export type NameWatcher = (name: string, value: Value) => void

/** Current values of names. Assignments inside a fork are taken back when it ends. */
export class Names {
  private readonly values = new Map<string, Value>()
  /** For each open fork, what the names assigned in it stood for before. */
  private readonly forks: Map<string, Value | undefined>[] = []
  /** Told of every assignment, for those who explain. */
  watch: NameWatcher | undefined

  get(name: string): Value | undefined {
    return this.values.get(name)
  }

  set(name: string, value: Value): void {
    const before = this.forks.at(-1)
    if (before && !before.has(name)) before.set(name, this.values.get(name))
    this.values.set(name, value)
    this.watch?.(name, value)
  }

  fork(): void {
    this.forks.push(new Map())
  }

  /** Ends the last fork; gives the names assigned in it, with their last values. */
  join(): Map<string, Value> {
    const assigned = new Map<string, Value>()
    for (const [name, before] of this.forks.pop()!) {
      assigned.set(name, this.values.get(name)!)
      if (before) this.values.set(name, before)
      else this.values.delete(name)
    }
    return assigned
  }
}

/** Names and values in pairs; further values are left alone. */
export function setAll(names: Names, list: readonly string[], values: readonly Value[]): void {
  for (const [i, name] of list.entries()) names.set(name, values[i]!)
}

export interface Resident {
  readonly type: NumberType
  readonly offset: number
}

/** Space of resident state. */
const STATE = '$state'

export function readResident({ b, zero, precision }: Scope, { type, offset }: Resident): Value {
  return b.load(kernelType(type, precision), zero, offset, false, STATE)
}

export function writeResident({ b, zero }: Scope, { offset }: Resident, value: Value): void {
  b.store(zero, offset, value, STATE)
}

export interface Scope {
  readonly b: FunctionBuilder
  readonly precision: Precision
  readonly names: Names
  /** Types of the names that do not simply take that of the assigned value: state and bargraphs. */
  readonly types: ReadonlyMap<string, NumberType>
  readonly buffers: BufferPlaces
  /** An i32 zero: the base of absolute addresses. */
  readonly zero: Value
  /** Within the sample loop: the shared delay position in bytes, by element size (2 ^ shift). */
  positions: { readonly 2: Value; readonly 3: Value } | undefined
  /** State that is read and written in memory, by name: what is too much for locals. */
  readonly resident: ReadonlyMap<string, Resident>
  /** Numbers behind literals, so that converting or indexing with one costs nothing. */
  readonly literals: Map<Value, number>
  /** The code is to be the same whatever the real literals of the program are. */
  readonly isOpen: boolean
}

export function makeScope(
  b: FunctionBuilder,
  precision: Precision,
  types: ReadonlyMap<string, NumberType>,
  buffers: BufferPlaces,
  resident: ReadonlyMap<string, Resident> = new Map(),
  isOpen = false,
): Scope {
  return {
    b,
    precision,
    types,
    buffers,
    resident,
    names: new Names(),
    zero: b.i32(0),
    positions: undefined,
    literals: new Map(),
    isOpen,
  }
}

export function numberType(value: Value): NumberType {
  return value.type === 'i32' ? 'int' : 'real'
}

/** A number of the program. */
export function literal(scope: Scope, value: number, type: NumberType): Value {
  if (!scope.isOpen || type === 'int') return constant(scope, value, type)
  const kernel = kernelType(type, scope.precision)
  return scope.b.literal(kernel, kernel === 'f32' ? Math.fround(value) : value)
}

/** Ints wrap; reals are rounded to the precision, so that equal values look equal. */
export function constant(scope: Scope, value: number, type: NumberType): Value {
  const kernel = kernelType(type, scope.precision)
  const number = kernel === 'i32' ? value | 0 : kernel === 'f32' ? Math.fround(value) : value
  const result = scope.b.constant(kernel, number)
  scope.literals.set(result, number)
  return result
}

/** Reals become ints by truncation, saturating. */
export function convert(scope: Scope, value: Value, type: NumberType): Value {
  if (numberType(value) === type) return value
  const literal = scope.literals.get(value)
  if (literal !== undefined) return constant(scope, type === 'int' ? truncateToInt(literal) : literal, type)
  if (type === 'real') return scope.b.op(`${kernelType('real', scope.precision)}.convert_i32_s`, value)
  return scope.b.op(`i32.trunc_sat_${value.type}_s`, value)
}

/** Whether a condition holds, as i32: what is not 0 does. The one place that defines it. */
export function truth(scope: Scope, value: Value): Value {
  if (value.type === 'i32') return value
  return scope.b.op(`${value.type}.ne`, value, constant(scope, 0, 'real'))
}
