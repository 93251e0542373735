/**
 * Copying state from the memory of one program to that of another.
 *
 * Comes in: a migration and both memories, between two blocks, the new program's `init` done. Goes out: nothing;
 * the new memory holds the state. Apart from planning because it runs where sound is made: typed arrays only.
 *
 * Sample x[n - a] of a delay line ("age" a ≥ 1) lies at element (position - a) mod size; all lines of a program
 * share the position, and sizes are powers of two.
 */
import type { Cell } from '../core/program.ts'
import type { Migration, StateCopy } from './migration-types.ts'

type Elements = Int32Array | Float32Array | Float64Array

/** Where the newest elements are, and how fast old samples pass. */
interface Clock {
  readonly before: number
  readonly after: number
  readonly ratio: number
}

export function applyMigration(
  migration: Migration,
  fromMemory: ArrayBufferLike,
  toMemory: ArrayBufferLike,
): void {
  const { formerPosition, position, rateRatio } = migration
  const before = formerPosition ? elementsOf(formerPosition, fromMemory)[0]! : 0
  // With one position for both, rings of one size are copied as they lie.
  if (position && formerPosition) elementsOf(position, toMemory)[0] = before
  const after = position ? elementsOf(position, toMemory)[0]! : 0
  const clock = { before, after, ratio: rateRatio }
  for (const copy of migration.copies) copyState(copy, fromMemory, toMemory, clock)
}

function elementsOf({ element, offset, bytes }: Cell, memory: ArrayBufferLike): Elements {
  switch (element) {
    case 'i32':
      return new Int32Array(memory, offset, bytes / 4)
    case 'f32':
      return new Float32Array(memory, offset, bytes / 4)
    case 'f64':
      return new Float64Array(memory, offset, bytes / 8)
  }
}

function copyState(
  copy: StateCopy,
  fromMemory: ArrayBufferLike,
  toMemory: ArrayBufferLike,
  clock: Clock,
): void {
  const { from, to } = copy
  const source = elementsOf(from, fromMemory)
  const target = elementsOf(to, toMemory)
  const isStretched = clock.ratio !== 1 && from.element !== 'i32'
  if (from.kind === 'delay' && to.kind === 'delay')
    (isStretched ? stretchRing : copyRing)(source, target, clock)
  else if (from.kind === 'delay') putSafely(target, 0, sampleOf(source, clock.before, to.age ?? 1), to)
  else if (to.kind === 'delay') {
    const index = (clock.after - (from.age ?? 1)) & (target.length - 1)
    putSafely(target, index, source[0]!, to)
  } else if (source.length === 1 && target.length === 1) putSafely(target, 0, source[0]!, to)
  else copyList(source, target)
  if (target.length > 1) makeSafe(target, to)
}

const sampleOf = (ring: Elements, position: number, age: number) =>
  age > ring.length ? 0 : ring[(position - age) & (ring.length - 1)]!

/** From the newest back, as much as both hold. At another sample rate echoes keep their time. */
function copyRing(source: Elements, target: Elements, { before, after }: Clock): void {
  if (source.length === target.length && before === after) {
    target.set(source)
    return
  }
  const count = Math.min(source.length, target.length)
  const [from, to] = [source.length - 1, target.length - 1]
  for (let age = 1; age <= count; age++) target[(after - age) & to] = source[(before - age) & from]!
}

/** Linear interpolation between the old samples on either side. */
function stretchRing(source: Elements, target: Elements, { before, after, ratio }: Clock): void {
  const mask = target.length - 1
  for (let age = 1; age <= target.length; age++) {
    const former = Math.max(1, age * ratio)
    const whole = Math.floor(former)
    if (whole > source.length) return
    const [newer, older] = [sampleOf(source, before, whole), sampleOf(source, before, whole + 1)]
    target[(after - age) & mask] = newer + (former - whole) * (older - newer)
  }
}

function copyList(source: Elements, target: Elements): void {
  target.set(source.length > target.length ? source.subarray(0, target.length) : source)
}

/** Not a number is left out; a value outside of what the new program computes with is moved inside. */
function putSafely(target: Elements, index: number, value: number, { range }: Cell): void {
  if (Number.isFinite(value)) target[index] = range ? Math.min(range.high, Math.max(range.low, value)) : value
}

/** What is not finite becomes 0, and what takes part in an index is moved inside its range. */
function makeSafe(target: Elements, { range }: Cell): void {
  if (!range && areFinite(target)) return
  for (let i = 0; i < target.length; i++) {
    const value = target[i]!
    if (!Number.isFinite(value)) target[i] = 0
    else if (range) target[i] = Math.min(range.high, Math.max(range.low, value))
  }
}

/** The sum of x·0 is 0 unless something is infinite or not a number. Four sums do not wait for each other. */
function areFinite(values: Elements): boolean {
  if (values instanceof Int32Array) return true
  let [a, b, c, d] = [0, 0, 0, 0]
  const whole = values.length - (values.length % 4)
  for (let i = 0; i < whole; i += 4) {
    a += values[i]! * 0
    b += values[i + 1]! * 0
    c += values[i + 2]! * 0
    d += values[i + 3]! * 0
  }
  for (let i = whole; i < values.length; i++) a += values[i]! * 0
  return a + b + c + d === 0
}
