/** What is computed in pairs has the bits of what is not: random programs, and those of bench/. */
import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { emitWasm } from '../../src/codegen/emit.ts'
import { addMathFunctions } from '../../src/codegen/generate.ts'
import { computeInPairs, type PairOptions } from '../../src/codegen/pairs.ts'
import { PASS_NAMES, PASSES } from '../../src/codegen/passes.ts'
import { everyInstruction } from '../../src/codegen/regions.ts'
import { toKernel } from '../../src/codegen/to-kernel.ts'
import { verifyKernel } from '../../src/codegen/verify.ts'
import { lowerSource } from '../../src/compile.ts'
import type { CoreProgram } from '../../src/core/ast.ts'
import type { Precision } from '../../src/core/program.ts'
import { attempt } from '../../src/diagnostics.ts'
import { all, append, delayed, delayLine, int, kept, op, program, set } from '../support/core.ts'
import { compile, inBlocks, noise, type Player, play } from '../support/play.ts'
import fc from '../support/property.ts'
import { randomProgram } from '../support/random-core.ts'
import { fourTimes, twice } from '../support/side-by-side.ts'

const NO_PASSES = new Set(PASS_NAMES)

/** Compiled with the passes, but with these options for pairs. */
async function compileInPairs(parts: CoreProgram, precision: Precision, options: PairOptions) {
  const { module, layout } = toKernel(parts, { precision })
  let current = addMathFunctions(module, precision)
  for (const pass of PASSES) {
    const { name, run } = pass
    if ('isFastMath' in pass) continue
    current = name === 'pairs' ? computeInPairs(current, options) : run(current)
    expect(verifyKernel(current), name).toEqual([])
  }
  const { wasm } = await emitWasm(current, { validate: true })
  const names = current.functions
    .flatMap(f => [...everyInstruction(f.body)])
    .flatMap(i => (i.kind === 'op' ? [i.op] : []))
  const vectors = names.filter(name => /x\d\.|v128/.test(name)).length
  const products = names.filter(name => /x\d\.mul/.test(name)).length
  const player = await play(parts, precision, { ...layout, end: current.memoryBytes }, wasm)
  return { player, vectors, products }
}

function hear(player: Player, parts: CoreProgram, frames: number, sizes: readonly number[]) {
  const inputs = parts.inputs.map((_, i) => noise(frames, i + 1))
  return inBlocks(player.compute, parts.outputs.length, inputs, frames, sizes)
}

const WAYS: readonly PairOptions[] = [
  { unrolled: false, always: true },
  { withinFrame: false, always: true },
]

describe.each(['double', 'single'] as const)('random programs in %s precision', precision => {
  it('sound the same, in lanes wherever possible', async () => {
    await fc.assert(
      fc.asyncProperty(
        randomProgram,
        fc.constantFrom(...WAYS),
        fc.boolean(),
        async (single, options, again) => {
          const parts = again ? fourTimes(single) : twice(single)
          const plain = await compile(parts, precision, false, NO_PASSES)
          const { player } = await compileInPairs(parts, precision, options)
          player.init()
          for (const sizes of [[31], [1], [7, 2]]) {
            expect(hear(player, parts, 31, sizes)).toEqual(hear(plain, parts, 31, sizes))
          }
        },
      ),
      { numRuns: 100 },
    )
  })
})

describe('what is found', () => {
  const stereo = program({
    inputs: ['x'],
    outputs: ['left', 'right'],
    kept: [kept('a'), kept('b')],
    sample: all(
      set('a', op('add', op('mul', 'x', 0.3), op('mul', 'a', 0.7))),
      set('b', op('add', op('mul', 'x', 0.1), op('mul', 'b', 0.9))),
      set('left', op('sub', 'x', 'a')),
      set('right', op('sub', 'x', 'b')),
    ),
  })
  it('two filters side by side', async () => {
    const { vectors } = await compileInPairs(stereo, 'double', { unrolled: false, always: true })
    expect(vectors).toBeGreaterThan(3)
  })
  it('four filters side by side', async () => {
    const within: PairOptions = { unrolled: false, always: true }
    const fours = await compileInPairs(fourTimes(stereo), 'single', within)
    const pairs = await compileInPairs(fourTimes(stereo), 'single', { ...within, fours: false })
    expect(fours.products).toBeLessThan(pairs.products)
  })
  it('the same function in two frames', async () => {
    const parts = program({ inputs: ['x'], sample: set('out', op('sin', op('mul', 'x', 3))) })
    const { vectors } = await compileInPairs(parts, 'double', { withinFrame: false })
    expect(vectors).toBeGreaterThan(20)
  })
  it('a line that is read where it was written a frame before', async () => {
    const sample = all(
      set('y', op('add', 'x', op('mul', delayed('line', int(1)), 0.5))),
      append('line', 'y'),
      set('out', op('sin', op('add', 'y', delayed('line', int(3))))),
    )
    const parts = program({ inputs: ['x'], buffers: [delayLine('line', 5)], sample })
    const plain = await compile(parts, 'double', false, NO_PASSES)
    const { player } = await compileInPairs(parts, 'double', { withinFrame: false, always: true })
    expect(hear(player, parts, 40, [9, 4])).toEqual(hear(plain, parts, 40, [9, 4]))
  })
})

const PROGRAMS = new URL('../../bench/patches/', import.meta.url)
const LIBRARY = new URL('../../stdlib/', import.meta.url)

function lowered(file: string): CoreProgram {
  const library = new Set(readdirSync(LIBRARY))
  const load = (name: string) =>
    library.has(name) ? { name, text: readFileSync(new URL(name, LIBRARY), 'utf8') } : undefined
  const source = readFileSync(new URL(file, PROGRAMS), 'utf8')
  const { value } = attempt(log => lowerSource(source, { filename: file, load }, log))
  return value!.core
}

const files = readdirSync(PROGRAMS).filter(file => file.endsWith('.dsp'))

describe.each(files)('%s', file => {
  const parts = lowered(file)
  it.each(['double', 'single'] as const)(
    'has the bits of the unoptimised program in %s precision',
    async precision => {
      const plain = await compile(parts, precision, false, NO_PASSES)
      const optimised = await compile(parts, precision)
      const press = (value: number) => {
        for (const { id } of parts.controls)
          if (/gate/.test(id)) for (const p of [plain, optimised]) p.cell(id, value)
      }
      for (const [gate, sizes] of [
        [0, [3]],
        [1, [256]],
        [0, [511, 1, 64]],
      ] as const) {
        press(gate)
        expect(hear(optimised, parts, 700, sizes)).toEqual(hear(plain, parts, 700, sizes))
      }
    },
  )
})

it.each(PASS_NAMES)('without %s the samples stay the same', async name => {
  const parts = lowered('03_subtractive.dsp')
  const plain = await compile(parts, 'double', false, NO_PASSES)
  const without = await compile(parts, 'double', false, new Set([name]))
  expect(hear(without, parts, 99, [50])).toEqual(hear(plain, parts, 99, [50]))
})
