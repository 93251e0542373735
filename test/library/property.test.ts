/** Random expressions: compiled ones give the same doubles as a plain evaluator, one sample or a block at a time. */
import { describe, expect, it } from 'vitest'
import { dumpCore } from '../../src/core/dump.ts'
import { fromJson, toJson } from '../../src/core/json.ts'
import { DSPNodeContext, getStandardLibrary, JIT } from '../../src/library/index.ts'
import { ModelContext, ModelFunction } from './model.ts'
import { Random, randomProgram } from './random-programs.ts'

const LIBRARY = getStandardLibrary()
const FRAMES = 12

function programs(seed: number, depth: number) {
  const random = new Random(seed)
  const ast = randomProgram(random, { depth, ids: 12 })
  const context = new DSPNodeContext()
  const model = new ModelContext()
  for (let i = 0; i < 3; i++) {
    const table = Float32Array.from({ length: 1 + random.below(9) }, () => random.next() - 0.5)
    context.swapTable(i, table)
    model.buffers.set(`table#${i}`, [...table])
  }
  for (let i = 0; i < 32; i++) {
    const value = random.next()
    context.atom(i)!.set(value)
    model.atoms[i] = value
  }
  const f = new JIT(LIBRARY, context).compile(ast)
  const expected = new ModelFunction(model, ast)
  f.init(44100)
  expected.init(44100)
  return { random, ast, f, expected }
}

const sameBits = (a: readonly number[], b: readonly number[]) => a.every((x, i) => Object.is(x, b[i]))

describe('random expressions', () => {
  it.each(Array.from({ length: 150 }, (_, i) => i + 1))('sample by sample, seed %d', seed => {
    const { random, ast, f, expected } = programs(seed, 3 + (seed % 5))
    for (let n = 0; n < FRAMES; n++) {
      const [in1, in2] = [random.next() * 4 - 2, random.next()]
      const parameters = [0, 1, 2, 3].map(() => random.next() * 2 - 1)
      const [alpha, beta, delta, gamma] = parameters as [number, number, number, number]
      const signals = [0, 0]
      const value = f.exec(in1, in2, alpha, beta, delta, gamma, signals)
      const wanted = expected.exec(in1, in2, parameters)
      if (!sameBits([...signals, value], wanted)) expect([...signals, value], dumpCore(ast)).toEqual(wanted)
    }
    f.free()
  })

  it.each(Array.from({ length: 60 }, (_, i) => i + 1001))('in blocks, seed %d', seed => {
    const { random, ast, f, expected } = programs(seed, 3 + (seed % 4))
    const inputs = [0, 1].map(() => Float64Array.from({ length: FRAMES }, () => random.next() * 4 - 2))
    const outputs = [0, 1, 2].map(() => new Float64Array(FRAMES))
    f.process(inputs, outputs, FRAMES)
    for (let n = 0; n < FRAMES; n++) {
      const wanted = expected.exec(inputs[0]![n]!, inputs[1]![n]!, [0, 0, 0, 0], n === FRAMES - 1)
      const found = outputs.map(channel => channel[n]!)
      if (!sameBits(found, wanted)) expect(found, dumpCore(ast)).toEqual(wanted)
    }
  })

  it('survive JSON', () => {
    for (let seed = 1; seed <= 50; seed++) {
      const ast = randomProgram(new Random(seed), { depth: 6, ids: 12, declares: true })
      expect(fromJson(JSON.parse(JSON.stringify(toJson(ast))))).toEqual(ast)
    }
  })
})
