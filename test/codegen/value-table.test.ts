/** The table of value numbering against a map with texts as keys. */
import { describe, expect, test } from 'vitest'
import type { Value } from '../../src/codegen/kernel.ts'
import { createValueTable } from '../../src/codegen/value-table.ts'

const value = (id: number): Value => ({ id, type: 'i32' })

/** A linear congruential generator. Constants of Numerical Recipes. */
function randomNumbers(seed: number): (below: number) => number {
  let state = seed
  return below => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

describe('a table of values', () => {
  test('gives the first value of the same numbers', () => {
    const table = createValueTable(4)
    const [a, b] = [value(1), value(2)]
    expect(table.share(1, 2, 3, 4, a)).toBe(a)
    expect(table.share(1, 2, 3, 4, b)).toBe(a)
    expect(table.share(1, 2, 4, 3, b)).toBe(b)
  })

  test.each([1, 2, 3])('knows and forgets what a map with scopes does (%i)', seed => {
    const random = randomNumbers(seed)
    const table = createValueTable(3000)
    const map = new Map<string, Value>()
    const scopes: { readonly count: number; readonly keys: string[] }[] = [{ count: 0, keys: [] }]
    for (let id = 0; id < 3000; id++) {
      const action = random(20)
      if (action === 0) scopes.push({ count: table.count(), keys: [] })
      else if (action === 1 && scopes.length > 1) {
        const { count, keys } = scopes.pop()!
        table.shrink(count)
        for (const key of keys) map.delete(key)
      }
      const numbers = [random(3), random(8), random(8) - 1, -random(2)] as const
      const key = numbers.join(' ')
      const given = value(id)
      if (!map.has(key)) scopes.at(-1)!.keys.push(key)
      const expected = map.get(key) ?? given
      map.set(key, expected)
      expect(table.share(...numbers, given)).toBe(expected)
    }
  })
})
