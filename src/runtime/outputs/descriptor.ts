/**
 * Bytes to a file, a named pipe or the standard output, one after another, without ever waiting for them.
 *
 * Comes in: a descriptor and pieces of bytes. Goes out: the bytes, in order. A stage of its own because a reader that
 * is slow, or a disk, must not stop the render loop: writes run beside it, and pipes that take nothing at the moment
 * (EAGAIN) are asked again.
 */
import { write } from 'node:fs'

const RETRY_MS = 5

export interface DescriptorWriter {
  /** `bytes` must stay as they are until `done`. */
  write(bytes: Uint8Array, done: () => void): void
  /** Resolves when everything is written. */
  flush(): Promise<void>
}

interface Piece {
  readonly bytes: Uint8Array
  readonly done: () => void
}

export function descriptorWriter(
  descriptor: number,
  failed: (error: NodeJS.ErrnoException) => void,
): DescriptorWriter {
  const queue: Piece[] = []
  const flushed: (() => void)[] = []
  let broken = false

  const next = (from: number) => {
    const piece = queue[0]
    if (!piece || broken) {
      for (const resolve of flushed.splice(0)) resolve()
      return
    }
    write(descriptor, piece.bytes, from, piece.bytes.length - from, null, (error, count) => {
      if (error?.code === 'EAGAIN') return void setTimeout(next, RETRY_MS, from)
      if (error) {
        broken = true
        failed(error)
      } else if (from + count < piece.bytes.length) return next(from + count)
      queue.shift()
      piece.done()
      next(0)
    })
  }
  return {
    write: (bytes, done) => {
      if (broken) return
      queue.push({ bytes, done })
      if (queue.length === 1) next(0)
    },
    flush: () =>
      new Promise(resolve => {
        if (queue.length === 0 || broken) resolve()
        else flushed.push(resolve)
      }),
  }
}

/** The bytes of samples, without a copy. */
export function bytesOf(samples: Float32Array): Uint8Array {
  return new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength)
}
