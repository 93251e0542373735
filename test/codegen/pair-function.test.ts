/** Functions of pairs give, in each half, the bits of the scalar function. */
import { expect, test } from 'vitest'
import { FunctionBuilder } from '../../src/codegen/builder.ts'
import type { KernelFunction } from '../../src/codegen/kernel.ts'
import { mathFunctions } from '../../src/codegen/math/index.ts'
import { pairFunctions } from '../../src/codegen/pair-function.ts'
import { gatherPair, laneOf, type ScalarType } from '../../src/codegen/pair-op.ts'
import { verifyKernel } from '../../src/codegen/verify.ts'
import { instantiate } from './run.ts'

/** `half`(lane, x0, x1, y0, y1, …): the function of pairs, one half of what it gives. */
function half(f: KernelFunction, pair: string): KernelFunction {
  const b = new FunctionBuilder()
  const lane = b.parameter('i32')
  const parameters = f.parameters.map(({ type }) => [b.parameter(type), b.parameter(type)] as const)
  const args = parameters.map(([x, y]) => gatherPair(b, x, y).vector)
  const vector = b.call(pair, 'v128', args)
  const kind = f.result as ScalarType
  const [low, high] = ([0, 1] as const).map(i => laneOf(b, { kind, vector }, i))
  return b.finish(`half ${f.name}`, [lane, ...parameters.flat()], b.select(lane, high!, low!), true)
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

test.each(['double', 'single'] as const)('in %s precision', async precision => {
  const library = [...mathFunctions(precision).values()]
  const pairs = pairFunctions(library)
  const exposed = library.map(f => ({ ...f, exported: true }))
  const found = library.flatMap(f => (pairs.find(f.name) ? [{ f, pair: pairs.find(f.name)! }] : []))
  const functions = [...exposed, ...pairs.made, ...found.map(({ f, pair }) => half(f, pair))]
  const module = { functions, memoryBytes: 0, data: [] }
  expect(verifyKernel(module)).toEqual([])
  const compiled = await instantiate(module)
  const wrong: string[] = []
  for (const { f } of found) {
    const values = [...samples()]
    const count = f.parameters.length
    const one = compiled[f.name]!
    const two = compiled[`half ${f.name}`]!
    for (let i = 0; i + 4 < values.length; i++) {
      const given = f.parameters.flatMap(({ type }, k) =>
        [values[i + k]!, values[(i * 7 + k) % values.length]!].map(x =>
          type === 'i64' ? BigInt(Number.isFinite(x) ? Math.trunc(x) : 0) : x,
        ),
      )
      for (const lane of [0, 1]) {
        const expected = one(...Array.from({ length: count }, (_, k) => given[2 * k + lane]!))
        const actual = two(lane, ...given)
        if (!Object.is(actual, expected))
          wrong.push(`${f.name}(${given}) half ${lane}: ${actual}, not ${expected}`)
      }
    }
  }
  expect(wrong.slice(0, 5)).toEqual([])
  // Others have loops, or branches that are too long to compute both.
  const usual = 'sin cos tan asin acos atan atan2 exp log log10 pow tanh sinh cosh fmod'.split(' ')
  expect(usual.filter(name => !pairs.find(name))).toEqual([])
})
