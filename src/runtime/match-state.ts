/**
 * Matching: which state of the old program goes on as which state of the new one.
 *
 * Comes in: the units of both. Goes out: pairs; no unit is in two, and kinds never mix. Passes go from certain to
 * likely, each only over what is left: explicit name, path, equal structure, alike in one scope. Every pass sorts
 * units into buckets by what they must share, so the whole is linear in the number of units.
 */
import { mapPaths, type PathMap } from './path-map.ts'
import type { StateUnit } from './state-units.ts'

export interface Match {
  readonly from: StateUnit
  readonly to: StateUnit
}

/** How the units of one bucket are paired. */
type Rule =
  /** Only if there is just one on either side. */
  | 'single'
  | 'inOrder'
  /** In order, and on the same side of all pairs that were found before in the same definition. */
  | 'betweenPairs'

interface Pass {
  /** Units are compared when this is equal; undefined: the pass is not for this unit. */
  readonly bucket: (unit: StateUnit, path: string) => string | undefined
  readonly rule: Rule
}

/** `path` is that of the unit, or where an old unit's path leads in the new program. */
type Feature = (unit: StateUnit, path: string) => string | number | undefined

/** A unit that lacks one of the features is not in any bucket. */
const by =
  (...features: Feature[]) =>
  (unit: StateUnit, path: string) => {
    if (unit.key !== undefined) return undefined
    const values = features.map(feature => feature(unit, path))
    return values.includes(undefined) ? undefined : values.join('\n')
  }

const path: Feature = (_, path) => path
const kind: Feature = unit => unit.kind
const storage: Feature = unit => unit.storage
const exact: Feature = unit => unit.exact
/** Memory without a loop of its own is like any other. */
const parameters: Feature = unit => unit.parameters || undefined
const shape: Feature = unit => unit.shape
const innermost: Feature = unit => unit.path.slice(unit.path.lastIndexOf('/') + 1)

/** What is certain: the same definition, as it was or the only one of its shape there; the same computation. */
const CERTAIN: readonly Pass[] = [
  { bucket: unit => unit.key, rule: 'inOrder' },
  { bucket: by(path, kind, exact), rule: 'inOrder' },
  { bucket: by(path, kind, shape), rule: 'single' },
  { bucket: by(kind, exact), rule: 'inOrder' },
]

/** Several in one definition: parameters tell them apart, then their order. */
const WITHIN: readonly Pass[] = [
  { bucket: by(path, kind, parameters), rule: 'betweenPairs' },
  { bucket: by(path, kind, parameters), rule: 'inOrder' },
  { bucket: by(path, kind, shape), rule: 'betweenPairs' },
  { bucket: by(path, kind, shape), rule: 'inOrder' },
]

/** Elsewhere and fed by something else: only if there is no doubt. */
const ELSEWHERE: readonly Pass[] = [
  { bucket: by(kind, parameters, innermost), rule: 'single' },
  { bucket: by(kind, parameters), rule: 'single' },
  { bucket: by(kind, shape, innermost), rule: 'single' },
]

/** Edited inside. */
const EDITED: readonly Pass[] = [{ bucket: by(path, kind, storage), rule: 'single' }]

/** Counts comparisons for tests; steps of the search, not time. */
export interface MatchCost {
  steps: number
}

export function matchUnits(
  from: readonly StateUnit[],
  to: readonly StateUnit[],
  cost: MatchCost = { steps: 0 },
): Match[] {
  const search = new Search(from, to, cost)
  search.run(...CERTAIN, ...WITHIN, ...ELSEWHERE, ...EDITED)
  // What was found elsewhere tells where its definition went; what else was in that definition is looked for there.
  search.follow(mapPaths(search.matches()))
  search.run(...WITHIN, ...EDITED)
  return search.matches()
}

interface Bucket {
  readonly from: StateUnit[]
  readonly to: StateUnit[]
}

class Search {
  /** New unit of each old one. */
  private readonly partners = new Map<StateUnit, StateUnit>()
  private readonly formers = new Map<StateUnit, StateUnit>()
  private readonly all: Bucket
  private rest: Bucket
  private readonly cost: MatchCost
  private pathOf: PathMap = unit => unit.path

  constructor(from: readonly StateUnit[], to: readonly StateUnit[], cost: MatchCost) {
    this.all = { from: [...from], to: [...to] }
    this.rest = this.all
    this.cost = cost
  }

  matches(): Match[] {
    return [...this.partners].map(([from, to]) => ({ from, to }))
  }

  /** From now on old paths stand for where they lead. */
  follow(paths: PathMap): void {
    this.pathOf = paths
  }

  run(...passes: readonly Pass[]): void {
    for (const pass of passes) {
      if (this.rest.from.length === 0 || this.rest.to.length === 0) return
      const buckets = new Map<string, Bucket>()
      this.sort('from', pass, buckets)
      this.sort('to', pass, buckets)
      for (const units of buckets.values()) this.pair(units, pass.rule)
      const { from, to } = this.rest
      this.rest = { from: from.filter(u => !this.partners.has(u)), to: to.filter(u => !this.formers.has(u)) }
    }
  }

  private sort(side: keyof Bucket, { bucket, rule }: Pass, buckets: Map<string, Bucket>): void {
    /** The last pair so far within each definition, by its new unit. */
    const lastPairs = new Map<string, number>()
    for (const unit of (rule === 'betweenPairs' ? this.all : this.rest)[side]) {
      this.cost.steps++
      const path = side === 'from' ? this.pathOf(unit) : unit.path
      const partner = (side === 'from' ? this.partners : this.formers).get(unit)
      if (partner) {
        const [old, edited] = side === 'from' ? [unit, partner] : [partner, unit]
        if (this.pathOf(old) === edited.path) lastPairs.set(path, edited.order)
        continue
      }
      const common = bucket(unit, path)
      if (common === undefined) continue
      const key = rule === 'betweenPairs' ? `${common}\n${lastPairs.get(path) ?? -1}` : common
      let found = buckets.get(key)
      if (!found) buckets.set(key, (found = { from: [], to: [] }))
      found[side].push(unit)
    }
  }

  private pair({ from, to }: Bucket, rule: Rule): void {
    if (rule === 'single' && (from.length !== 1 || to.length !== 1)) return
    for (let i = 0; i < Math.min(from.length, to.length); i++) {
      this.cost.steps++
      this.partners.set(from[i]!, to[i]!)
      this.formers.set(to[i]!, from[i]!)
    }
  }
}
