/**
 * Random programs: optimised and unoptimised they agree bit for bit, in blocks long and odd enough for each way in which
 * loops are divided.
 */
import { describe, expect, it } from 'vitest'
import { generate } from '../../src/codegen/generate.ts'
import { PASS_NAMES } from '../../src/codegen/passes.ts'
import type { CoreProgram } from '../../src/core/ast.ts'
import type { Precision } from '../../src/core/program.ts'
import { inBlocks, noise, play } from '../support/play.ts'
import fc from '../support/property.ts'
import { randomProgram } from '../support/random-core.ts'

const PROGRAMS = 1000
const SIZES = [64, 1, 130, 7]
const FRAMES = 202
const INPUTS = [noise(FRAMES), noise(FRAMES, 2)]

async function hear(program: CoreProgram, precision: Precision, disabledPasses: readonly string[]) {
  const { wasm, layout } = await generate(program, { precision, disabledPasses })
  const player = await play(program, precision, layout, wasm)
  const samples = inBlocks(player.compute, 2, INPUTS, FRAMES, SIZES)
  return { samples, meter: player.cell('/meter') }
}

describe.each(['double', 'single'] as const)('in %s precision', precision => {
  it(`${PROGRAMS} random programs sound the same without optimisations`, async () => {
    await fc.assert(
      fc.asyncProperty(randomProgram, async program => {
        expect(await hear(program, precision, [])).toEqual(await hear(program, precision, PASS_NAMES))
      }),
      { numRuns: PROGRAMS },
    )
  })
})
