/** Functions of lanes give, in each lane, the bits of the scalar function. */
import { expect, test } from 'vitest'
import { FunctionBuilder } from '../../src/codegen/builder.ts'
import type { KernelFunction } from '../../src/codegen/kernel.ts'
import { mathFunctions } from '../../src/codegen/math/index.ts'
import { pairFunctions } from '../../src/codegen/pair-function.ts'
import { gatherLanes, laneOf, type ScalarType } from '../../src/codegen/pair-op.ts'
import { verifyKernel } from '../../src/codegen/verify.ts'
import { instantiate } from './run.ts'

/** `lane`(i, x0, x1, …, y0, y1, …): the function of lanes, one lane of what it gives. */
function single(f: KernelFunction, wide: string, lanes: 2 | 4): KernelFunction {
  const b = new FunctionBuilder()
  const index = b.parameter('i32')
  const parameters = f.parameters.map(({ type }) => Array.from({ length: lanes }, () => b.parameter(type)))
  const args = parameters.map(values => gatherLanes(b, values).vector)
  const vector = b.call(wide, 'v128', args)
  const kind = f.result as ScalarType
  const results = Array.from({ length: lanes }, (_, i) => laneOf(b, { kind, vector }, i))
  const result = results.reduce((chosen, value, i) =>
    b.select(b.op('i32.eq', index, b.i32(i)), value, chosen),
  )
  return b.finish(`lane ${f.name}`, [index, ...parameters.flat()], result, true)
}

const SPECIAL = [0, -0, 1, -1, 0.5, 2, 1e-310, 1e308, 710, -745, 3e9, 1e22, Infinity, -Infinity, NaN]

function* samples(): Generator<number> {
  yield* SPECIAL
  let state = 1
  for (let i = 0; i < 1500; i++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0
    yield (state / 2 ** 31) * [1, 0.01, 4, 100, 1e6][i % 5]!
  }
}

async function compareLanes(precision: 'double' | 'single', lanes: 2 | 4): Promise<readonly string[]> {
  const library = [...mathFunctions(precision).values()]
  const wide = pairFunctions(library)
  const exposed = library.map(f => ({ ...f, exported: true }))
  const found = library.filter(f => wide.find(f.name, lanes))
  const singles = found.map(f => single(f, wide.find(f.name, lanes)!, lanes))
  const module = { functions: [...exposed, ...wide.made, ...singles], memoryBytes: 0, data: [] }
  expect(verifyKernel(module)).toEqual([])
  const compiled = await instantiate(module)
  const wrong: string[] = []
  const values = [...samples()]
  for (const { name, parameters } of found) {
    const [one, several] = [compiled[name]!, compiled[`lane ${name}`]!]
    for (let i = 0; i + 4 < values.length; i++) {
      const given = parameters.flatMap(({ type }, k) =>
        [1, 7, 31, 101].slice(0, lanes).map(factor => {
          const x = values[(i * factor + k) % values.length]!
          return type === 'i64' ? BigInt(Number.isFinite(x) ? Math.trunc(x) : 0) : x
        }),
      )
      for (let lane = 0; lane < lanes; lane++) {
        const expected = one(...parameters.map((_, k) => given[lanes * k + lane]!))
        const actual = several(lane, ...given)
        if (!Object.is(actual, expected))
          wrong.push(`${name}(${given}) lane ${lane}: ${actual}, not ${expected}`)
      }
    }
  }
  expect(wrong.slice(0, 5)).toEqual([])
  return found.map(f => f.name)
}

test.each(['double', 'single'] as const)('two lanes in %s precision', async precision => {
  const found = await compareLanes(precision, 2)
  // Others have loops, or branches that are too long to compute both.
  const usual = 'sin cos tan asin acos atan atan2 exp log log10 pow tanh sinh cosh fmod'.split(' ')
  expect(usual.filter(name => !found.includes(name))).toEqual([])
})

test('four lanes of what has 32 bits', async () => {
  const found = await compareLanes('single', 4)
  expect(found).toContain('minInt')
})
