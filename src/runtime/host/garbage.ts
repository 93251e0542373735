/**
 * Memory of programs that do not run any more.
 *
 * Comes in: how large each was. Goes out: a request to collect, when together they are large. The engine counts little
 * of what WebAssembly holds as garbage, so by itself it would wait until there are hundreds of megabytes.
 */

const MOST_BYTES = 4 * 2 ** 20
const LATER_MS = 2

export interface Garbage {
  add(bytes: number): void
}

export function createGarbage(): Garbage {
  const { gc } = globalThis as { gc?: () => void }
  let waiting = 0
  return {
    add: bytes => {
      waiting += bytes
      if (waiting < MOST_BYTES) return
      waiting = 0
      // What is under way, such as an answer, goes first.
      if (gc) setTimeout(gc, LATER_MS)
    },
  }
}
