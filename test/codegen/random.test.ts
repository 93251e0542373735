/** Random programs: compiled equals evaluated, bit for bit, whatever the block size. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { inBlocks, noise, pair } from '../support/play.ts'
import { randomProgram } from '../support/random-core.ts'

const FRAMES = 40

describe.each(['double', 'single'] as const)('random programs in %s precision', precision => {
  it('give the same samples compiled and evaluated', async () => {
    await fc.assert(
      fc.asyncProperty(randomProgram, fc.constantFrom([40], [1], [7, 3]), async (program, sizes) => {
        const { player, machine } = await pair(program, precision)
        const inputs = [noise(FRAMES), noise(FRAMES, 2)]
        const expected = inBlocks(machine.compute.bind(machine), 2, inputs, FRAMES, sizes)
        expect(inBlocks(player.compute, 2, inputs, FRAMES, sizes)).toEqual(expected)
        expect(player.cell('/meter')).toBe(machine.controls.get('meter'))
      }),
      { numRuns: 300 },
    )
  })
})
