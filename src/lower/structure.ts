/**
 * Structure of what remembers: how state is recognised in another version of a program.
 *
 * Comes in: the scheduled graph and its facts. Goes out: for each signal that remembers, its form and three
 * hashes, from all that computes it to the bare shape of its loop. A stage of its own because migration must
 * compare programs without having them: what it needs of the graph goes along with the state.
 */
import type { Facts } from './facts.ts'
import { components, reachable } from './graph.ts'
import { type LoopContext, loopOf } from './loop-structure.ts'
import type { DelayPlan } from './schedule.ts'
import type { Signal } from './signal.ts'
import { hashAll, widgetsOf } from './signal-hash.ts'
import { hashNode } from './structure-hash.ts'

export interface Structure {
  readonly form: string
  readonly exact: number
  readonly own: number
  readonly shape: number
}

/** What a signal remembers: its past, or something of its own that `what` names. */
export class Structures {
  private readonly exact: Map<Signal, number>
  private readonly loops: LoopContext
  private readonly readers = new Map<Signal, Signal[]>()

  constructor(roots: readonly Signal[], facts: Facts, resolve: (s: Signal) => Signal) {
    const order = reachable(roots)
    this.exact = hashAll(order)
    for (const s of order) {
      if (s.kind !== 'delay') continue
      const source = resolve(s.args[0]!)
      const list = this.readers.get(source)
      if (list) list.push(s)
      else this.readers.set(source, [s])
    }
    const component = numberComponents(roots)
    this.loops = { facts, exact: this.exact, widgets: widgetsOf(order, this.exact), component, resolve }
  }

  /** Of the past of a signal. */
  past({ source, line }: DelayPlan): Structure {
    const exact = hashNode('past', [this.exact.get(source)!])
    const loop = loopOf(source, this.loops)
    if (loop.form !== 'past') return { exact, ...loop }
    const size = line > 0 ? 'line' : 'short'
    const lengths = this.readersOf(source).map(reader => this.exact.get(reader.args[1]!)!)
    const known = [...new Set(lengths)].sort((a, b) => a - b)
    // What feeds a line may read it too; then the shape of its loop says more than that it is a line.
    const shape = loop.shape === 0 ? hashNode(size, []) : loop.shape
    return { form: 'past', exact, own: line > 0 ? hashNode('lengths', [loop.own, ...known]) : 0, shape }
  }

  /** Of anything else that a signal keeps. */
  other(s: Signal, what: string): Structure {
    const exact = hashNode(what, [this.exact.get(s)!])
    const shape = hashNode(what, [])
    switch (s.kind) {
      case 'writtenTable':
        return { form: what, exact, own: hashNode(what, this.exactOf(s.args.slice(0, 2))), shape }
      case 'prefix':
        return { form: what, exact, own: hashNode(what, this.exactOf(s.args.slice(0, 1))), shape }
      case 'waveform':
        return { form: what, exact, own: exact, shape }
      default:
        return { form: what, exact, own: 0, shape }
    }
  }

  /** Reads of the past of a signal, the first made first. */
  readersOf(source: Signal): readonly Signal[] {
    return this.readers.get(source) ?? []
  }

  private exactOf(signals: readonly Signal[]): number[] {
    return signals.map(s => this.exact.get(s)!)
  }
}

function numberComponents(roots: readonly Signal[]): Map<Signal, number> {
  const numbers = new Map<Signal, number>()
  components(roots).forEach((members, i) => {
    for (const s of members) numbers.set(s, i)
  })
  return numbers
}
