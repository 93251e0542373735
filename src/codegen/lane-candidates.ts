/**
 * Which pairs of a loop body may be computed together, four values in a vector.
 *
 * Comes in: pairs of instructions or of carried values. Goes out: fours that would be correct; whether they pay is
 * decided elsewhere (pair-choice). A stage of its own: a four is found from pairs as a pair is from instructions, from
 * pairs that look alike, then followed to their operands. Only what has 32 bits fits.
 */
import type { Instruction, Value } from './kernel.ts'
import {
  type Candidate,
  type Found,
  haveOneCount,
  nameOf,
  operandsOf,
  type PairingContext,
  valuesOf,
} from './pair-candidates.ts'

type Computation = Extract<Instruction, { kind: 'op' | 'call' }>

/** How far back a partner is looked for among pairs that look alike. */
const MAX_TRIES = 6

export function fourCandidates(context: PairingContext, { pairs, alike }: Found): Candidate[] {
  const finder = createFinder(context, pairs)
  const seen = new Map<string, Candidate[]>()
  // As they stand in the loop: the order in which they were found is that of walks along operands.
  const ordered = pairs.filter(fitsInFour(context)).sort((a, b) => a.members[0]! - b.members[0]!)
  for (const pair of ordered) {
    const [i, j] = pair.members as [number, number]
    const key = pair.kind === 'carried' ? 'carried' : `${alike[i]} ${alike[j]}`
    const list = seen.get(key)
    if (list) list.push(pair)
    else seen.set(key, [pair])
  }
  for (const list of [...seen.values()].reverse()) pairUp(list, finder)
  return finder.found
}

/** From the last one backwards, as pairs themselves are found. */
function pairUp(list: readonly Candidate[], finder: ReturnType<typeof createFinder>): void {
  if (list[0]?.kind === 'carried') return
  for (let at = list.length - 1; at > 0; at--) {
    if (finder.isTaken(list[at]!)) continue
    for (let k = at - 1; k >= 0 && k >= at - MAX_TRIES; k--) if (finder.tryFour(list[k]!, list[at]!)) break
  }
}

const isShort = ({ type }: Value) => type === 'f32' || type === 'i32'

const fitsInFour = (context: PairingContext) => (pair: Candidate) =>
  valuesOf(context, pair).every(isShort) && operandsOf(context, pair).every(values => values.every(isShort))

function createFinder(context: PairingContext, pairs: readonly Candidate[]) {
  const { graph } = context
  const found: Candidate[] = []
  const taken = new Set<Candidate>()
  /** The pair whose lower half a value is, with the other half. */
  const pairOf = new Map<Value, readonly [Value, Candidate]>()
  for (const pair of pairs) {
    const [x, y] = valuesOf(context, pair)
    pairOf.set(x!, [y!, pair])
  }
  const fits = fitsInFour(context)

  function mayJoin(first: Candidate, second: Candidate): boolean {
    if (first === second || first.kind !== second.kind || taken.has(first) || taken.has(second)) return false
    if (!fits(first) || !fits(second)) return false
    if (first.kind === 'carried')
      return valuesOf(context, first)[0]!.type === valuesOf(context, second)[0]!.type
    const a = graph.instructions[first.members[0]!] as Computation
    const b = graph.instructions[second.members[0]!] as Computation
    if (nameOf(a) !== nameOf(b) || !haveOneCount(context, a, b)) return false
    return first.members.every(i => second.members.every(j => !graph.depends(Math.max(i, j), Math.min(i, j))))
  }

  /** Joins two pairs and, as far as possible, those of their operands. */
  function tryFour(first: Candidate, second: Candidate): boolean {
    if (!mayJoin(first, second)) return false
    const pending: [Candidate, Candidate][] = [[first, second]]
    for (let next = pending.pop(); next; next = pending.pop()) {
      const [low, high] = next
      if (!mayJoin(low, high)) continue
      taken.add(low).add(high)
      found.push({ kind: low.kind, members: [...low.members, ...high.members], halves: [low, high] })
      const others = operandsOf(context, high)
      for (const [k, values] of operandsOf(context, low).entries()) {
        const both = [values, others[k]!].map(([x, y]) => {
          const [partner, pair] = pairOf.get(x!) ?? []
          return partner === y ? pair : undefined
        })
        if (both[0] && both[1]) pending.push([both[0], both[1]])
      }
    }
    return true
  }

  return { found, tryFour, isTaken: (pair: Candidate) => taken.has(pair) }
}
