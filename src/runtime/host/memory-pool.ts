/**
 * Memories of programs that do not run any more, for those that come.
 *
 * Comes in: memories that nobody uses. Goes out: one that is large enough, silent. To let them be collected instead is
 * slow, as new pages are, and lets the process grow and shrink by whatever waits for collection.
 */

export interface MemoryPool {
  /** As large as asked for at least, all zeros unless that does not matter. Throws RangeError when there is no room. */
  take(pages: number, silent?: boolean): WebAssembly.Memory
  /** Nobody may use it from now on. */
  give(memory: WebAssembly.Memory): void
  /** Silences what waits, so that this need not be done when it is taken. */
  refresh(): void
}

export const PAGE_BYTES = 65536
/** Of all that wait; one may be larger. */
const MOST_BYTES = 6 * 2 ** 20
/** One that is larger than what is wanted by more than this is for others. */
const MOST_ROOM = 2

/** `dropped` is told how many bytes are for the garbage collector. */
export function createMemoryPool(dropped: (bytes: number) => void, mostBytes = MOST_BYTES): MemoryPool {
  const waiting: WebAssembly.Memory[] = []
  /** Of those the ones that are silent. */
  const clean = new Set<WebAssembly.Memory>()
  const bytes = () => waiting.reduce((sum, { buffer }) => sum + buffer.byteLength, 0)
  return {
    take: (pages, silent = true) => {
      const wanted = pages * PAGE_BYTES
      const fits = ({ buffer }: WebAssembly.Memory) =>
        buffer.byteLength >= wanted && buffer.byteLength <= MOST_ROOM * wanted
      const best = waiting.filter(fits).sort((a, b) => a.buffer.byteLength - b.buffer.byteLength)[0]
      if (!best) return new WebAssembly.Memory({ initial: pages })
      waiting.splice(waiting.indexOf(best), 1)
      if (silent && !clean.has(best)) silence(best)
      clean.delete(best)
      return best
    },
    give: memory => {
      if (waiting.includes(memory)) return
      waiting.push(memory)
      while (waiting.length > 1 && bytes() > mostBytes) {
        const oldest = waiting.shift()!
        clean.delete(oldest)
        dropped(oldest.buffer.byteLength)
      }
    },
    refresh: () => {
      for (const memory of waiting) {
        silence(memory)
        clean.add(memory)
      }
    },
  }
}

const silence = ({ buffer }: WebAssembly.Memory) => new Uint8Array(buffer).fill(0)
