/** What is known of values, against a map. */
import { expect, test } from 'vitest'
import type { Value } from '../../src/codegen/kernel.ts'
import { ValueMap } from '../../src/codegen/value-map.ts'

test('a map of values grows with their ids and forgets nothing', () => {
  const values = [0, 1, 63, 64, 5000, 70_000, 3].map((id): Value => ({ id, type: 'f64' }))
  const map = new ValueMap<string>(2)
  const expected = new Map<Value, string>()
  for (const value of values) {
    expect(map.get(value)).toBeUndefined()
    map.set(value, `v${value.id}`)
    expected.set(value, `v${value.id}`)
    for (const known of values) expect(map.get(known)).toBe(expected.get(known))
  }
  expect(map.size).toBe(values.length)
})
