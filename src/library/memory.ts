/**
 * The linear memory that all functions of a context share, and who has which part of it.
 *
 * Comes in: requests for bytes. Goes out: offsets that stay until they are given back, and views of the memory. A
 * module of its own because views die whenever a memory grows: everything reads memory through `views`.
 */
import { misuse } from '../core/misuse.ts'
import { type Views, viewsOf } from './views.ts'

interface Range {
  readonly offset: number
  readonly bytes: number
}

const PAGE_BYTES = 65536
const ALIGNMENT = 16
/** Nothing lives at 0, so that a forgotten address is noticed. */
const FIRST = 64
export const DEFAULT_MAXIMUM_BYTES = 2 ** 30

export interface MemoryOptions {
  /** Over a SharedArrayBuffer, for an engine whose audio runs in another thread. */
  readonly shared?: boolean
  /** There from the start, so that it need not grow while sound is made. Default 64 KiB. */
  readonly initialBytes?: number
  /** Default 1 GiB; a shared memory reserves addresses for all of it. */
  readonly maximumBytes?: number
}

export class SharedMemory {
  readonly memory: WebAssembly.Memory
  readonly maximumPages: number
  readonly isShared: boolean
  private free: Range[] = []
  private end = FIRST
  /** Of all of it; others after the memory has grown. A field, because asking a memory for its buffer is slow. */
  views: Views

  constructor(options: MemoryOptions = {}) {
    const { shared = false, initialBytes = PAGE_BYTES, maximumBytes = DEFAULT_MAXIMUM_BYTES } = options
    const initial = Math.max(1, Math.ceil(initialBytes / PAGE_BYTES))
    this.maximumPages = Math.max(initial, Math.ceil(maximumBytes / PAGE_BYTES))
    this.isShared = shared
    this.memory = new WebAssembly.Memory({ initial, maximum: this.maximumPages, shared })
    this.views = viewsOf(this.memory.buffer)
  }

  /** Bytes in use, gaps included. */
  get size(): number {
    return this.end
  }

  /** Zeroed. */
  allocate(bytes: number): number {
    const size = Math.max(ALIGNMENT, Math.ceil(bytes / ALIGNMENT) * ALIGNMENT)
    const offset = this.take(size)
    this.views.bytes.fill(0, offset, offset + size)
    return offset
  }

  release(offset: number, bytes: number): void {
    const size = Math.max(ALIGNMENT, Math.ceil(bytes / ALIGNMENT) * ALIGNMENT)
    const ranges = [...this.free, { offset, bytes: size }].sort((a, b) => a.offset - b.offset)
    const merged: Range[] = []
    for (const range of ranges) {
      const last = merged.at(-1)
      if (last && last.offset + last.bytes === range.offset) {
        merged[merged.length - 1] = { offset: last.offset, bytes: last.bytes + range.bytes }
      } else {
        merged.push(range)
      }
    }
    const last = merged.at(-1)
    if (last && last.offset + last.bytes === this.end) {
      this.end = last.offset
      merged.pop()
    }
    this.free = merged
  }

  /** First fit. */
  private take(size: number): number {
    const index = this.free.findIndex(range => range.bytes >= size)
    if (index >= 0) {
      const { offset, bytes } = this.free[index]!
      const rest = bytes > size ? [{ offset: offset + size, bytes: bytes - size }] : []
      this.free.splice(index, 1, ...rest)
      return offset
    }
    const offset = this.end
    this.grow(offset + size)
    this.end = offset + size
    return offset
  }

  private grow(end: number): void {
    const missing = Math.ceil(end / PAGE_BYTES) - this.memory.buffer.byteLength / PAGE_BYTES
    if (missing <= 0) return
    try {
      this.memory.grow(missing)
      this.views = viewsOf(this.memory.buffer)
    } catch (cause) {
      throw misuse('memoryExhausted', { bytes: end }, cause)
    }
  }
}
