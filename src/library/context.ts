/**
 * What outlives a compilation: memory, and what is where in it.
 *
 * Comes in: requests of the compiler and of hosts. Goes out: places of state by id, buffers, atoms, persistent names. A
 * module of its own because a context belongs to no function: state stays while programs come and go.
 */
import { misuse } from '../core/misuse.ts'
import type { DSPFunction } from './function.ts'
import type { CellMove } from './image.ts'
import { type MemoryOptions, SharedMemory } from './memory.ts'
import type { StateCell } from './places.ts'
import { cellView, Place } from './places.ts'
import { BufferSlot } from './slots.ts'
import { DEFAULT_SAMPLE_RATE } from './views.ts'

export interface ContextOptions extends MemoryOptions {
  /** Default 32. */
  readonly atomCount?: number
  /** Buffers with a number, of 16 samples at first. Default 16. */
  readonly bufferCount?: number
  /** Tables with a number, of 1 sample at first. Default 16. */
  readonly tableCount?: number
  /** Buffers of nodes are made for it. Default 192000 Hz. */
  readonly highestSampleRate?: number
}

/** A number in single precision that programs and hosts share. */
export interface Atom {
  get(): number
  set(value: number): void
}

/** A variable of a program, from outside, between two calls of it. */
export interface Reference {
  value: number
}

const BUFFER_LENGTH = 16
export const ATOMS = 'table $atoms'

export class DSPNodeContext {
  readonly memory: SharedMemory
  readonly atomCount: number
  readonly bufferCount: number
  readonly tableCount: number
  readonly highestSampleRate: number
  /** Of the function initialised last; what `exec` works with before any `init`. */
  sampleRate = DEFAULT_SAMPLE_RATE
  /** Counts compilations. */
  generation = 0
  /** Of nodes, by cell key; they stay when no program uses them. */
  readonly cells = new Map<string, StateCell>()
  readonly slots = new Map<string, BufferSlot>()
  /** Names of the node types behind ids. */
  readonly nodes = new Map<string, string>()
  readonly persistent = new Map<string, number>()
  /** Node buffers of new lengths whose contents still lie at the old place. */
  readonly moves = new Set<CellMove>()
  /** Ids that the function compiled last uses. */
  lastUsed: ReadonlySet<string> = new Set()
  private debug = false
  private irDump = ''
  private isFreed = false

  constructor(options: ContextOptions = {}) {
    const { atomCount = 32, bufferCount = 16, tableCount = 16, highestSampleRate = 192000 } = options
    this.memory = new SharedMemory(options)
    this.atomCount = atomCount
    this.bufferCount = bufferCount
    this.tableCount = tableCount
    this.highestSampleRate = highestSampleRate
    const place = new Place(this.memory, 4 * atomCount).hold()
    this.cells.set(ATOMS, { key: ATOMS, place, element: 'f32', length: atomCount, initial: [] })
    for (let i = 0; i < bufferCount; i++) this.addSlot(`buffer#${i}`, false, BUFFER_LENGTH)
    for (let i = 0; i < tableCount; i++) this.addSlot(`table#${i}`, true, 1)
  }

  addSlot(name: string, isTable: boolean, length: number): BufferSlot {
    const slot = new BufferSlot(this.memory, name, isTable, length)
    this.slots.set(name, slot)
    return slot
  }

  setDebug(enabled: boolean): void {
    this.debug = enabled
  }

  debugEnabled(): boolean {
    return this.debug
  }

  /** The kernel of the last compilation with debugging on; empty before. */
  getIrDump(): string {
    return this.irDump
  }

  noteIr(text: string): void {
    this.irDump = text
  }

  atom(index: number): Atom | undefined {
    if (!Number.isInteger(index) || index < 0 || index >= this.atomCount) return undefined
    const at = this.cells.get(ATOMS)!.place.offset / 4 + index
    return {
      get: () => this.memory.views.f32[at]!,
      set: value => {
        this.memory.views.f32[at] = value
      },
    }
  }

  /** Memory that nodes share by name, such as `atoms`; undefined before a program uses it. */
  sharedBuffer(name: string): Float64Array | Float32Array | undefined {
    const cell = this.cells.get(`table $${name}`)
    return cell && (cellView(this.memory, cell) as Float64Array | Float32Array)
  }

  /** The name includes the star. */
  getPersistentVariableIndexByName(name: string): number | undefined {
    return this.persistent.get(name)
  }

  /** Buffers are named by number or name. */
  bufferLength(buffer: number | string): number {
    return this.slotOf(buffer, 'buffer').length
  }

  tableLength(table: number | string): number {
    return this.slotOf(table, 'table').length
  }

  readBuffer(buffer: number | string): Float64Array {
    return Float64Array.from(this.slotOf(buffer, 'buffer').view())
  }

  readTable(table: number | string): Float32Array {
    return Float32Array.from(this.slotOf(table, 'table').view())
  }

  /** New contents of any length; gives back the old ones. With `preserve` the old contents stay as far as they fit. */
  swapBuffer(buffer: number | string, contents: ArrayLike<number>, preserve = false): Float64Array {
    return Float64Array.from(this.slotOf(buffer, 'buffer').swap(contents, preserve))
  }

  swapTable(table: number | string, contents: ArrayLike<number>): Float32Array {
    return Float32Array.from(this.slotOf(table, 'table').swap(contents))
  }

  sendTable(table: number | string, contents: ArrayLike<number>): void {
    this.swapTable(table, contents)
  }

  slotOf(reference: number | string, space: 'buffer' | 'table'): BufferSlot {
    this.checkAlive()
    const name = typeof reference === 'number' ? `${space}#${reference}` : reference
    const slot = this.slots.get(name)
    if (!slot || slot.isTable !== (space === 'table')) throw misuse('bufferUnknown', { buffer: name })
    return slot
  }

  /** State of the node with this id, whether a program uses it or not. */
  hasNode(id: number | string): boolean {
    return this.nodes.has(String(id))
  }

  /** A variable or one-element buffer of it. */
  nodeVariable(id: number | string, name: string): Reference | undefined {
    const key = `${id}/${name}`
    const cell = this.cells.get(`node ${key}`) ?? this.cells.get(`table ${key}`)
    if (!cell || !this.nodes.has(String(id))) return undefined
    const { memory } = this
    return {
      get value() {
        return cellView(memory, cell)[0]!
      },
      set value(value) {
        cellView(memory, cell)[0] = value
      },
    }
  }

  nodeBuffer(id: number | string, name: string): Float64Array | Float32Array | Int32Array | undefined {
    const cell = this.cells.get(`table ${id}/${name}`)
    return cell && cellView(this.memory, cell)
  }

  /** Drops the state of an id, so that it may become another node; functions that use it keep it for themselves. */
  forgetNode(id: number | string): boolean {
    for (const [key, cell] of this.cells) {
      if (!key.startsWith(`node ${id}/`) && !key.startsWith(`table ${id}/`)) continue
      cell.place.release()
      this.cells.delete(key)
    }
    for (const name of this.nodes.keys()) if (name.startsWith(`${id}/`)) this.nodes.delete(name)
    return this.nodes.delete(String(id))
  }

  /** For a function that nothing runs any more. */
  cleanupDspFunAfterUser(f: DSPFunction): void {
    f.free()
  }

  /** No function of the context can run afterwards. May be called again. */
  free(): void {
    this.isFreed = true
  }

  get freed(): boolean {
    return this.isFreed
  }

  checkAlive(): void {
    if (this.isFreed) throw misuse('contextFreed', {})
  }
}
