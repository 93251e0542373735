/**
 * The invariants of a signal graph, as a check that tests run after every pass.
 *
 * Comes in: the roots of a graph whose knots are tied. Goes out: what is wrong, in words; nothing when all is
 * well. The list is the documentation of the representation.
 */
import { reachable } from './graph.ts'
import type { Signal } from './signal.ts'

export function verifySignals(roots: readonly Signal[]): string[] {
  const problems: string[] = []
  const all = reachable(roots)
  const seen = new Map<string, Signal>()
  for (const s of all) {
    for (const a of s.args)
      if (a.id >= s.id) problems.push(`signal ${s.id} comes before its argument ${a.id}`)
    if (s.kind === 'recursion' || s.kind === 'projection' || s.kind === 'reference') {
      problems.push(`signal ${s.id} is a ${s.kind}: its knot is not tied`)
    }
    if (s.kind === 'feedback' && !s.group.bodies[s.index]) problems.push(`feedback ${s.id} has no body`)
    const key = shapeKey(s)
    if (seen.has(key)) problems.push(`signals ${seen.get(key)!.id} and ${s.id} are alike`)
    seen.set(key, s)
  }
  return [...problems, ...instantLoops(all)]
}

function shapeKey(s: Signal): string {
  const { id: _id, args, free: _free, ...shape } = s
  const plain = shape.kind === 'feedback' ? { ...shape, group: shape.group.id } : shape
  const value = 'value' in shape && Object.is(shape.value, -0) ? '-0' : ''
  return `${JSON.stringify(plain)} ${value} ${args.map(a => a.id).join(' ')}`
}

/** Every loop must pass a delay or a prefix: remove what waits for nothing, until nothing is left. */
function instantLoops(all: readonly Signal[]): string[] {
  const waits = new Map<Signal, number>()
  const users = new Map<Signal, Signal[]>()
  for (const s of all) {
    const needs = instantNeeds(s)
    waits.set(s, needs.length)
    for (const n of needs) users.set(n, [...(users.get(n) ?? []), s])
  }
  const ready = all.filter(s => waits.get(s) === 0)
  for (let s = ready.pop(); s; s = ready.pop()) {
    for (const user of users.get(s) ?? []) {
      waits.set(user, waits.get(user)! - 1)
      if (waits.get(user) === 0) ready.push(user)
    }
    waits.delete(s)
  }
  return waits.size === 0 ? [] : [`${waits.size} signals are in loops without a delay`]
}

function instantNeeds(s: Signal): readonly Signal[] {
  if (s.kind === 'feedback') return [s.group.bodies[s.index]!].filter(Boolean)
  if (s.kind === 'delay') return [s.args[1]!]
  if (s.kind === 'prefix') return []
  return s.args
}
