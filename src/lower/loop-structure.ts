/**
 * The loop through one piece of memory: what kind of value it keeps, and how it is computed from itself.
 *
 * Comes in: a signal whose past is kept. Goes out: a form, a hash with the constants and parameters of the loop,
 * and one without. Only what lies between this memory and itself counts; other memories and what flows in end
 * the search, so that a filter is the same filter wherever it stands.
 */
import type { Facts } from './facts.ts'
import { bodyOf } from './graph.ts'
import type { IdMap } from './id-map.ts'
import type { Signal } from './signal.ts'
import { isCommutative, nameOf } from './signal-hash.ts'
import { hashNode } from './structure-hash.ts'

export interface Loop {
  /**
   * - `phase`: comes round (`floor`, `%`)
   * - `counter`: adds up
   * - `filter`: adds up and dies away
   * - `glide`: the same, following controls alone
   * - `past`: what a signal was, be it fed back from long ago or not at all
   */
  readonly form: string
  /** 0 when it has no loop. */
  readonly own: number
  readonly shape: number
  /** Delays inside the loop that read the memory itself. */
  readonly readers: ReadonlySet<Signal>
  /** All that is computed from the memory on the way back to it. */
  readonly members: ReadonlySet<Signal>
}

export interface LoopContext {
  readonly facts: Facts
  readonly exact: IdMap<Signal, number>
  /** Controls that a signal depends on. */
  readonly widgets: IdMap<Signal, readonly number[]>
  /** Signals of one number depend on each other. */
  readonly component: IdMap<Signal, number>
  readonly resolve: (s: Signal) => Signal
}

/** Of a larger loop only so much is looked at: one great loop through many memories would cost its square. */
const MOST_SIGNALS = 100

const WRAPPING = new Set(['floor', 'fmod', 'rem', 'remainder', 'rint', 'round', 'trunc', 'ceil', 'and'])
/** Neither change a value's size nor let it die away. */
const ADDING = new Set(['add', 'sub', 'min', 'max', 'select2', 'int', 'float', 'abs'])
const COMPARING = new Set(['lt', 'le', 'gt', 'ge', 'eq', 'ne'])

/** What the search knows of a signal on the way. */
interface Part {
  readonly own: number
  readonly shape: number
  /** Depends on the memory itself. */
  readonly inside: boolean
}

const INFLOW = hashNode('in', [])
const NEWEST = hashNode('newest', [])
const OLDER = hashNode('older', [])

/** Its hashes are asked for as those of a parameter. */
const OUTSIDE: Part = { own: 0, shape: 0, inside: false }

export const NO_LOOP: Loop = { form: 'past', own: 0, shape: 0, readers: new Set(), members: new Set() }

export function loopOf(source: Signal, context: LoopContext): Loop {
  // What depends on nothing around it but perhaps its own past.
  if (source.kind !== 'delay' && innerOf(source, context).length === 0) return NO_LOOP
  const search = new LoopSearch(source, context)
  const part = search.run()
  if (!part.inside) return NO_LOOP
  const { readers, inside } = search
  return { form: search.form(), own: part.own, shape: part.shape, readers, members: inside }
}

class LoopSearch {
  /** Shortest delay through which the memory reads itself. */
  private shortest = Infinity
  private isWrapping = false
  private isScaling = false
  private readonly controls = new Set<number>()
  private hasSound = false
  readonly readers = new Set<Signal>()
  readonly inside = new Set<Signal>()
  private readonly source: Signal
  private readonly context: LoopContext
  private readonly parts = new Map<Signal, Part>()
  /** With what they are computed from in the same circle. */
  private readonly members = new Map<Signal, readonly Signal[]>()

  constructor(source: Signal, context: LoopContext) {
    this.source = source
    this.context = context
  }

  form(): string {
    if (this.shortest > 1) return 'past'
    if (this.isWrapping) return 'phase'
    if (!this.isScaling) return 'counter'
    if (this.hasSound || this.controls.size === 0) return 'filter'
    // What follows one control is of no use to another.
    return `glide ${hashNode(
      'controls',
      [...this.controls].sort((a, b) => a - b),
    )}`
  }

  run(): Part {
    for (const s of this.collect()) this.parts.set(s, this.part(s))
    return this.parts.get(this.source)!
  }

  /** The signals nearest to the memory, breadth first. */
  private gather(): void {
    const queue = [this.source]
    this.add(this.source)
    for (let next = 0; next < queue.length; next++) {
      for (const a of this.members.get(queue[next]!)!) {
        if (this.members.has(a)) continue
        if (this.members.size >= MOST_SIGNALS) return
        this.add(a)
        queue.push(a)
      }
    }
  }

  private add(s: Signal): void {
    this.members.set(s, innerOf(s, this.context))
  }

  /** The same, arguments before users; depth first with an explicit stack. */
  private collect(): Signal[] {
    this.gather()
    const order: Signal[] = []
    const seen = new Set([this.source])
    const path = [this.source]
    const positions = [0]
    while (path.length > 0) {
      const last = path.length - 1
      const next = this.members.get(path[last]!)![positions[last]!++]
      if (!next) {
        order.push(path.pop()!)
        positions.pop()
      } else if (!seen.has(next) && this.members.has(next)) {
        seen.add(next)
        path.push(next)
        positions.push(0)
      }
    }
    return order
  }

  private part(s: Signal): Part {
    if (s.kind === 'feedback') return this.pass(s)
    if (s.kind === 'delay') return this.read(s)
    const parts = s.args.map(a => this.known(a))
    if (!parts.some(p => p.inside)) return OUTSIDE
    this.note(s)
    const combine = (hashes: number[]) =>
      hashNode(nameOf(s), isCommutative(s) ? hashes.sort((a, b) => a - b) : hashes)
    return { own: combine(parts.map(p => p.own)), shape: combine(parts.map(p => p.shape)), inside: true }
  }

  private pass(s: Extract<Signal, { kind: 'feedback' }>): Part {
    const part = this.known(bodyOf(s))
    if (part.inside) this.inside.add(s)
    return part
  }

  /** Of a past that is read: the memory itself, or another's. */
  private read(s: Extract<Signal, { kind: 'delay' }>): Part {
    const length = s.args[1]!
    if (this.context.resolve(s.args[0]!) !== this.source) return this.known(s, true)
    const least = length.kind === 'int' ? length.value : Infinity
    this.shortest = Math.min(this.shortest, least)
    this.readers.add(s)
    const own = hashNode('own', [this.context.exact.get(length)!])
    return { own, shape: least === 1 ? NEWEST : OLDER, inside: true }
  }

  private known(a: Signal, isOther = false): Part {
    const part = isOther ? undefined : this.parts.get(a)
    if (part?.inside) return part
    return this.parameter(a)
  }

  /** What flows in: sound is left out, slower values count with all that they are computed from. */
  private parameter(a: Signal): Part {
    const shape = INFLOW
    const { rate } = this.context.facts.get(a)!
    if (rate === 3) this.hasSound = true
    if (rate === 2) for (const widget of this.context.widgets.get(a)!) this.controls.add(widget)
    return { own: rate === 3 ? shape : this.context.exact.get(a)!, shape, inside: false }
  }

  private note(s: Signal): void {
    this.inside.add(s)
    if (s.kind !== 'op') return
    if (WRAPPING.has(s.op)) this.isWrapping = true
    else if (!ADDING.has(s.op) && !COMPARING.has(s.op)) this.isScaling = true
  }
}

/** Arguments in the same circle; delays end the way. */
function innerOf(s: Signal, { component }: LoopContext): readonly Signal[] {
  if (s.kind === 'delay') return NOTHING
  const around = component.get(s)
  if (s.kind === 'feedback') return component.get(bodyOf(s)) === around ? [bodyOf(s)] : NOTHING
  return s.args.filter(a => component.get(a) === around)
}

const NOTHING: readonly Signal[] = []
