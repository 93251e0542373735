/** Random programs: compiled equals evaluated, bit for bit, whatever the block size. */

import { describe, expect, it } from 'vitest'
import type { CoreProgram } from '../../src/core/ast.ts'
import type { Precision } from '../../src/core/program.ts'
import { inBlocks, noise, pair } from '../support/play.ts'
import fc from '../support/property.ts'
import { randomProgram } from '../support/random-core.ts'

const FRAMES = 40

async function agree(
  program: CoreProgram,
  precision: Precision,
  sizes: readonly number[],
  optimize: boolean,
) {
  const { player, machine } = await pair(program, precision, optimize)
  const inputs = [noise(FRAMES), noise(FRAMES, 2)]
  const expected = inBlocks(machine.compute.bind(machine), 2, inputs, FRAMES, sizes)
  expect(inBlocks(player.compute, 2, inputs, FRAMES, sizes)).toEqual(expected)
  expect(player.cell('/meter')).toBe(machine.controls.get('meter'))
}

describe.each(['double', 'single'] as const)('random programs in %s precision', precision => {
  it.each([
    [false, 300],
    [true, 30],
  ])('give the same samples compiled and evaluated; optimised: %s', async (optimize, numRuns) => {
    await fc.assert(
      fc.asyncProperty(randomProgram, fc.constantFrom([40], [1], [7, 3]), (program, sizes) =>
        agree(program, precision, sizes, optimize),
      ),
      { numRuns },
    )
  })
})
