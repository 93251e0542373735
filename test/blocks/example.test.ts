/**
 * The example of a block program is made here, block by block, and sounds as the same program of the language.
 */
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { emptyBlockProgram, fitAreas, placeBlock } from '../../src/blocks/edit.ts'
import { parseBlocks, printBlocks } from '../../src/blocks/json.ts'
import { blockLanguage } from '../../src/blocks/language.ts'
import type { BlockProgram } from '../../src/blocks/types.ts'
import { standardLibrary } from '../../src/core/nodes/index.ts'
import { compileBlocks } from '../../src/library/index.ts'
import { createProgram } from '../../src/runtime/program.ts'

const FILE = new URL('../../examples/blocks/plucked-scale.json', import.meta.url)

/** A clock plucks an envelope; a random note, on a scale, plays a saw through a filter into a plate. */
function drawn(): BlockProgram {
  const language = blockLanguage(standardLibrary())
  const place = (program: BlockProgram, [x, y, type, label]: readonly [number, number, string, string]) =>
    placeBlock(program, language, { area: 0, x, y }, type, label)
  const steps: readonly (readonly [number, number, string, string])[] = [
    // Row 0: the beat, kept in a variable; the envelope it plucks.
    [0, 0, 'value', '300'],
    [1, 0, 'clock', ''],
    [2, 0, 'set', 'beat'],
    [0, 3, 'get', 'beat'],
    [1, 3, 'ad', ''],
    [2, 3, 'set', 'env'],
    // Row 8: a random note between 48 and 84, on the scale of C.
    [0, 8, 'get', 'beat'],
    [1, 8, 'random', ''],
    [2, 8, 'map', ''],
    [1, 11, 'value', '48'],
    [1, 12, 'value', '84'],
    [1, 10, 'value', '1'],
    [3, 8, 'scale', ''],
    [4, 8, 'mtof', ''],
    [5, 8, 'saw', ''],
    [6, 8, 'set', 'saw'],
    // Row 14: the saw through a filter that the envelope opens, and the envelope again as loudness.
    [0, 14, 'get', 'env'],
    [0, 15, 'value', '6000'],
    [1, 14, '*', ''],
    [2, 14, 'set', 'cutoff'],
    [0, 18, 'get', 'saw'],
    [0, 19, 'get', 'cutoff'],
    [1, 18, 'svf', ''],
    [2, 18, 'set', 'low'],
    [0, 26, 'get', 'low'],
    [0, 27, 'get', 'env'],
    [1, 26, '*', ''],
    [2, 26, 'plate', ''],
    [3, 26, 'set', '&sig1'],
    [3, 27, 'set', '&sig2'],
  ]
  return fitAreas(steps.reduce(place, emptyBlockProgram()))
}

it('examples/blocks/plucked-scale.json is this drawing', async () => {
  await expect(printBlocks(drawn())).toMatchFileSnapshot('../../examples/blocks/plucked-scale.json')
  expect(parseBlocks(readFileSync(FILE, 'utf8'))).toEqual(drawn())
})

it('it plays: audible, within bounds, in stereo', async () => {
  const result = await compileBlocks(readFileSync(FILE, 'utf8'), { name: 'plucked-scale' })
  if (!result.ok) throw new Error(result.diagnostics[0]?.message)
  expect([result.program.inputs, result.program.outputs]).toEqual([0, 2])
  const [left, right] = await createProgram(result.program).render({ sampleRate: 48_000, frames: 96_000 })
  const peak = Math.max(...left!.map(Math.abs))
  expect(peak).toBeGreaterThan(0.05)
  expect(peak).toBeLessThan(1)
  expect(left).not.toEqual(right)
})
