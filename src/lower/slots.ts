/**
 * Sets of slots, the unbound parameters of a box: numbers, ascending.
 *
 * Comes in: two sets. Goes out: their union, one of them where that is all. Apart from boxes because it is about
 * numbers only.
 */
export const NO_SLOTS: readonly number[] = []

export function unionSlots(a: readonly number[], b: readonly number[]): readonly number[] {
  if (a.length === 0 || a === b) return b
  if (b.length === 0) return a
  return [...new Set([...a, ...b])].sort((x, y) => x - y)
}
