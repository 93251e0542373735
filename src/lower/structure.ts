/**
 * Structure of what remembers: how state is recognised in another version of a program.
 *
 * Comes in: the scheduled graph and its facts. Goes out: for each signal that remembers, its form and three
 * hashes, from all that computes it to the bare shape of its loop. A stage of its own because migration must
 * compare programs without having them: what it needs of the graph goes along with the state.
 */
import type { Facts } from './facts.ts'
import { components, dependencies, reachable } from './graph.ts'
import { IdMap } from './id-map.ts'
import { type Loop, type LoopContext, loopOf, NO_LOOP } from './loop-structure.ts'
import type { DelayPlan } from './schedule.ts'
import type { Signal } from './signal.ts'
import { hashAll, widgetsOf } from './signal-hash.ts'
import { hashNode } from './structure-hash.ts'

/** A piece of state: what it is, and the signal that says whose it is. */
export interface Remembered {
  readonly structure: Structure
  /** Its scope is that of this signal. */
  readonly asked: Signal
  /** The longest delay that it needs; Infinity when that varies. */
  readonly reach: number
}

export interface Structure {
  readonly form: string
  readonly exact: number
  readonly own: number
  readonly shape: number
}

/** What a signal remembers: its past, or something of its own that `what` names. */
export class Structures {
  private readonly exact: IdMap<Signal, number>
  private readonly loops: LoopContext
  private readonly readers = new Map<Signal, Signal[]>()
  /** Of delays. */
  private readonly users = new Map<Signal, Signal[]>()
  private readonly indices: ReadonlySet<Signal>

  constructor(roots: readonly Signal[], facts: Facts, resolve: (s: Signal) => Signal) {
    const order = reachable(roots)
    this.exact = hashAll(order)
    for (const s of order) {
      for (const a of dependencies(s)) if (a.kind === 'delay') addTo(this.users, a, s)
      if (s.kind === 'delay') addTo(this.readers, resolve(s.args[0]!), s)
    }
    this.indices = new Set(reachable(order.flatMap(indexOf)))
    const component = numberComponents(roots)
    this.loops = { facts, exact: this.exact, widgets: widgetsOf(order), component, resolve }
  }

  /**
   * What the past of a signal is kept for: its own loop, and those who ask for it elsewhere. These are two pieces
   * of state, for in another version the delay may follow another filter; the loop comes first.
   */
  past({ source, registers }: DelayPlan): Remembered[] {
    const exact = hashNode('past', [this.exact.get(source)!])
    const readers = this.readers.get(source) ?? []
    const loop = loopOf(source, this.loops)
    const others = readers.flatMap(reader => this.askersOf(reader, loop))
    const inside = readers.find(reader => loop.readers.has(reader))
    const back = inside?.args[0]
    const asked = back?.kind === 'feedback' ? back : source
    const ownReaders = [...loop.readers]
    const { form, own, shape } = loop
    const structured =
      form === 'past' ? this.asked(exact, ownReaders, loop, registers) : { form, exact, own, shape }
    const units = inside ? [{ structure: structured, asked, reach: reachOf(ownReaders) }] : []
    if (others.length === 0) return units
    const lengths = others.map(other => other.reader)
    const structure = this.asked(exact, lengths, NO_LOOP, registers)
    return [...units, { structure, asked: others[0]!.asker, reach: reachOf(lengths) }]
  }

  /** Who reads this past, the loop itself left out; a delay in a loop may be read elsewhere, too. */
  private askersOf(reader: Signal, loop: Loop): { reader: Signal; asker: Signal }[] {
    if (!loop.readers.has(reader)) return [{ reader, asker: reader }]
    const asker = this.users.get(reader)?.find(user => !loop.members.has(user))
    return asker ? [{ reader, asker }] : []
  }

  /** A past that is asked for at these delays: further back than variables go, it is a line. */
  private asked(exact: number, readers: readonly Signal[], loop: Loop, registers: number): Structure {
    const lengths = readers.map(reader => reader.args[1]!)
    const isLine = reachOf(readers) > registers
    const known = [...new Set(this.exactOf(lengths))].sort((a, b) => a - b)
    // Most memories of a sample or two are alike; the lengths of lines tell them apart.
    const own = isLine ? hashNode('lengths', [loop.own, ...known]) : 0
    const shape = loop.shape === 0 ? hashNode(isLine ? 'line' : 'short', []) : loop.shape
    return { form: 'past', exact, own, shape }
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
      case 'node':
        return { form: `node ${s.type.name}`, exact, own: hashNode(what, this.parametersOf(s)), shape }
      case 'waveform':
        return { form: what, exact, own: exact, shape }
      default:
        return { form: what, exact, own: 0, shape }
    }
  }

  /** Whether something reads a table or a line at a place that depends on it. */
  isIndex(s: Signal): boolean {
    return this.indices.has(s)
  }

  /** Arguments that are not sound. */
  private parametersOf({ args }: Signal): number[] {
    return args.map(a => (this.loops.facts.get(a)!.rate === 3 ? 0 : this.exact.get(a)!))
  }

  private exactOf(signals: readonly Signal[]): number[] {
    return signals.map(s => this.exact.get(s)!)
  }
}

function addTo(lists: Map<Signal, Signal[]>, key: Signal, s: Signal): void {
  const list = lists.get(key)
  if (list) list.push(s)
  else lists.set(key, [s])
}

function numberComponents(roots: readonly Signal[]): IdMap<Signal, number> {
  const numbers = new IdMap<Signal, number>()
  components(roots).forEach((members, i) => {
    for (const s of members) numbers.set(s, i)
  })
  return numbers
}

function indexOf(s: Signal): readonly Signal[] {
  switch (s.kind) {
    case 'tableRead':
    case 'delay':
      return [s.args[1]!]
    case 'writtenTable':
      return [s.args[2]!]
    default:
      return []
  }
}

function reachOf(readers: readonly Signal[]): number {
  const lengths = readers.map(({ args: [, length] }) => (length!.kind === 'int' ? length!.value : Infinity))
  return Math.max(0, ...lengths)
}
