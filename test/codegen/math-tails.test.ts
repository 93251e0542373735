/** What functions compute on their way, of arguments as small as tails leave them, is never subnormal. */
import { expect, test } from 'vitest'
import { removeDeadCode } from '../../src/codegen/dead-code.ts'
import { computeOf } from '../../src/codegen/interpret-op.ts'
import type { Instruction, Region } from '../../src/codegen/kernel.ts'
import { mathFunctions } from '../../src/codegen/math/index.ts'

/** Values by id, of the region and of the branch that is taken. */
type Values = Map<number, number | bigint>

function evaluate(region: Region, values: Values): void {
  for (const i of region.instructions) step(i, values)
}

function step(i: Instruction, values: Values): void {
  if (i.kind === 'const') {
    values.set(i.result.id, i.result.type === 'i64' ? BigInt(i.value) : Number(i.value))
  } else if (i.kind === 'op') {
    const args = i.args.map(a => values.get(a.id)!)
    values.set(i.result.id, (computeOf(i.op) as (...args: (number | bigint)[]) => number | bigint)(...args))
  } else if (i.kind === 'if') {
    const taken = values.get(i.condition.id) === 0 ? i.elseRegion : i.thenRegion
    evaluate(taken, values)
    for (const [k, result] of i.results.entries()) values.set(result.id, values.get(taken.yields[k]!.id)!)
  } else throw new Error(`${i.kind} is not expected here`)
}

function leastOf(name: string, precision: 'single' | 'double', x: number): number {
  const whole = { ...mathFunctions(precision).get(name)!, exported: true }
  const f = removeDeadCode({ functions: [whole], memoryBytes: 0, data: [] }).functions[0]!
  const values: Values = new Map([[f.parameters[0]!.id, x]])
  evaluate(f.body, values)
  const numbers = [...values.values()].filter(value => typeof value === 'number')
  return Math.min(...numbers.filter(value => value !== 0).map(Math.abs))
}

test.each([
  ...['sin', 'cos', 'tan', 'atan', 'tanh', 'exp'].map(name => [name, 'single', 2 ** -54, 2 ** -126] as const),
  ...['asin', 'acos', 'atan', 'tanh', 'sinh', 'asinh'].map(
    name => [name, 'double', 2 ** -250, 2 ** -1022] as const,
  ),
])('%s in %s precision', (name, precision, smallest, normal) => {
  for (let x = 0.4; x > smallest; x /= 1.37) {
    const argument = precision === 'single' ? Math.fround(x) : x
    for (const sign of [1, -1])
      expect(leastOf(name, precision, sign * argument)).toBeGreaterThanOrEqual(normal)
  }
})
