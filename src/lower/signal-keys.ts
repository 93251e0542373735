/**
 * Keys of signals, and the levels that they refer to.
 *
 * Comes in: what a signal is made of. Goes out: a key that equal signals share; the levels of recursions that it
 * mentions and does not bind. Apart from the table of signals, which only asks.
 */
import type { WidgetSpec } from './box.ts'
import { pairKey } from './pair-key.ts'
import type { GroupPath, Signal, SignalKind } from './signal.ts'

export const CLOSED: readonly number[] = []

/** Numbers are cheaper than texts. */
export function keyOf(args: readonly Signal[]): string | number {
  return args.length <= 2 ? pairKey(args[0]?.id ?? 0, args[1]?.id ?? 0) : ids(args)
}

export function widgetKey(spec: WidgetSpec, path: GroupPath | undefined): string {
  return `${path?.id ?? 0} ${spec.kind} ${spec.init} ${spec.min} ${spec.max} ${spec.step} ${spec.label}`
}

export function ids(args: readonly Signal[]): string {
  let text = ''
  for (const a of args) text += `${a.id} `
  return text
}

/** `level` is that of a recursion or a reference. */
export function freeLevels(kind: SignalKind, args: readonly Signal[], level = -1): readonly number[] {
  if (kind === 'reference') return [level]
  let levels = CLOSED
  for (const { free } of args) {
    if (free === levels || free.length === 0) continue
    levels = levels.length === 0 ? free : [...new Set([...levels, ...free])].sort((a, b) => a - b)
  }
  return kind === 'recursion' && levels.includes(level) ? levels.filter(other => other !== level) : levels
}
