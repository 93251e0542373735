/**
 * Facts of a loop: the fix-point of all its signals.
 *
 * Comes in: the signals of one loop and how a fact follows from others. Goes out: their facts. Apart from facts.ts, which
 * says what follows from what, because this is about order only: a signal is computed again when something that it
 * depends on has changed, and not in every round; a loop through many loops takes as many rounds as there are.
 */
import * as I from '../core/interval.ts'
import type { Fact, Facts, FactTable } from './facts.ts'
import { bodyOf } from './graph.ts'
import type { Signal } from './signal.ts'

type Feedback = Extract<Signal, { kind: 'feedback' }>
type Compute = (s: Signal, facts: Facts) => Fact
type Update = (changed: readonly Signal[]) => Feedback[]

/**
 * Types and proofs are the least fix-point from int and proven. Intervals start at [0, 0]; a bound that grows is
 * widened to infinity at once, and when nothing grows any more what depends on the feedbacks is computed once more,
 * which takes back what the loop itself limits (`%`, `min`, `&`).
 */
export function solveLoop(component: readonly Signal[], facts: FactTable, compute: Compute): void {
  const feedbacks = component.flatMap(s => (s.kind === 'feedback' ? [s] : []))
  const rest = component.filter(s => s.kind !== 'feedback')
  for (const f of feedbacks) facts.set(f, { type: 'int', rate: 3, interval: I.point(0), proven: true })
  for (const s of rest) facts.set(s, compute(s, facts))
  let changed: readonly Signal[] = feedbacks.filter(f => widen(f, facts))
  let update: Update | undefined
  // Each round either raises some type or bound for good, or ends the search.
  while (changed.length > 0) {
    update ??= updater(rest, feedbacks, facts, compute)
    changed = update(changed).filter(f => widen(f, facts))
  }
  const narrowed = feedbacks.map(f => ({ ...facts.get(f)!, interval: facts.get(bodyOf(f))!.interval }))
  changed = feedbacks.filter((f, i) => !isSame(facts.get(f)!, narrowed[i]!))
  if (changed.length === 0) return
  feedbacks.forEach((f, i) => {
    facts.set(f, narrowed[i]!)
  })
  update ??= updater(rest, feedbacks, facts, compute)
  update(changed)
}

/** Computes what depends on the signals given, in order, and tells the feedbacks whose bodies have changed. */
function updater(
  rest: readonly Signal[],
  feedbacks: readonly Feedback[],
  facts: FactTable,
  compute: Compute,
): Update {
  const users = usersOf(rest)
  const loops = new Map<Signal, Feedback[]>()
  for (const f of feedbacks) loops.set(bodyOf(f), [...(loops.get(bodyOf(f)) ?? []), f])
  const isDue = new Uint8Array(rest.length)
  return changed => {
    const reached = changed.flatMap(f => loops.get(f) ?? [])
    const notify = (s: Signal) => {
      for (const user of users.get(s) ?? []) isDue[user] = 1
    }
    changed.forEach(notify)
    // What a signal depends on comes before it.
    for (let i = isDue.indexOf(1); i !== -1; i = isDue.indexOf(1, i + 1)) {
      isDue[i] = 0
      const s = rest[i]!
      const fact = compute(s, facts)
      if (isSame(fact, facts.get(s)!)) continue
      facts.set(s, fact)
      notify(s)
      for (const f of loops.get(s) ?? []) reached.push(f)
    }
    return reached
  }
}

/** Places in the list of those that have a signal as an argument. */
function usersOf(list: readonly Signal[]): ReadonlyMap<Signal, number[]> {
  const users = new Map<Signal, number[]>()
  list.forEach((s, i) => {
    for (const a of s.args) {
      // Literals do not change.
      if (a.args.length === 0 && a.kind !== 'feedback') continue
      const known = users.get(a)
      if (known) known.push(i)
      else users.set(a, [i])
    }
  })
  return users
}

function isSame(a: Fact, b: Fact): boolean {
  const { interval: x } = a
  const { interval: y } = b
  return (
    a.type === b.type &&
    a.rate === b.rate &&
    a.proven === b.proven &&
    Object.is(x.low, y.low) &&
    Object.is(x.high, y.high)
  )
}

function widen(feedback: Feedback, facts: FactTable): boolean {
  const old = facts.get(feedback)!
  const body = facts.get(bodyOf(feedback))
  if (!body) return false
  const low = body.interval.low < old.interval.low ? -Infinity : old.interval.low
  const high = body.interval.high > old.interval.high ? Infinity : old.interval.high
  const type = old.type === 'real' || body.type === 'real' ? 'real' : 'int'
  const proven = old.proven && body.proven
  const wide = type === 'int' ? clampToInt({ low, high }) : { low, high }
  const same = low === old.interval.low && high === old.interval.high
  if (same && type === old.type && proven === old.proven) return false
  const settled = wide.low === old.interval.low && wide.high === old.interval.high
  if (settled && type === old.type && proven === old.proven) return false
  facts.set(feedback, { type, rate: 3, interval: wide, proven })
  return true
}

const clampToInt = (x: I.Interval): I.Interval => ({
  low: Math.max(x.low, I.INT_MIN),
  high: Math.min(x.high, I.INT_MAX),
})
