/**
 * The schedule: which signals are computed, in what order, and what they remember.
 *
 * Comes in: a simplified graph and its facts. Goes out: an order in which every signal comes after what it needs
 * in the same sample, and a plan for each signal that is read later than it is made. A stage of its own because
 * order and memory are the two decisions that all of code generation rests on.
 */

import { ALWAYS, type Condition, either, gatedSignals, isAlways } from './conditions.ts'
import type { Facts } from './facts.ts'
import { ascending, bodyOf, reachable } from './graph.ts'
import type { Signal } from './signal.ts'

/** Constant delays up to this many samples are kept in variables, which code generation turns into registers. */
export const REGISTER_DELAY = 8

/** How the past of one signal is kept. */
export interface DelayPlan {
  readonly source: Signal
  /** Samples back that variables hold, 1 … registers. */
  registers: number
  /** Longest distance read through the delay line; 0 when there is none. */
  line: number
}

export interface Schedule {
  /** Signals in order; literals and feedbacks left out. */
  readonly order: readonly Signal[]
  readonly delays: ReadonlyMap<Signal, DelayPlan>
  /** When a signal is computed, if not always. */
  readonly conditions: ReadonlyMap<Signal, Condition>
  /** When the past of a signal that does not change every sample grows, if not always. */
  readonly pastConditions: ReadonlyMap<Signal, Condition>
  /** Gated signals whose last value is read while they rest. */
  readonly held: ReadonlySet<Signal>
}

/** The signal whose value a feedback, or a node that only passes its argument on, really is. */
export function resolve(signal: Signal): Signal {
  let s = signal
  while (s.kind === 'feedback' || s.kind === 'attach' || s.kind === 'gate' || s.kind === 'assertBounds') {
    s = s.kind === 'feedback' ? bodyOf(s) : s.args[s.kind === 'assertBounds' ? 2 : 0]!
  }
  return s
}

/** Reachable without entering the content of tables, which are programs of their own. */
export function liveSignals(roots: readonly Signal[]): Signal[] {
  const seen = new Set<Signal>()
  const pending = [...roots]
  for (let s = pending.pop(); s; s = pending.pop()) {
    if (seen.has(s)) continue
    seen.add(s)
    if (s.kind === 'feedback') pending.push(bodyOf(s))
    else if (s.kind === 'writtenTable') pending.push(s.args[2]!, s.args[3]!)
    else if (s.kind !== 'table') for (const a of s.args) pending.push(a)
  }
  return ascending([...seen])
}

export function schedule(roots: readonly Signal[], facts: Facts): Schedule {
  const live = liveSignals(roots)
  const conditions = gatedSignals(roots, live)
  const delays = planDelays(live, facts, conditions)
  const gates = live.flatMap(s => (s.kind === 'gate' ? [resolve(s)] : []))
  const held = new Set(gates.filter(x => conditions.has(x) && facts.get(x)!.rate === 3))
  const order: Signal[] = []
  const placed = new Set<Signal>()
  const pastConditions = conditionsOfPasts(live, conditions, facts)
  const past = (s: Signal): readonly Signal[] => {
    if (s.kind !== 'delay') return []
    const source = resolve(s.args[0]!)
    const condition = pastConditions.get(source)
    return condition ? [...condition.flat(), source] : []
  }
  const neededWhen = (s: Signal) => [...(conditions.get(s) ?? []).flat(), ...past(s), ...needs(s, facts)]
  // Most programs have no conditions.
  const needed = conditions.size === 0 ? (s: Signal) => needs(s, facts) : neededWhen
  for (const root of roots) place(root, needed, placed, order)
  for (const s of live) place(s, needed, placed, order)
  return { order, delays, conditions, pastConditions, held }
}

/** `1'` in something gated is its state, though 1 is known to all: it rests when none of its readers is needed. */
function conditionsOfPasts(
  live: readonly Signal[],
  conditions: ReadonlyMap<Signal, Condition>,
  facts: Facts,
): Map<Signal, Condition> {
  const pasts = new Map<Signal, Condition>()
  if (conditions.size === 0) return pasts
  for (const s of live) {
    if (s.kind !== 'delay') continue
    const source = resolve(s.args[0]!)
    if (facts.get(source)!.rate < 3)
      pasts.set(source, either(pasts.get(source) ?? [], conditions.get(s) ?? ALWAYS))
  }
  for (const [s, condition] of pasts) if (isAlways(condition)) pasts.delete(s)
  return pasts
}

/**
 * Behind a gate, delays of up to this many samples rest with what they delay; longer ones go on, as in the official
 * compiler, where the ones move their samples and the others a position that all share.
 */
const RESTING_DELAY = 15

function planDelays(
  live: readonly Signal[],
  facts: Facts,
  conditions: ReadonlyMap<Signal, Condition>,
): Map<Signal, DelayPlan> {
  const delays = new Map<Signal, DelayPlan>()
  for (const s of live) {
    if (s.kind !== 'delay') continue
    const source = resolve(s.args[0]!)
    const length = s.args[1]!
    let plan = delays.get(source)
    if (!plan) delays.set(source, (plan = { source, registers: 0, line: 0 }))
    if (length.kind === 'int' && length.value <= REGISTER_DELAY)
      plan.registers = Math.max(plan.registers, length.value)
    else plan.line = Math.max(plan.line, Math.floor(facts.get(length)!.interval.high))
  }
  // With a line there anyway, only the freshest sample is worth a register: it is read before it has settled.
  for (const plan of delays.values()) {
    if (conditions.has(plan.source) && plan.line <= RESTING_DELAY) {
      plan.registers = Math.max(plan.registers, plan.line)
      plan.line = 0
    }
    if (plan.line === 0 || plan.registers <= 1) continue
    plan.line = Math.max(plan.line, plan.registers)
    plan.registers = 1
  }
  return delays
}

/** What must be computed before a signal in the same sample. */
function needs(s: Signal, facts: Facts): readonly Signal[] {
  switch (s.kind) {
    case 'feedback':
      return [bodyOf(s)]
    case 'delay': {
      const [source, length] = s.args as [Signal, Signal]
      return facts.get(length)!.interval.low >= 1 ? [length] : [source, length]
    }
    case 'prefix':
      return [s.args[0]!]
    case 'table':
      return []
    case 'writtenTable':
      return [s.args[2]!, s.args[3]!]
    default:
      return s.args
  }
}

/** Depth-first, with an explicit stack. */
function place(
  root: Signal,
  needed: (s: Signal) => readonly Signal[],
  placed: Set<Signal>,
  order: Signal[],
): void {
  if (placed.has(root)) return
  /** The way from the root, what each signal on it needs, and how much of that was looked at. */
  const path = [root]
  const lists = [needed(root)]
  const positions = [0]
  placed.add(root)
  while (path.length > 0) {
    const last = path.length - 1
    const next = lists[last]![positions[last]!++]
    if (!next) {
      const signal = path.pop()!
      lists.pop()
      positions.pop()
      const { kind } = signal
      if (kind !== 'feedback' && kind !== 'int' && kind !== 'real') order.push(signal)
    } else if (!placed.has(next)) {
      placed.add(next)
      path.push(next)
      lists.push(needed(next))
      positions.push(0)
    }
  }
}

/** Controls and meters of the program that are really used. */
export function usedWidgets(roots: readonly Signal[]): Extract<Signal, { kind: 'widget' | 'bargraph' }>[] {
  return reachable(roots).flatMap(s => (s.kind === 'widget' || s.kind === 'bargraph' ? [s] : []))
}
