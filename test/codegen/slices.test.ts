/** Loops whose parts run one after another have the bits of those that do not: random programs, banks of filters. */

import { describe, expect, it } from 'vitest'
import { emitWasm } from '../../src/codegen/emit.ts'
import { addMathFunctions } from '../../src/codegen/generate.ts'
import { PASS_NAMES, PASSES } from '../../src/codegen/passes.ts'
import { everyInstruction } from '../../src/codegen/regions.ts'
import { type SliceLimits, sliceLoops } from '../../src/codegen/slices.ts'
import { toKernel } from '../../src/codegen/to-kernel.ts'
import { verifyKernel } from '../../src/codegen/verify.ts'
import type { CoreProgram } from '../../src/core/ast.ts'
import type { Precision } from '../../src/core/program.ts'
import { lowered } from '../support/lowered.ts'
import { compile, inBlocks, noise, type Player, play } from '../support/play.ts'
import fc from '../support/property.ts'
import { randomProgram } from '../support/random-core.ts'

const NO_PASSES = new Set(PASS_NAMES)
/** Wherever it can be cut. */
const ANYWHERE: SliceLimits = { size: 4, carried: 0, part: 0, most: 1 }

/** Compiled with these limits for slices; and without lanes, which leaves loops longer. */
async function compileInSlices(
  parts: CoreProgram,
  precision: Precision,
  limits: SliceLimits | undefined,
  withLanes: boolean,
) {
  const { module, layout } = toKernel(parts, { precision })
  let current = addMathFunctions(module, precision)
  let loops = 0
  for (const { name, run, isFastMath } of PASSES) {
    if (isFastMath || name === 'fission' || name === 'skew' || (name === 'pairs' && !withLanes)) continue
    current = name === 'slices' ? sliceLoops(current, limits) : run(current)
    expect(verifyKernel(current), name).toEqual([])
    if (name !== 'slices') continue
    const compute = current.functions.find(f => f.name === 'compute')!
    loops = [...everyInstruction(compute.body)].filter(i => i.kind === 'loop').length
  }
  const { wasm } = await emitWasm(current, { validate: true })
  return { player: await play(parts, precision, { ...layout, end: current.memoryBytes }, wasm), loops }
}

function hear(player: Player, parts: CoreProgram, frames: number, sizes: readonly number[]) {
  const inputs = parts.inputs.map((_, i) => noise(frames, i + 1))
  return inBlocks(player.compute, parts.outputs.length, inputs, frames, sizes)
}

describe.each(['double', 'single'] as const)('random programs in %s precision', precision => {
  it('sound the same, cut wherever possible', async () => {
    let cut = 0
    await fc.assert(
      fc.asyncProperty(randomProgram, fc.boolean(), async (parts, withLanes) => {
        const plain = await compile(parts, precision, false, NO_PASSES)
        const { player, loops } = await compileInSlices(parts, precision, ANYWHERE, withLanes)
        if (loops > 2) cut++
        player.init()
        for (const sizes of [[70], [1], [200, 3]]) {
          expect(hear(player, parts, 150, sizes)).toEqual(hear(plain, parts, 150, sizes))
        }
      }),
      { numRuns: 60 },
    )
    expect(cut).toBeGreaterThan(10)
  })
})

const BANKS = {
  'resonant filters': 'process = _ <: par(i, 32, fi.resonbp(110 * (i + 1), 20, 1 / (i + 1))) :> _, _;',
  'two filters in a row':
    'process = _ <: par(i, 24, fi.lowpass(2, 90 * (i + 1)) : fi.highpass(2, 50 * (i + 1))) :> _;',
  'oscillators by rotation': 'process = par(i, 64, os.oscrc(40 * (i + 1))) :> _;',
  envelopes: 'process = si.bus(16) : par(i, 16, fi.dcblocker : an.amp_follower_ud(0.001 * (i + 1), 0.1));',
  combs: 'process = _ <: par(i, 20, + ~ (@(30 + i) : fi.pole(0.1 * i / 20) : *(0.8))) :> _, _;',
}

describe.each(Object.entries(BANKS))('%s', (_, definition) => {
  const parts = lowered(definition)
  it.each(['double', 'single'] as const)('in %s precision', async precision => {
    const plain = await compile(parts, precision, false, NO_PASSES)
    const heard = hear(plain, parts, 700, [256])
    for (const limits of [undefined, ANYWHERE]) {
      const { player } = await compileInSlices(parts, precision, limits, true)
      player.init()
      expect(hear(player, parts, 700, [511, 1, 64])).toEqual(heard)
    }
    const asUsual = await compile(parts, precision)
    expect(hear(asUsual, parts, 700, [300])).toEqual(heard)
  })
})

it('a bank of filters is cut by itself', async () => {
  const { loops } = await compileInSlices(lowered(BANKS['resonant filters']), 'single', undefined, true)
  expect(loops).toBeGreaterThan(3)
})
