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

/** Everything that the roots depend on, ascending by id: arguments before users. */
export function reachable(roots: readonly Signal[]): Signal[] {
  const seen = new Set<Signal>(roots)
  const pending = [...seen]
  for (let s = pending.pop(); s; s = pending.pop()) {
    for (const d of dependencies(s)) {
      if (seen.has(d)) continue
      seen.add(d)
      pending.push(d)
    }
  }
  return [...seen].sort((a, b) => a.id - b.id)
}

/**
 * Strongly connected components, dependencies first (Tarjan 1972, with an explicit stack). Each is ascending by
 * id; one of several signals, or of one that depends on itself, is a loop.
 */
export function components(roots: readonly Signal[]): Signal[][] {
  const search = new ComponentSearch()
  for (const root of roots) search.visit(root)
  return search.result
}

interface Visit {
  readonly signal: Signal
  readonly next: readonly Signal[]
  position: number
}

class ComponentSearch {
  readonly result: Signal[][] = []
  private readonly order = new Map<Signal, number>()
  private readonly low = new Map<Signal, number>()
  private readonly open: Signal[] = []
  private readonly isOpen = new Set<Signal>()

  visit(root: Signal): void {
    if (this.order.has(root)) return
    const stack: Visit[] = [this.enter(root)]
    while (stack.length > 0) {
      const top = stack[stack.length - 1]!
      const next = top.next[top.position++]
      if (!next) {
        stack.pop()
        this.leave(top.signal, stack[stack.length - 1]?.signal)
      } else if (!this.order.has(next)) stack.push(this.enter(next))
      else if (this.isOpen.has(next)) this.lower(top.signal, this.order.get(next)!)
    }
  }

  private enter(signal: Signal): Visit {
    this.order.set(signal, this.order.size)
    this.low.set(signal, this.order.size - 1)
    this.open.push(signal)
    this.isOpen.add(signal)
    return { signal, next: dependencies(signal), position: 0 }
  }

  private lower(signal: Signal, value: number): void {
    if (value < this.low.get(signal)!) this.low.set(signal, value)
  }

  private leave(signal: Signal, caller: Signal | undefined): void {
    const low = this.low.get(signal)!
    if (caller) this.lower(caller, low)
    if (low !== this.order.get(signal)) return
    const component: Signal[] = []
    for (;;) {
      const member = this.open.pop()!
      this.isOpen.delete(member)
      component.push(member)
      if (member === signal) break
    }
    this.result.push(component.sort((a, b) => a.id - b.id))
  }
}
