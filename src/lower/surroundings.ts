/**
 * What surrounds a box while signals are pushed through it.
 *
 * Comes in: values of slots. Goes out: the value of one. Apart from propagation, which only passes this on.
 */
import type { Span } from '../source.ts'
import type { GroupPath, Scope, Signal } from './signal.ts'

/** What is around the box: values of slots, groups, definitions. */
export interface Surroundings {
  readonly slots: SlotValues | undefined
  readonly path: GroupPath | undefined
  readonly scope: Scope | undefined
  /** The innermost composition: where a primitive is used, rather than first named. */
  readonly span: Span | undefined
}

export interface SlotValues {
  readonly slot: number
  readonly signal: Signal
  readonly parent: SlotValues | undefined
}

export function slotValue(slot: number, values: SlotValues | undefined): Signal {
  for (let v = values; v; v = v.parent) if (v.slot === slot) return v.signal
  throw new Error(`internal error: slot ${slot} has no value`)
}
