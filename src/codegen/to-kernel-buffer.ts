/**
 * Reads and writes of delay lines and tables.
 *
 * Comes in: a buffer operation whose operands are translated. Goes out: address arithmetic and a load or store.
 * A module of its own because the cost of delay lines is decided here.
 *
 * A delay line is a ring of a power of two of elements. All share one position that grows by one element a
 * frame and wraps with i32, kept multiplied by the element size, so that an access is one addition, one `and`
 * and a load whose constant offset is the base of the line.
 */
import type { BufferOperation } from '../core/ast.ts'
import type { BufferPlace } from '../core/layout.ts'
import { kernelType } from './emit-primitive.ts'
import type { KernelType, Value } from './kernel.ts'
import { constant, convert, type Scope } from './to-kernel-scope.ts'

interface Address {
  readonly base: Value
  readonly offset: number
}

export function readBuffer(scope: Scope, node: BufferOperation, index: Value): Value {
  const place = scope.buffers.get(node.buffer)!
  const type = kernelType(place.declaration.type, scope.precision)
  const whole = convert(scope, index, 'int')
  const { base, offset } =
    node.op === 'delayRead' ? ringAddress(scope, place, whole) : tableAddress(scope, place, whole)
  const isSingle = isStoredSingle(place, type)
  const value = scope.b.load(isSingle ? 'f32' : type, base, offset, !place.written, node.buffer)
  return isSingle ? scope.b.op('f64.promote_f32', value) : value
}

/** Whether elements have half the size of the program's reals. */
function isStoredSingle(place: BufferPlace, type: KernelType): boolean {
  return type === 'f64' && place.declaration.single === true
}

/** In elements, as int. */
export function bufferLength(scope: Scope, buffer: string): Value {
  const place = scope.buffers.get(buffer)!
  if (place.directory === undefined) return constant(scope, place.declaration.length, 'int')
  return scope.b.load('i32', scope.zero, place.directory + 4, true)
}

export function writeBuffer(scope: Scope, node: BufferOperation, index: Value, value: Value): Value {
  const place = scope.buffers.get(node.buffer)!
  const real = convert(scope, value, place.declaration.type)
  const stored = isStoredSingle(place, real.type) ? scope.b.op('f32.demote_f64', real) : real
  const { base, offset } =
    node.op === 'delayWrite'
      ? ringAddress(scope, place, scope.zero)
      : tableAddress(scope, place, convert(scope, index, 'int'))
  scope.b.store(base, offset, stored, node.buffer)
  return scope.b.i32(0)
}

/** Address of what is appended `distance` frames before this one. */
function ringAddress(scope: Scope, place: BufferPlace, distance: Value): Address {
  const { b, literals } = scope
  const position = scope.positions![place.shift]
  const mask = b.i32(place.bytes - 1)
  const at = (bytes: Value) => ({ base: b.op('i32.and', bytes, mask), offset: place.offset })
  const frames = distance === scope.zero ? 0 : literals.get(distance)
  if (frames === 0) return at(position)
  if (frames !== undefined) return at(b.op('i32.add', position, b.i32(-frames * 2 ** place.shift)))
  return at(b.op('i32.sub', position, b.op('i32.shl', distance, b.i32(place.shift))))
}

function tableAddress(scope: Scope, place: BufferPlace, index: Value): Address {
  if (place.directory !== undefined) {
    // The host changes the directory between blocks only.
    const start = scope.b.load('i32', scope.zero, place.directory, true)
    const bytes = scope.b.op('i32.shl', index, scope.b.i32(place.shift))
    return { base: scope.b.op('i32.add', start, bytes), offset: 0 }
  }
  const element = scope.literals.get(index)
  if (element !== undefined) return { base: scope.zero, offset: place.offset + element * 2 ** place.shift }
  return { base: scope.b.op('i32.shl', index, scope.b.i32(place.shift)), offset: place.offset }
}
