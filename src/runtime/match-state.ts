/**
 * Matching: which state of the old program goes on as which state of the new one.
 *
 * Comes in: the units of both. Goes out: pairs; no unit is in two, and kinds never mix. Passes go from certain to
 * likely, each only over what is left: explicit name, path, equal structure, alike in one scope. Every pass sorts
 * units into buckets by what they must share, so the whole is linear in the number of units.
 */
import type { StateUnit } from './state-units.ts'

export interface Match {
  readonly from: StateUnit
  readonly to: StateUnit
}

/** How the units of one bucket are paired. */
type Rule =
  /** Only if there is just one on either side. */
  | 'single'
  /** In order; pairs that earlier passes made are not crossed. */
  | 'inOrder'

interface Pass {
  /** Units are compared when this is equal; undefined: the pass is not for this unit. */
  readonly bucket: (unit: StateUnit) => string | undefined
  readonly rule: Rule
}

const hasStructure = (unit: StateUnit) => unit.key === undefined

const by =
  (...parts: ((unit: StateUnit) => string | number)[]) =>
  (unit: StateUnit) =>
    hasStructure(unit) ? parts.map(part => part(unit)).join('\n') : undefined

const kind = (unit: StateUnit) => unit.kind
const path = (unit: StateUnit) => unit.path
const exact = (unit: StateUnit) => unit.exact
const own = (unit: StateUnit) => unit.own
const shape = (unit: StateUnit) => unit.shape
const innermost = (unit: StateUnit) => unit.scope.at(-1) ?? ''

const PASSES: readonly Pass[] = [
  { bucket: unit => unit.key, rule: 'inOrder' },
  { bucket: by(path, kind, exact), rule: 'inOrder' },
  { bucket: by(path, kind, shape), rule: 'single' },
  { bucket: by(kind, exact), rule: 'inOrder' },
  { bucket: by(path, kind, own), rule: 'inOrder' },
  { bucket: by(path, kind, shape), rule: 'inOrder' },
  { bucket: by(kind, own, innermost), rule: 'single' },
  { bucket: by(kind, own), rule: 'single' },
  { bucket: by(kind, shape, innermost), rule: 'single' },
  { bucket: by(path, kind), rule: 'single' },
]

/** Counts comparisons for tests; steps of the search, not time. */
export interface MatchCost {
  steps: number
}

export function matchUnits(
  from: readonly StateUnit[],
  to: readonly StateUnit[],
  cost: MatchCost = { steps: 0 },
): Match[] {
  const search = new Search(cost)
  for (const pass of PASSES) search.run(pass, from, to)
  return [...search.partners].map(([old, unit]) => ({ from: old, to: unit }))
}

interface Bucket {
  readonly from: StateUnit[]
  readonly to: StateUnit[]
}

class Search {
  /** New unit of each old one. */
  readonly partners = new Map<StateUnit, StateUnit>()
  private readonly taken = new Set<StateUnit>()
  private readonly cost: MatchCost

  constructor(cost: MatchCost) {
    this.cost = cost
  }

  run({ bucket, rule }: Pass, from: readonly StateUnit[], to: readonly StateUnit[]): void {
    const buckets = new Map<string, Bucket>()
    for (const side of ['from', 'to'] as const) {
      for (const unit of side === 'from' ? from : to) {
        this.cost.steps++
        if (this.partners.has(unit) || this.taken.has(unit)) continue
        const key = bucket(unit)
        if (key === undefined) continue
        let units = buckets.get(key)
        if (!units) buckets.set(key, (units = { from: [], to: [] }))
        units[side].push(unit)
      }
    }
    for (const units of buckets.values()) this.pair(units, rule)
  }

  private pair({ from, to }: Bucket, rule: Rule): void {
    if (rule === 'single' && (from.length !== 1 || to.length !== 1)) return
    for (let i = 0; i < Math.min(from.length, to.length); i++) {
      this.cost.steps++
      this.partners.set(from[i]!, to[i]!)
      this.taken.add(to[i]!)
    }
  }
}
