/**
 * Ends tails: state that has become too small is made zero at the end of a block.
 *
 * Comes in: the state of a program after a block. Goes out: the same without numbers below 2^-480, or 2^-126 in single
 * precision. Processors compute slowly with subnormal numbers, some a hundred times, and a feedback may hold them for
 * ever; products of two decaying signals, and squares, are subnormal long before these are, which is why doubles, whose
 * range has room for it, are cut off where such products are still normal (decision 0015). Done once a block instead of
 * once a sample because it then costs nothing; a zero keeps its sign. A delay line is only looked through when its newest
 * element is too small.
 */
import type { BufferPlace } from '../core/layout.ts'
import type { Precision } from '../core/program.ts'
import { FunctionBuilder } from './builder.ts'
import type { KernelFunction, Value } from './kernel.ts'
import type { Scope } from './to-kernel-scope.ts'

const QUIET = 'quiet'
const SMALLEST = { f64: 2 ** -480, f32: 2 ** -126 }
type Real = 'f32' | 'f64'

/** 0 if the value is too small, with its sign. */
export function quieted(b: FunctionBuilder, value: Value): Value {
  const type = value.type as Real
  const isSmall = b.op(`${type}.lt`, b.op(`${type}.abs`, value), b.constant(type, SMALLEST[type]))
  return b.select(isSmall, b.op(`${type}.mul`, value, b.constant(type, 0)), value)
}

const isReal = (place: BufferPlace) =>
  place.declaration.shape === 'delay' && place.declaration.type === 'real' && place.written

/** To be called after a block, with the position of its first frame. */
export function quietLines(scope: Scope, position: Value, frames: Value): void {
  const { b } = scope
  for (const place of scope.buffers.values()) {
    if (!isReal(place)) continue
    const type: Real = place.shift === 3 ? 'f64' : 'f32'
    const mask = b.i32(place.bytes - 1)
    const last = b.op('i32.sub', b.op('i32.add', position, frames), b.i32(1))
    const newest = b.op('i32.and', b.op('i32.shl', last, b.i32(place.shift)), mask)
    const value = b.load(type, newest, place.offset, false, place.declaration.name)
    const zero = b.constant(type, 0)
    const isSmall = b.op(`${type}.lt`, b.op(`${type}.abs`, value), b.constant(type, SMALLEST[type]))
    b.if(
      b.op('i32.and', isSmall, b.op(`${type}.ne`, value, zero)),
      () => {
        b.callVoid(QUIET, [b.i32(place.offset), mask, newest, frames])
        return []
      },
      () => [],
    )
  }
}

/** `quiet(line, mask, newest, count)`: looks through the newest elements of a line, backwards. */
export function quietFunctions(places: Iterable<BufferPlace>, precision: Precision): KernelFunction[] {
  if (![...places].some(isReal)) return []
  const type = precision === 'double' ? 'f64' : 'f32'
  const size = precision === 'double' ? 8 : 4
  const b = new FunctionBuilder()
  const [line, mask, newest, count] = [0, 1, 2, 3].map(() => b.parameter('i32')) as [
    Value,
    Value,
    Value,
    Value,
  ]
  b.loop([newest, count], ([at, left]) => {
    const address = b.op('i32.add', line, b.op('i32.and', at!, mask))
    b.store(address, 0, quieted(b, b.load(type, address, 0)))
    const rest = b.op('i32.sub', left!, b.i32(1))
    return { next: [b.op('i32.sub', at!, b.i32(size)), rest], condition: rest }
  })
  return [b.finish(QUIET, [line, mask, newest, count], undefined)]
}
