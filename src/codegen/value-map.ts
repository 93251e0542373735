/**
 * What is known of values, by their ids.
 *
 * Comes in: values of one function. Goes out: what was said of them. Like a `Map`, but an array inside: ids are dense,
 * and passes look up hundreds of thousands of values.
 */
import type { Value } from './kernel.ts'

export class ValueMap<T> {
  private entries: (T | undefined)[]
  /** How often something was said of a value. */
  size = 0

  /** Ids below `count` are expected. */
  constructor(count = 64) {
    this.entries = new Array(count)
  }

  get({ id }: Value): T | undefined {
    return id < this.entries.length ? this.entries[id] : undefined
  }

  set({ id }: Value, entry: T): void {
    if (id >= this.entries.length) this.grow(id)
    this.entries[id] = entry
    this.size++
  }

  /** An array that was made longer by an assignment far behind its end would become a slow one. */
  private grow(id: number): void {
    const longer = new Array(2 * id + 1)
    for (let i = 0; i < this.entries.length; i++) longer[i] = this.entries[i]
    this.entries = longer
  }
}
