/**
 * Two numbers as one, for maps that are asked for pairs of ids.
 *
 * Comes in: ids. Goes out: a key. Apart from the tables of boxes, signals and environments, which all need it, and
 * which keep their ids small enough.
 */

/** Above every id of a box, signal or environment; the product of two still fits a number exactly. */
const MOST_IDS = 2 ** 26

export function pairKey(a: number, b: number): number {
  return a * MOST_IDS + b
}
