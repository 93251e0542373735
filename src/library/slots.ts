/**
 * Buffers and tables that may move: a directory entry each, which compiled functions read.
 *
 * Comes in: new contents and lengths. Goes out: entries changed, contents kept as far as they fit. A module of its own
 * because moving a buffer is what an engine does while sound runs: it is two stores, seen by all functions at once.
 */
import type { SharedMemory } from './memory.ts'
import { Place, viewOf } from './places.ts'

export class BufferSlot {
  readonly name: string
  readonly isTable: boolean
  /** Offset of the entry: address in bytes and length in elements, both i32. */
  readonly entry: number
  /** An engine has asked the audio side for this length, which has not answered yet. */
  expectedLength: number | undefined
  private readonly directory: Place
  private readonly memory: SharedMemory
  private place: Place

  constructor(memory: SharedMemory, name: string, isTable: boolean, length: number) {
    this.memory = memory
    this.name = name
    this.isTable = isTable
    this.directory = new Place(memory, 8).hold()
    this.entry = this.directory.offset
    this.place = this.reserve(length).hold()
    this.point(this.place, length)
  }

  get length(): number {
    return this.memory.views.i32[this.entry / 4 + 1]!
  }

  reserve(length: number): Place {
    return new Place(this.memory, length * (this.isTable ? 4 : 8))
  }

  /** Until it is moved. */
  view(): Float64Array | Float32Array {
    const element = this.isTable ? 'f32' : 'f64'
    return viewOf(this.memory, element, this.place.offset, this.length) as Float64Array | Float32Array
  }

  /** From now on at another place; the first elements stay. */
  move(to: Place, length: number): void {
    const before = this.view()
    this.place.release()
    this.place = to.hold()
    this.point(to, length)
    this.view().set(before.subarray(0, Math.min(length, before.length)))
  }

  /** The audio side has moved it there. */
  adopt(to: Place): void {
    const before = this.place
    this.place = to.hold()
    before.release()
  }

  /** New contents and length; gives the old contents back. */
  swap(contents: ArrayLike<number>, preserve = false): Float64Array | Float32Array {
    const before = this.view().slice()
    if (contents.length === 0) return before
    if (contents.length !== before.length) this.move(this.reserve(contents.length), contents.length)
    const view = this.view()
    view.set(contents)
    if (preserve) view.set(before.subarray(0, Math.min(before.length, view.length)))
    return before
  }

  free(): void {
    this.directory.release()
    this.place.release()
  }

  private point(place: Place, length: number): void {
    const { i32 } = this.memory.views
    i32[this.entry / 4] = place.offset
    i32[this.entry / 4 + 1] = length
  }
}
