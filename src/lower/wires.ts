/**
 * The signals on the wires into a block.
 *
 * Apart from propagation because it is what keeps wide diagrams linear: a part of the wires is a view.
 */
import type { Signal } from './signal.ts'

/** A range of a list of signals; taking a part of it copies nothing, so wide diagrams stay linear. */
export class Wires {
  private readonly list: readonly Signal[]
  private readonly start: number
  readonly length: number

  constructor(list: readonly Signal[], start = 0, length = list.length) {
    this.list = list
    this.start = start
    this.length = length
  }

  at(i: number): Signal | undefined {
    return i >= 0 && i < this.length ? this.list[this.start + i] : undefined
  }

  part(from: number, to = this.length): Wires {
    if (from === 0 && to === this.length) return this
    return new Wires(this.list, this.start + from, to - from)
  }

  toArray(): Signal[] {
    return this.list.slice(this.start, this.start + this.length)
  }
}
