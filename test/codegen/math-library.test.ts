/** The table of mathematical functions is true: each family makes what it says. */
import { expect, test } from 'vitest'
import { mathFunctions, requiredFunctions } from '../../src/codegen/math/index.ts'
import { TWO_OVER_PI } from '../../src/codegen/math/payne-hanek.ts'
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

/** π·2^bits by Machin's formula π = 16 atan(1/5) - 4 atan(1/239). */
function piTimesPowerOfTwo(bits: bigint): bigint {
  const one = 1n << (bits + 32n)
  const arcTangentOfInverse = (n: bigint): bigint => {
    let power = one / n
    let sum = 0n
    for (let k = 1n; power !== 0n; k += 2n) {
      sum += k % 4n === 1n ? power / k : -power / k
      power /= n * n
    }
    return sum
  }
  return (16n * arcTangentOfInverse(5n) - 4n * arcTangentOfInverse(239n)) >> 32n
}

test('the digits of 2/π', () => {
  const bits = BigInt(4 * TWO_OVER_PI.length)
  const guard = 64n
  const quotient = (1n << (2n * (bits + guard) + 1n)) / piTimesPowerOfTwo(bits + guard)
  expect(BigInt(`0x${TWO_OVER_PI}`)).toBe(quotient >> guard)
})
