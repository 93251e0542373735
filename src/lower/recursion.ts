/**
 * Ties the knots: recursion written with levels becomes `feedback` into named groups.
 *
 * Comes in: signals with `recursion`, `projection` and `reference`. Goes out: signals whose only way back is
 * `feedback(group, index)`, and the groups' bodies. A stage of its own because levels make equal loops equal
 * objects while they are built, and names make a graph that every later pass can walk.
 */
import { IdMap } from './id-map.ts'
import type { FeedbackGroup, Signal, SignalTable } from './signal.ts'

/** Groups that the levels of a signal are bound to, innermost first. */
interface Binding {
  readonly level: number
  readonly recursion: Signal
  readonly group: FeedbackGroup
  readonly around: Binding | undefined
}

type Element = Extract<Signal, { kind: 'reference' | 'projection' }>

/** `FINISH` comes after the arguments of a signal, `PASS` and `CLOSE` after the body of an element. */
const ENTER = 0
const FINISH = 1
const PASS = 2
const CLOSE = 3
type Action = typeof ENTER | typeof FINISH | typeof PASS | typeof CLOSE

/** What is still to be done, last first, and the signals that are tied and not used yet. */
interface Work {
  readonly signals: Signal[]
  readonly arounds: (Binding | undefined)[]
  readonly actions: Action[]
  readonly values: Signal[]
}

function plan(work: Work, action: Action, signal: Signal, around: Binding | undefined): void {
  work.signals.push(signal)
  work.arounds.push(around)
  work.actions.push(action)
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

  tie(root: Signal): Signal {
    const work: Work = { signals: [], arounds: [], actions: [], values: [] }
    plan(work, ENTER, root, undefined)
    for (let signal = work.signals.pop(); signal; signal = work.signals.pop()) {
      const around = work.arounds.pop()
      const action = work.actions.pop()!
      if (action === ENTER) this.enter(work, signal, around)
      else work.values.push(this.finish(work, action, signal, around))
    }
    return work.values.pop()!
  }

  private known(signal: Signal, around: Binding | undefined): Signal | undefined {
    if (signal.args.length === 0 && signal.kind !== 'reference') return signal
    return signal.free.length === 0 ? this.closed.get(signal) : this.done.get(keyOf(signal, around))
  }

  /** Plans what a signal needs, and itself after that. Planned last is done first. */
  private enter(work: Work, signal: Signal, around: Binding | undefined): void {
    const known = this.known(signal, around)
    if (known) {
      work.values.push(known)
      return
    }
    if (signal.kind === 'reference' || signal.kind === 'projection') {
      this.enterElement(work, signal, around)
      return
    }
    plan(work, FINISH, signal, around)
    for (let i = signal.args.length - 1; i >= 0; i--) plan(work, ENTER, signal.args[i]!, around)
  }

  /** An element that does not depend on its group is just itself. */
  private enterElement(work: Work, signal: Element, around: Binding | undefined): void {
    const binding = this.bindingOf(signal, around)
    const { recursion, group, level } = binding
    const body = recursion.args[signal.index]!
    if (!body.free.includes(level)) {
      plan(work, PASS, signal, around)
      plan(work, ENTER, body, binding.around)
      return
    }
    const feedback = this.signals.feedback(group, signal.index)
    this.inheritElement(feedback, recursion, signal.index)
    if (this.started.has(feedback)) {
      work.values.push(this.settle(signal, around, feedback))
      return
    }
    this.started.set(feedback, true)
    plan(work, CLOSE, signal, around)
    plan(work, ENTER, body, binding)
  }

  private finish({ values }: Work, action: Action, signal: Signal, around: Binding | undefined): Signal {
    if (action === FINISH) {
      const first = values.length - signal.args.length
      const args = values.slice(first)
      values.length = first
      return this.settle(signal, around, this.signals.withArguments(signal, args))
    }
    const body = values.pop()!
    if (action === PASS) return this.settle(signal, around, body)
    const { index } = signal as Element
    const { group } = this.bindingOf(signal as Element, around)
    group.bodies[index] = body
    return this.settle(signal, around, this.signals.feedback(group, index))
  }

  private settle(signal: Signal, around: Binding | undefined, tied: Signal): Signal {
    if (signal.free.length === 0) this.closed.set(signal, tied)
    else this.done.set(keyOf(signal, around), tied)
    this.inherit(tied, signal)
    return tied
  }

  private bindingOf(signal: Element, around: Binding | undefined): Binding {
    if (signal.kind === 'reference') return find(around, signal.level)
    return this.groupOf(signal.args[0]!, around)
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
