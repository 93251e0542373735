/**
 * Ends tails: state that has become too small is made zero at the end of a block.
 *
 * Comes in: the state of a program after a block. Goes out: the same without numbers that are too small. Processors compute
 * slowly with subnormal numbers, some a hundred times, and a feedback may hold them for ever; products of two decaying
 * signals, and powers, are subnormal long before their factors, so the limit leaves room for them (decision 0015). Done
 * once a block instead of once a sample because it then costs nothing.
 *
 * Delay lines become zero together, once all of all of them is too small: zeros among what is not yet small are steps on
 * which the filters of a loop fall through the subnormal numbers, in every round. What a block has written to one line
 * alone becomes zero only if it is far smaller, for the sake of programs of which another part goes on. Lines are only
 * looked through while the newest elements say that it may be worth it, so that it costs nothing.
 */
import { type BufferPlace, powerOfTwo } from '../core/layout.ts'
import type { Precision } from '../core/program.ts'
import { FunctionBuilder } from './builder.ts'
import type { KernelFunction, Value } from './kernel.ts'
import type { Scope } from './to-kernel-scope.ts'

const QUIET = 'quiet'
const TOGETHER = 'quietTogether'
const IS_QUIET = 'isQuiet'
const SILENCE = 'silence'
const SMALLEST = { f64: 2 ** -250, f32: 2 ** -56 }
type Real = 'f32' | 'f64'
const FAR_SMALLER = { f64: 2 ** -480, f32: 2 ** -100 }
/** A frame may pay for so many elements that are looked through. */
const ELEMENTS_A_FRAME = 8
/** Lines are looked at after so many frames at the earliest. */
const LEAST_FRAMES = 512
/** Where nothing sounds, only when so many times the longest has been written: what is left may hide between zeros. */
const SELDOM = 256
const SHAPES = { f64: 'f64x2', f32: 'f32x4' }

/** 0 if the value is too small, with its sign. */
export function quieted(b: FunctionBuilder, value: Value): Value {
  const type = value.type as Real
  return b.select(isSmall(b, value), b.op(`${type}.mul`, value, b.constant(type, 0)), value)
}

function isSmall(b: FunctionBuilder, value: Value, limits = SMALLEST): Value {
  const type = value.type as Real
  return b.op(`${type}.lt`, b.op(`${type}.abs`, value), b.constant(type, limits[type]))
}

const isReal = ({ declaration, written, shift }: BufferPlace, precision: Precision) =>
  declaration.shape === 'delay' &&
  declaration.type === 'real' &&
  written &&
  shift === (precision === 'double' ? 3 : 2)

/**
 * To be called after a block, with the address of the position, which is that of the next block by then: nothing is to be
 * held in a register for this while the block is computed.
 */
export function quietLines(scope: Scope, positionOffset: number, frames: Value): void {
  const { b, precision, zero } = scope
  const places = [...scope.buffers.values()].filter(place => isReal(place, precision))
  if (places.length === 0) return
  const end = b.load('i32', zero, positionOffset)
  const position = b.op('i32.sub', end, frames)
  for (const place of places) quietLine(b, place, end, frames)
  onlyIf(b, isDue(b, framesBetweenLooks(places), position, end), () => b.callVoid(TOGETHER, [position, end]))
}

const longest = (places: readonly BufferPlace[]) => Math.max(...places.map(place => place.declaration.length))

function framesBetweenLooks(places: readonly BufferPlace[]): number {
  const elements = places.reduce((sum, place) => sum + place.declaration.length, 0)
  return Math.max(LEAST_FRAMES, Math.min(2 * longest(places), elements / ELEMENTS_A_FRAME))
}

/** Whether as many frames, or up to twice as many, have gone by. */
function isDue(b: FunctionBuilder, frames: number, position: Value, end: Value): Value {
  const shift = b.i32(Math.min(31, Math.log2(powerOfTwo(frames))))
  return b.op('i32.ne', b.op('i32.shr_u', position, shift), b.op('i32.shr_u', end, shift))
}

/** What the block has written to one line. */
function quietLine(b: FunctionBuilder, place: BufferPlace, end: Value, frames: Value): void {
  const newest = elementOf(b, place, end, 1)
  onlyIf(b, b.op('i32.and', isSmall(b, newest, FAR_SMALLER), isNotZero(b, newest)), () => {
    const length = b.i32(place.declaration.length)
    const count = b.select(b.op('i32.lt_u', frames, length), frames, length)
    b.callVoid(QUIET, partOf(b, place, end, count))
  })
}

/** The last elements of a line, as functions take them. */
function partOf(b: FunctionBuilder, place: BufferPlace, end: Value, count: Value): Value[] {
  const first = b.op('i32.shl', b.op('i32.sub', end, count), b.i32(place.shift))
  return [b.i32(place.offset), b.i32(place.bytes - 1), first, count]
}

/** What was written so many frames ago, the newest being 1. */
function elementOf(b: FunctionBuilder, place: BufferPlace, end: Value, age: number): Value {
  const { declaration, shift, offset, bytes } = place
  const first = b.op('i32.shl', b.op('i32.sub', end, b.i32(age)), b.i32(shift))
  const at = b.op('i32.and', first, b.i32(bytes - 1))
  return b.load(shift === 3 ? 'f64' : 'f32', at, offset, false, declaration.name)
}

function isNotZero(b: FunctionBuilder, value: Value): Value {
  return b.op(`${value.type}.ne`, value, b.constant(value.type, 0))
}

function onlyIf(b: FunctionBuilder, condition: Value, then: () => void): void {
  const run = () => {
    then()
    return []
  }
  b.if(condition, run, () => [])
}

/**
 * `isQuiet(line, mask, first, count, limit)`: whether all elements from the first on, whose place is given in bytes, are
 * below the limit. `silence(line, mask, first, count)` makes them zero, `quiet` does so if all are far smaller.
 * `quietTogether(position, end)`: the same for all of all lines, if all are small.
 */
export function quietFunctions(places: Iterable<BufferPlace>, precision: Precision): KernelFunction[] {
  const lines = [...places].filter(place => isReal(place, precision))
  if (lines.length === 0) return []
  const type = precision === 'double' ? 'f64' : 'f32'
  return [isQuietFunction(type), silenceFunction(type), quietFunction(type), togetherFunction(lines, type)]
}

function togetherFunction(places: readonly BufferPlace[], type: Real): KernelFunction {
  const b = new FunctionBuilder()
  const position = b.parameter('i32')
  const end = b.parameter('i32')
  const sounds = places
    .map(place => isNotZero(b, elementOf(b, place, end, 1)))
    .reduce((x, y) => b.op('i32.or', x, y), isDue(b, SELDOM * longest(places), position, end))
  // In a tail the oldest are the largest: they mostly show that it is not worth it yet.
  const isWorthIt = places
    .map(place => isSmall(b, elementOf(b, place, end, place.declaration.length)))
    .reduce((x, y) => b.op('i32.and', x, y), sounds)
  const limit = b.constant(type, SMALLEST[type])
  onlyIf(b, isWorthIt, () => {
    let areQuiet = b.i32(1)
    for (const place of places) {
      // After one that is not, a look at one element is as good as none.
      const count = b.select(areQuiet, b.i32(place.declaration.length), b.i32(1))
      const isQuiet = b.call(IS_QUIET, 'i32', [...partOf(b, place, end, count), limit])
      areQuiet = b.op('i32.and', areQuiet, isQuiet)
    }
    onlyIf(b, areQuiet, () => {
      for (const place of places) {
        b.callVoid(SILENCE, partOf(b, place, end, b.i32(place.declaration.length)))
      }
    })
  })
  return b.finish(TOGETHER, [position, end], undefined)
}

function quietFunction(type: Real): KernelFunction {
  const { b, parameters } = ringFunction(type)
  const limit = b.constant(type, FAR_SMALLER[type])
  onlyIf(b, b.call(IS_QUIET, 'i32', [...parameters, limit]), () => b.callVoid(SILENCE, parameters))
  return b.finish(QUIET, parameters, undefined)
}

function ringFunction(type: Real): { b: FunctionBuilder; ring: Ring; parameters: Value[] } {
  const b = new FunctionBuilder()
  const [line, mask, first, count] = [0, 1, 2, 3].map(() => b.parameter('i32')) as [
    Value,
    Value,
    Value,
    Value,
  ]
  return { b, ring: { type, line, mask, first, count }, parameters: [line, mask, first, count] }
}

function isQuietFunction(type: Real): KernelFunction {
  const { b, ring, parameters } = ringFunction(type)
  const limit = b.parameter(type)
  const shape = SHAPES[type]
  const limits = b.op(`${shape}.splat`, limit)
  const areQuiet = alongRing(b, ring, {
    vectors: address => {
      const sizes = VECTORS.map(offset => b.op(`${shape}.abs`, b.load('v128', address, offset)))
      const are = sizes.map(size => b.op(`${shape}.lt`, size, limits))
      return b.op(
        'i32x4.all_true',
        are.reduce((x, y) => b.op('v128.and', x, y)),
      )
    },
    scalar: address => b.op(`${type}.lt`, b.op(`${type}.abs`, b.load(type, address, 0)), limit),
  })
  return b.finish(IS_QUIET, [...parameters, limit], areQuiet)
}

function silenceFunction(type: Real): KernelFunction {
  const { b, ring, parameters } = ringFunction(type)
  const zero = b.constant(type, 0)
  const zeros = b.op(`${SHAPES[type]}.splat`, zero)
  alongRing(b, ring, {
    vectors: address => {
      for (const offset of VECTORS) b.store(address, offset, zeros)
      return b.i32(1)
    },
    scalar: address => {
      b.store(address, 0, zero)
      return b.i32(1)
    },
  })
  return b.finish(SILENCE, parameters, undefined)
}

interface Ring {
  readonly type: Real
  readonly line: Value
  readonly mask: Value
  readonly first: Value
  readonly count: Value
}

/** Byte offsets of vectors that are visited together. */
const VECTORS = [0, 16, 32, 48, 64, 80, 96, 112]
const TOGETHER_BYTES = 128

/** What to do at an address, with these vectors or an element; not 0 if the loop is to go on. */
interface Visit {
  readonly vectors: (address: Value) => Value
  readonly scalar: (address: Value) => Value
}

/**
 * Visits elements; gives what the last visit gave. The next address is found without it, so that a processor need not
 * wait for it.
 */
function alongRing(b: FunctionBuilder, ring: Ring, visit: Visit): Value {
  const size = ring.type === 'f64' ? 8 : 4
  const many = TOGETHER_BYTES / size
  const [, , goesOn] = b.loop([ring.first, ring.count, b.i32(1)], ([at, left]) => {
    const offset = b.op('i32.and', at!, ring.mask)
    const address = b.op('i32.add', ring.line, offset)
    const isWhole = b.op('i32.le_u', b.op('i32.add', offset, b.i32(TOGETHER_BYTES - 1)), ring.mask)
    const [step, goesOn] = b.if(
      b.op('i32.and', isWhole, b.op('i32.ge_u', left!, b.i32(many))),
      () => [b.i32(many), visit.vectors(address)],
      () => [b.i32(1), visit.scalar(address)],
    ) as [Value, Value]
    const rest = b.op('i32.sub', left!, step)
    const next = [b.op('i32.add', at!, b.op('i32.mul', step, b.i32(size))), rest, goesOn]
    return { next, condition: b.op('i32.and', goesOn, b.op('i32.ne', rest, b.i32(0))) }
  })
  return goesOn!
}
