/** The table of mathematical functions is true: each family makes what it says. */
import { expect, test } from 'vitest'
import { mathFunctions, requiredFunctions } from '../../src/codegen/math/index.ts'
import { everyInstruction } from '../../src/codegen/regions.ts'

test.each(['single', 'double'] as const)('every function is found by its name, %s', precision => {
  const all = mathFunctions(precision)
  expect(all.size).toBeGreaterThan(70)
  for (const [name, f] of all) expect(requiredFunctions([name], precision).at(-1)).toBe(f)
  expect(requiredFunctions(all.keys(), precision)).toEqual([...all.values()])
})

test.each(['single', 'double'] as const)('callees come first, %s', precision => {
  const seen = new Set<string>()
  for (const [name, f] of mathFunctions(precision)) {
    for (const instruction of everyInstruction(f.body)) {
      if (instruction.kind === 'call') expect(seen).toContain(instruction.function)
    }
    seen.add(name)
  }
})

test('a function that does not exist', () => {
  expect(() => requiredFunctions(['nonsense'], 'double')).toThrow('no function nonsense')
})
