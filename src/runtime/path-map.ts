/**
 * Where definitions went: renamed, wrapped or moved along with all that is in them.
 *
 * Comes in: pairs of state that were found though their paths differ. Goes out: a map from old paths to new ones,
 * which also holds for state of the same definitions that is too common to be found by itself. Pairs vote: without
 * the end that both paths share, each says what has become of a beginning.
 */
import type { StateUnit } from './state-units.ts'

interface Pair {
  readonly from: StateUnit
  readonly to: StateUnit
}

export type PathMap = (unit: StateUnit) => string

export function mapPaths(pairs: Iterable<Pair>): PathMap {
  const votes = new Map<string, Map<string, number>>()
  for (const { from, to } of pairs) {
    // What the program named itself is found by that alone.
    if (from.path === to.path || from.key !== undefined) continue
    const [before, after] = differingStarts(from.path.split('/'), to.path.split('/'))
    let targets = votes.get(before)
    if (!targets) votes.set(before, (targets = new Map()))
    targets.set(after, (targets.get(after) ?? 0) + 1)
  }
  const starts = new Map([...votes].map(([start, targets]) => [start, mostVoted(targets)]))
  const known = new Map<string, string>()
  return unit => {
    let path = known.get(unit.path)
    if (path === undefined) known.set(unit.path, (path = follow(unit.path, starts)))
    return path
  }
}

function differingStarts(from: readonly string[], to: readonly string[]): [string, string] {
  let shared = 0
  while (shared < Math.min(from.length, to.length) && from.at(-1 - shared) === to.at(-1 - shared)) shared++
  return [from.slice(0, from.length - shared).join('/'), to.slice(0, to.length - shared).join('/')]
}

function mostVoted(targets: ReadonlyMap<string, number>): string {
  let [best, most] = ['', 0]
  for (const [target, count] of targets) if (count > most) [best, most] = [target, count]
  return best
}

/** The longest beginning that is known to have gone somewhere takes the rest along. */
function follow(path: string, starts: ReadonlyMap<string, string>): string {
  for (let length = path.length; length > 0; length = path.lastIndexOf('/', length - 1)) {
    const start = starts.get(path.slice(0, length))
    if (start !== undefined) return start === '' ? path.slice(length + 1) : start + path.slice(length)
  }
  return path
}
