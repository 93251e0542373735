/**
 * Who holds which piece of memory, and what a compilation must undo when it fails.
 *
 * Comes in: sizes. Goes out: places with counted references. Apart from memory.ts because bytes know nothing of
 * functions: a place is given back when neither the context nor a function holds it any more.
 */
import type { Cell } from '../core/program.ts'
import type { SharedMemory } from './memory.ts'

export class Place {
  /** Behind the header. */
  readonly offset: number
  readonly bytes: number
  private readonly memory: SharedMemory
  private readonly header: number
  private holders = 0

  /** `header`: bytes in front that belong to it, a multiple of 16. */
  constructor(memory: SharedMemory, bytes: number, header = 0) {
    this.memory = memory
    this.bytes = bytes
    this.header = header
    this.offset = memory.allocate(bytes) + header
  }

  hold(): this {
    this.holders++
    return this
  }

  release(): void {
    if (--this.holders === 0) this.memory.release(this.offset - this.header, this.bytes)
  }
}

/** State of a node, or a buffer of one: where it is, and what it starts from. */
export interface StateCell {
  readonly key: string
  readonly place: Place
  readonly element: Cell['element']
  readonly length: number
  /** Padded with zeros. */
  readonly initial: readonly number[]
}

/**
 * Starts anew with a reset. Atoms and other memory that nodes share outlive it, and so do tables that nothing writes.
 */
export function isOfNode({ key }: StateCell): boolean {
  return key.startsWith('node ') || (key.startsWith('table ') && !key.startsWith('table $'))
}

export function fillCell(memory: SharedMemory, cell: StateCell): void {
  const { offset, bytes } = cell.place
  memory.views.bytes.fill(0, offset, offset + bytes)
  const view = cellView(memory, cell)
  for (let i = 0; i < cell.initial.length; i++) view[i] = cell.initial[i]!
}

/** The first `length` elements stay, if the type of element does. */
export function copyCell(memory: SharedMemory, from: StateCell, to: StateCell): void {
  fillCell(memory, to)
  if (from.element !== to.element) return
  const length = Math.min(from.length, to.length)
  cellView(memory, to).set(cellView(memory, from).subarray(0, length))
}

export type CellView = Float64Array | Float32Array | Int32Array

export function viewOf(
  memory: SharedMemory,
  element: Cell['element'],
  offset: number,
  length: number,
): CellView {
  const { f64, f32, i32 } = memory.views
  if (element === 'f64') return f64.subarray(offset / 8, offset / 8 + length)
  const view = element === 'f32' ? f32 : i32
  return view.subarray(offset / 4, offset / 4 + length)
}

export function cellView(memory: SharedMemory, cell: StateCell): CellView {
  return viewOf(memory, cell.element, cell.place.offset, cell.length)
}

export const elementBytes = (element: Cell['element']): number => (element === 'f64' ? 8 : 4)
