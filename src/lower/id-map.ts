/**
 * What is known of boxes or signals, by their ids.
 *
 * Comes in: a box or signal, and what is known of it. Goes out: that again. Apart from the tables because it is only a
 * faster map: ids are numbers from 0 without gaps, so a list does; a map of as many objects takes several times the
 * memory, and most of the time of a large program went into its growth.
 */
export class IdMap<K extends { readonly id: number }, V> {
  private readonly values: (V | undefined)[] = []

  get(key: K): V | undefined {
    return this.values[key.id]
  }

  has(key: K): boolean {
    return this.values[key.id] !== undefined
  }

  set(key: K, value: V): void {
    const { values } = this
    // A list with a large gap would become a map.
    while (values.length <= key.id) values.push(undefined)
    values[key.id] = value
  }
}
