/**
 * Walking signal graphs: what is reachable, and in which order fix-points are computed.
 *
 * Comes in: root signals. Goes out: lists of signals. Apart from the passes because they all need it, and
 * because it must be iterative: graphs are as deep as programs are long.
 */
import type { Signal } from './signal.ts'

/** The signal that a feedback stands for. */
export function bodyOf(signal: Extract<Signal, { kind: 'feedback' }>): Signal {
  const body = signal.group.bodies[signal.index]
  if (!body) throw new Error('internal error: a feedback whose knot is not tied')
  return body
}

/** Arguments, and for a feedback its body. */
export function dependencies(signal: Signal): readonly Signal[] {
  return signal.kind === 'feedback' ? [bodyOf(signal)] : signal.args
}

/** Of roots that are asked about again and again: graphs do not change once their knots are tied. */
const known = new WeakMap<readonly Signal[], readonly Signal[]>()

/** Everything that the roots depend on, ascending by id: arguments before users. */
export function reachable(roots: readonly Signal[]): readonly Signal[] {
  let order = known.get(roots)
  if (!order) known.set(roots, (order = findReachable(roots)))
  return order
}

function findReachable(roots: readonly Signal[]): Signal[] {
  const seen = new Marks()
  const found: Signal[] = []
  const add = (s: Signal) => {
    if (seen.get(s) !== -1) return
    seen.set(s, 0)
    found.push(s)
  }
  for (const root of roots) add(root)
  // The list is its own queue.
  for (let i = 0; i < found.length; i++) {
    const s = found[i]!
    if (s.kind === 'feedback') add(bodyOf(s))
    else for (const a of s.args) add(a)
  }
  return ascending(found)
}

/** By id. One list for all walks, since a program may ask for thousands of small parts of a large graph. */
let marks = new Float64Array(1024)
let nextMark = 1

/** Numbers from 0 of signals, of one walk; good until the next walk begins. */
class Marks {
  private readonly first = nextMark

  /** -1 of signals that have none. */
  get(s: Signal): number {
    const mark = s.id < marks.length ? marks[s.id]! - this.first : -1
    return mark >= 0 ? mark : -1
  }

  set(s: Signal, value: number): void {
    if (s.id >= marks.length) {
      const larger = new Float64Array(2 * s.id)
      larger.set(marks)
      marks = larger
    }
    marks[s.id] = this.first + value
    nextMark = Math.max(nextMark, this.first + value + 1)
  }
}

/** Above every number of signals; a product with an id still fits a number exactly. */
const MOST_PLACES = 2 ** 24

/** Sorted by id. Numbers are sorted without a call for each comparison. */
export function ascending(signals: readonly Signal[]): Signal[] {
  if (signals.length < 2) return [...signals]
  const keys = new Float64Array(signals.length)
  for (let i = 0; i < keys.length; i++) keys[i] = signals[i]!.id * MOST_PLACES + i
  keys.sort()
  const sorted: Signal[] = []
  for (let i = 0; i < keys.length; i++) sorted.push(signals[keys[i]! % MOST_PLACES]!)
  return sorted
}

/**
 * Strongly connected components, dependencies first (Tarjan 1972, with an explicit stack). Each is ascending by
 * id; one of several signals, or of one that depends on itself, is a loop.
 */
export function components(roots: readonly Signal[]): readonly (readonly Signal[])[] {
  let found = knownComponents.get(roots)
  if (!found) {
    const search = new ComponentSearch()
    for (const root of roots) search.visit(root)
    knownComponents.set(roots, (found = search.result))
  }
  return found
}

const knownComponents = new WeakMap<readonly Signal[], readonly (readonly Signal[])[]>()

class ComponentSearch {
  readonly result: Signal[][] = []
  /** When a signal was met. */
  private readonly order = new Marks()
  /** By order; the earliest that can be reached. */
  private readonly low: number[] = []
  /** By order. */
  private readonly isOpen: boolean[] = []
  private readonly open: Signal[] = []
  /** The way from the root, and of each signal on it how many of its dependencies were looked at. */
  private readonly path: Signal[] = []
  private readonly positions: number[] = []

  visit(root: Signal): void {
    if (this.order.get(root) !== -1) return
    const { path, positions } = this
    this.enter(root)
    while (path.length > 0) {
      const last = path.length - 1
      const next = dependency(path[last]!, positions[last]!++)
      if (!next) {
        this.leave(path.pop()!)
        positions.pop()
        continue
      }
      const met = this.order.get(next)
      if (met === -1) this.enter(next)
      else if (this.isOpen[met]) this.lower(path[last]!, met)
    }
  }

  private enter(signal: Signal): void {
    const order = this.low.length
    this.order.set(signal, order)
    this.low.push(order)
    this.isOpen.push(true)
    this.open.push(signal)
    this.path.push(signal)
    this.positions.push(0)
  }

  private lower(signal: Signal, value: number): void {
    const order = this.order.get(signal)
    if (value < this.low[order]!) this.low[order] = value
  }

  private leave(signal: Signal): void {
    const order = this.order.get(signal)
    const low = this.low[order]!
    const caller = this.path.at(-1)
    if (caller) this.lower(caller, low)
    if (low !== order) return
    const component: Signal[] = []
    let member: Signal
    do {
      member = this.open.pop()!
      this.isOpen[this.order.get(member)] = false
      component.push(member)
    } while (member !== signal)
    this.result.push(component.length === 1 ? component : ascending(component))
  }
}

function dependency(signal: Signal, i: number): Signal | undefined {
  if (signal.kind !== 'feedback') return signal.args[i]
  return i === 0 ? bodyOf(signal) : undefined
}
