/**
 * A bounded queue between two threads: one writes, one reads, neither waits.
 *
 * Comes in: messages of four int32 words. Goes out: the same, in order. A module of its own because it is all that
 * the two sides of an engine share besides the memory of the programs; whoever has the buffer has the queue.
 */

/** Messages that fit; one more is refused. */
export const RING_CAPACITY = 128
export const MESSAGE_WORDS = 4
/** Messages written and read so far, wrapping as int32. */
const WRITTEN = 0
const READ = 1
const FIRST = 2

export class Ring {
  readonly buffer: SharedArrayBuffer
  private readonly words: Int32Array

  constructor(
    buffer: SharedArrayBuffer = new SharedArrayBuffer(4 * (FIRST + MESSAGE_WORDS * RING_CAPACITY)),
  ) {
    this.buffer = buffer
    this.words = new Int32Array(buffer)
  }

  get length(): number {
    return (Atomics.load(this.words, WRITTEN) - Atomics.load(this.words, READ)) | 0
  }

  get isFull(): boolean {
    return this.length >= RING_CAPACITY
  }

  /** False if it is full; then nothing has happened. */
  push(a: number, b: number, c: number, d: number): boolean {
    const { words } = this
    const written = Atomics.load(words, WRITTEN)
    if (((written - Atomics.load(words, READ)) | 0) >= RING_CAPACITY) return false
    const at = this.place(written)
    words[at] = a
    words[at + 1] = b
    words[at + 2] = c
    words[at + 3] = d
    // The reader sees the count only after the words.
    Atomics.store(words, WRITTEN, (written + 1) | 0)
    return true
  }

  /** Copies the oldest message and leaves it in place; false if there is none. */
  peek(into: Int32Array): boolean {
    const { words } = this
    const read = Atomics.load(words, READ)
    if (Atomics.load(words, WRITTEN) === read) return false
    const at = this.place(read)
    for (let i = 0; i < MESSAGE_WORDS; i++) into[i] = words[at + i]!
    return true
  }

  /** Takes the oldest message away, after `peek`. */
  drop(): void {
    Atomics.store(this.words, READ, (Atomics.load(this.words, READ) + 1) | 0)
  }

  private place(count: number): number {
    return FIRST + MESSAGE_WORDS * (count & (RING_CAPACITY - 1))
  }
}
