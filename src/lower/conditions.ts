/**
 * Conditions: which signals are computed only while some `enable` or `control` is on.
 *
 * Comes in: the live signals of a program. Goes out: for each gated signal, when it is needed, as alternatives of
 * conditions that must hold together; signals that are always needed are left out. A stage of its own because a
 * signal shared by several users is computed when any of them needs it, which only the whole graph tells.
 */
import { bodyOf } from './graph.ts'
import type { Signal } from './signal.ts'

/** Alternatives, each a list of signals that must all be other than 0. */
export type Condition = readonly (readonly Signal[])[]

export const ALWAYS: Condition = [[]]

export function gatedSignals(roots: readonly Signal[], live: readonly Signal[]): Map<Signal, Condition> {
  const conditions = new Map<Signal, Condition>()
  if (!live.some(s => s.kind === 'gate')) return conditions
  const pending: Signal[] = []
  const need = (s: Signal, condition: Condition) => {
    const old = conditions.get(s) ?? []
    const joined = either(old, condition)
    if (joined === old) return
    conditions.set(s, joined)
    pending.push(s)
  }
  for (const root of roots) need(root, ALWAYS)
  for (let s = pending.pop(); s; s = pending.pop()) {
    const condition = conditions.get(s)!
    for (const [needed, when] of demands(s, condition)) need(needed, when)
  }
  for (const [s, condition] of conditions) if (isAlways(condition)) conditions.delete(s)
  return conditions
}

/** What a signal needs, and when, if it is itself needed under a condition. */
function demands(s: Signal, condition: Condition): (readonly [Signal, Condition])[] {
  switch (s.kind) {
    case 'gate': {
      const [x, gate] = s.args as [Signal, Signal]
      return [
        [x, condition.map(all => (all.includes(gate) ? all : [...all, gate].sort((a, b) => a.id - b.id)))],
        [gate, condition],
      ]
    }
    case 'feedback':
      return [[bodyOf(s), condition]]
    case 'table':
      return []
    case 'writtenTable':
      return s.args.slice(2).map(a => [a, condition] as const)
    default:
      return s.args.map(a => [a, condition] as const)
  }
}

/** Joins two lists of alternatives; one that asks for more than another is dropped. Gives `a` if nothing is new. */
export function either(a: Condition, b: Condition): Condition {
  const fresh = b.filter(all => !a.some(other => other.every(s => all.includes(s))))
  if (fresh.length === 0) return a
  const kept = a.filter(all => !fresh.some(other => other.every(s => all.includes(s))))
  return [...kept, ...fresh]
}

export const isAlways = (condition: Condition) => condition.some(all => all.length === 0)

/** Equal conditions have equal keys. */
export function conditionKey(condition: Condition): string {
  return condition
    .map(all => all.map(s => s.id).join('&'))
    .sort()
    .join('|')
}
