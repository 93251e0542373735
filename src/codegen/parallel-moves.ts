/**
 * Orders assignments that are meant to happen at once.
 *
 * Comes in: `to ← from` moves between numbered places, each place assigned at most once. Goes out: single
 * moves and saves into temporaries that give the same result one after the other. On its own because the swap
 * hazard (x, y ← y, x) is easy to get wrong and easy to test.
 */

/** `save` copies a place into a fresh temporary; moves of that place read the temporary from then on. */
export type Step<From> =
  | { readonly kind: 'save'; readonly place: number }
  | { readonly kind: 'move'; readonly to: number; readonly from: From; readonly saved: boolean }

export interface Move<From> {
  readonly to: number
  readonly from: From
  /** The place that `from` reads, if it is one; places nobody assigns are harmless. */
  readonly reads: number | undefined
}

export function orderMoves<From>(moves: readonly Move<From>[]): Step<From>[] {
  const pending = new Map(moves.filter(m => m.reads !== m.to).map(m => [m.to, m]))
  const readers = new Map<number, number>()
  for (const { reads } of pending.values()) {
    if (reads !== undefined) readers.set(reads, (readers.get(reads) ?? 0) + 1)
  }
  const saved = new Set<number>()
  const steps: Step<From>[] = []
  const ready = [...pending.keys()].filter(place => !readers.get(place))
  const run = (place: number): void => {
    const move = pending.get(place)!
    pending.delete(place)
    const { reads, from } = move
    const fromSaved = reads !== undefined && saved.has(reads)
    steps.push({ kind: 'move', to: place, from, saved: fromSaved })
    if (reads === undefined || fromSaved) return
    const left = readers.get(reads)! - 1
    readers.set(reads, left)
    if (left === 0 && pending.has(reads)) ready.push(reads)
  }
  const drain = (): void => {
    while (ready.length > 0) run(ready.pop()!)
  }
  drain()
  // What is left are cycles: saving one place of each opens it.
  for (const place of [...pending.keys()]) {
    if (!pending.has(place)) continue
    steps.push({ kind: 'save', place })
    saved.add(place)
    ready.push(place)
    drain()
  }
  return steps
}
