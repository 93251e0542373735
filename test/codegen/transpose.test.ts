/** Loops that read and write four frames of four values at a time, and merged loops, have the bits of others. */

import { describe, expect, it } from 'vitest'
import { emitWasm } from '../../src/codegen/emit.ts'
import { divideFrames } from '../../src/codegen/frames.ts'
import { fuseLoops } from '../../src/codegen/fusion.ts'
import { addMathFunctions } from '../../src/codegen/generate.ts'
import type { KernelModule } from '../../src/codegen/kernel.ts'
import { computeInPairs } from '../../src/codegen/pairs.ts'
import { PASS_NAMES, PASSES } from '../../src/codegen/passes.ts'
import { everyInstruction } from '../../src/codegen/regions.ts'
import { toKernel } from '../../src/codegen/to-kernel.ts'
import { verifyKernel } from '../../src/codegen/verify.ts'
import type { CoreProgram } from '../../src/core/ast.ts'
import { lowered } from '../support/lowered.ts'
import { compile, inBlocks, noise, type Player, play } from '../support/play.ts'
import fc from '../support/property.ts'

const NO_PASSES = new Set(PASS_NAMES)

/** Divided and in lanes whatever it costs. */
async function compileDivided(parts: CoreProgram) {
  const { module, layout } = toKernel(parts, { precision: 'single' })
  let current = addMathFunctions(module, 'single')
  let [transposed, merged] = [0, 0]
  for (const { name, run, isFastMath } of PASSES) {
    if (isFastMath || name === 'skew') continue
    const before = current
    if (name === 'fission') current = divideFrames(current, { always: true })
    else if (name === 'pairs') current = computeInPairs(current, { unrolled: false, always: true })
    else if (name === 'fusion') current = fuseLoops(current, { always: true })
    else current = run(current)
    expect(verifyKernel(current), name).toEqual([])
    if (name === 'transposition') transposed = shuffles(current) - shuffles(before)
    if (name === 'fusion') merged = loops(before) - loops(current)
  }
  const { wasm } = await emitWasm(current, { validate: true })
  const player = await play(parts, 'single', { ...layout, end: current.memoryBytes }, wasm)
  return { player, transposed, merged }
}

const all = ({ functions }: KernelModule) => functions.flatMap(f => [...everyInstruction(f.body)])
const shuffles = (module: KernelModule) =>
  all(module).filter(i => i.kind === 'op' && i.op === 'i32x4.shuffle_0415').length
const loops = (module: KernelModule) => all(module).filter(i => i.kind === 'loop').length

function hear(player: Player, parts: CoreProgram, frames: number, sizes: readonly number[]) {
  const inputs = parts.inputs.map((_, i) => noise(frames, i + 1))
  return inBlocks(player.compute, parts.outputs.length, inputs, frames, sizes)
}

async function compare(parts: CoreProgram): Promise<{ transposed: number; merged: number }> {
  const plain = await compile(parts, 'single', false, NO_PASSES)
  const { player, transposed, merged } = await compileDivided(parts)
  player.init()
  for (const sizes of [[70], [1], [200, 3, 64]]) {
    expect(hear(player, parts, 300, sizes)).toEqual(hear(plain, parts, 300, sizes))
  }
  return { transposed, merged }
}

describe.each([
  ['process = si.bus(8) : par(i, 8, sin : fi.pole(0.1 * i) : cos);', false],
  ['process = _ <: par(i, 8, + ~ (@(100 + 7 * i) : fi.pole(0.3) : *(0.5))) :> _, _;', true],
  ['process = si.bus(8) : par(i, 8, fi.low_shelf(3, 200 + i) : fi.high_shelf(-2, 4000)) :> _, _;', true],
])('%s', (definition, isMerged) => {
  it('is transposed, and merged where it brings several vectors from memory', async () => {
    const { transposed, merged } = await compare(lowered(definition))
    expect(transposed).toBeGreaterThan(0)
    expect(merged > 0).toBe(isMerged)
  })
})

const STAGES = [
  'sin',
  'abs : sqrt',
  '*(0.3 + 0.05 * i)',
  'fi.pole(0.1 * (i % 9))',
  '+ ~ *(0.5 - 0.03 * i)',
  'fi.dcblocker',
  'mem',
  '@(40 + 3 * i)',
  'max(-0.5) : min(0.4)',
  '\\(x).(select2(x > 0.1, x, 0.5 * x))',
  'fi.tf2(1, 0.2, 0.1, -0.3 + 0.01 * i, 0.2)',
]

it('random stages in channels side by side', async () => {
  let transposed = 0
  const stages = fc.array(fc.constantFrom(...STAGES), { minLength: 2, maxLength: 5 })
  await fc.assert(
    fc.asyncProperty(stages, fc.integer({ min: 4, max: 9 }), fc.boolean(), async (list, count, isSummed) => {
      const end = isSummed ? ':> _' : ''
      const chain = list.map(stage => `(${stage})`).join(' : ')
      const parts = lowered(`process = si.bus(${count}) : par(i, ${count}, ${chain}) ${end};`)
      transposed += (await compare(parts)).transposed
    }),
    { numRuns: 25 },
  )
  expect(transposed).toBeGreaterThan(0)
})
