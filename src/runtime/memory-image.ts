/**
 * Memory of a program as `init` leaves it, without its long delay lines.
 *
 * Comes in: memory, and the map of it. Goes out: the pieces that can differ from new memory. A stage of its own because
 * delay lines are most of the memory and silent at the start: not to copy them makes a swap several times as fast.
 */
import type { Layout } from '../core/program.ts'

/** Plain data; `content` may be given away to another thread. */
export interface MemoryImage {
  readonly pieces: readonly Piece[]
  /** The bytes of all pieces, one after the other. */
  readonly content: ArrayBuffer
}

interface Piece {
  readonly offset: number
  readonly bytes: number
}

/** Shorter lines are copied with what stands around them. */
const LONG_BYTES = 4096

/** `memory` is that of an instance that has not computed a block yet. */
export function takeImage(memory: ArrayBufferLike, layout: Layout): MemoryImage {
  const pieces = piecesOf(layout)
  const content = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.bytes, 0))
  let at = 0
  for (const { offset, bytes } of pieces) {
    content.set(new Uint8Array(memory, offset, bytes), at)
    at += bytes
  }
  return { pieces, content: content.buffer }
}

/** `memory` is that of a new instance of the same program. */
export function putImage({ pieces, content }: MemoryImage, memory: ArrayBufferLike): void {
  let at = 0
  for (const { offset, bytes } of pieces) {
    new Uint8Array(memory, offset, bytes).set(new Uint8Array(content, at, bytes))
    at += bytes
  }
}

/** What is left between the long delay lines, without the program's own literals. */
function piecesOf({ cells, end: last, literals: end = last }: Layout): Piece[] {
  const lines = cells.filter(cell => cell.kind === 'delay' && cell.bytes >= LONG_BYTES)
  const pieces: Piece[] = []
  let from = 0
  for (const { offset, bytes } of lines.sort((a, b) => a.offset - b.offset)) {
    if (offset > from) pieces.push({ offset: from, bytes: offset - from })
    from = Math.max(from, offset + bytes)
  }
  if (end > from) pieces.push({ offset: from, bytes: end - from })
  return pieces
}
