/**
 * Ties the knots: recursion written with levels becomes `feedback` into named groups.
 *
 * Comes in: signals with `recursion`, `projection` and `reference`. Goes out: signals whose only way back is
 * `feedback(group, index)`, and the groups' bodies. A stage of its own because levels make equal loops equal
 * objects while they are built, and names make a graph that every later pass can walk.
 */
import { IdMap } from './id-map.ts'
import type { FeedbackGroup, Signal, SignalTable } from './signal.ts'
import { hasRoom, nest, type Task } from './trampoline.ts'

/** Groups that the levels of a signal are bound to, innermost first. */
interface Binding {
  readonly level: number
  readonly recursion: Signal
  readonly group: FeedbackGroup
  readonly around: Binding | undefined
}

export class KnotTier {
  private readonly signals: SignalTable
  private readonly done = new Map<string, Signal>()
  /** Of signals without references to the outside, which are most. */
  private readonly closed = new IdMap<Signal, Signal>()
  private readonly groups = new Map<string, Binding>()

  constructor(signals: SignalTable) {
    this.signals = signals
  }

  *tie(signal: Signal, around: Binding | undefined = undefined): Task<Signal> {
    const known = this.known(signal, around)
    if (known) return known
    const computed = this.compute(signal, around)
    const tied = hasRoom() ? nest(computed) : ((yield computed) as Signal)
    if (signal.free.length === 0) this.closed.set(signal, tied)
    else this.done.set(keyOf(signal, around), tied)
    this.inherit(tied, signal)
    return tied
  }

  private known(signal: Signal, around: Binding | undefined): Signal | undefined {
    if (signal.args.length === 0 && signal.kind !== 'reference') return signal
    return signal.free.length === 0 ? this.closed.get(signal) : this.done.get(keyOf(signal, around))
  }

  private *compute(signal: Signal, around: Binding | undefined): Task<Signal> {
    switch (signal.kind) {
      case 'reference': {
        const binding = find(around, signal.level)
        return yield* this.feedback(binding, signal.index)
      }
      case 'projection':
        return yield* this.feedback(this.groupOf(signal.args[0]!, around), signal.index)
      default: {
        const args: Signal[] = []
        for (const a of signal.args) args.push(this.known(a, around) ?? (yield* this.tie(a, around)))
        return this.signals.withArguments(signal, args)
      }
    }
  }

  private groupOf(recursion: Signal, around: Binding | undefined): Binding {
    const key = keyOf(recursion, around)
    let binding = this.groups.get(key)
    if (!binding) {
      if (recursion.kind !== 'recursion') throw new Error('internal error: projection of no recursion')
      const group = this.signals.newGroup(recursion.args.length)
      binding = { level: recursion.level, recursion, group, around }
      this.groups.set(key, binding)
    }
    return binding
  }

  /** An element that does not depend on its group is just itself. */
  private *feedback(binding: Binding, index: number): Task<Signal> {
    const body = binding.recursion.args[index]!
    if (!body.free.includes(binding.level)) return yield* this.tie(body, binding.around)
    const signal = this.signals.feedback(binding.group, index)
    this.inheritElement(signal, binding.recursion, index)
    if (!this.started.has(signal)) {
      this.started.set(signal, true)
      binding.group.bodies[index] = yield* this.tie(body, binding)
    }
    return signal
  }

  private readonly started = new IdMap<Signal, true>()

  /**
   * An element of a `letrec` belongs to its own definition there, and not to that by which the group was reached
   * first: the scopes end in the latter, if there are several, and in the group, which nobody named.
   */
  private inheritElement(to: Signal, recursion: Signal, index: number): void {
    const origin = this.signals.origins.get(recursion)
    const names = this.signals.outputs.get(recursion)
    const name = names?.[index]
    const group = origin?.scope
    if (!names || name === undefined || !group?.name.startsWith(' ')) {
      this.inherit(to, recursion)
      return
    }
    const parent = names.length > 1 ? group.parent?.parent : group.parent
    this.signals.setOrigin(to, { span: origin?.span, scope: { name, file: group.file, parent } })
  }

  private inherit(to: Signal, from: Signal): void {
    const origin = this.signals.origins.get(from)
    if (origin && to !== from) this.signals.setOrigin(to, origin)
  }
}

function keyOf(signal: Signal, around: Binding | undefined): string {
  let key = String(signal.id)
  for (const level of signal.free) key += ` ${find(around, level).group.id}`
  return key
}

function find(around: Binding | undefined, level: number): Binding {
  for (let b = around; b; b = b.around) if (b.level === level) return b
  throw new Error(`internal error: recursion level ${level} is not bound`)
}
