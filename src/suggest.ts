/**
 * "Did you mean": the known name nearest to a misspelt one.
 *
 * Comes in: what was written and what exists. Goes out: the best guess, or nothing when none is near enough to
 * be worth saying. Beside the diagnostics because every stage that looks names up wants the same answer.
 */

/** The candidate with the fewest edits, if those are at most a third of the letters; ties go to the first. */
export function closestName(written: string, candidates: Iterable<string>): string | undefined {
  const limit = Math.max(1, Math.floor(written.length / 3))
  let best: string | undefined
  let bestDistance = limit + 1
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - written.length) >= bestDistance) continue
    const distance = editDistance(written.toLowerCase(), candidate.toLowerCase())
    if (distance < bestDistance) {
      best = candidate
      bestDistance = distance
    }
  }
  return best
}

/** `did you mean …?`, or undefined; shaped for the help of a diagnostic. */
export function didYouMean(written: string, candidates: Iterable<string>): string | undefined {
  const name = closestName(written, candidates)
  return name === undefined ? undefined : `did you mean \`${name}\`?`
}

/**
 * Edits that turn a into b: insert, delete, replace, or swap of two neighbours (optimal string alignment).
 * Row by row: d[i][j] from d[i-1], d[i-2] and the row itself.
 */
export function editDistance(a: string, b: string): number {
  let beforePrevious: number[] = []
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const replace = previous[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
      const swap = swapped ? beforePrevious[j - 2]! + 1 : Infinity
      row.push(Math.min(row[j - 1]! + 1, previous[j]! + 1, replace, swap))
    }
    beforePrevious = previous
    previous = row
  }
  return previous[b.length]!
}
