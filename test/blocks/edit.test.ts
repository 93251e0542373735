/**
 * Editing block programs: what lies where after each edit, and what is refused.
 */

import { describe, expect, it } from 'vitest'
import { chainAt, moveChain, splitChainAfter } from '../../src/blocks/chains.ts'
import {
  blockAt,
  cloneBlock,
  emptyBlockProgram,
  fitAreas,
  moveBlock,
  placeBlock,
  removeBlock,
  setLabel,
  shiftPort,
} from '../../src/blocks/edit.ts'
import { BlockError } from '../../src/blocks/error.ts'
import { parseBlocks, printBlocks } from '../../src/blocks/json.ts'
import { blockLanguage, shortNames } from '../../src/blocks/language.ts'
import type { BlockProgram } from '../../src/blocks/types.ts'
import { defineNode } from '../../src/core/node-type.ts'
import fc from '../support/property.ts'

const language = blockLanguage([
  defineNode({
    name: 'accum',
    doc: '',
    inputs: { input: {}, reset: {} },
    outputs: { sum: {} },
    process: ({ inputs }) => inputs.input,
  }),
])
const at = (x: number, y: number, area = 0) => ({ area, x, y })
const build = (...blocks: readonly [x: number, y: number, type: string, label?: string][]) =>
  blocks.reduce<BlockProgram>(
    (program, [x, y, type, label]) => placeBlock(program, language, at(x, y), type, label),
    emptyBlockProgram(),
  )
const places = (program: BlockProgram, area = 0) =>
  Object.fromEntries(program.areas[area]!.blocks.map(p => [p.block.id, [p.x, p.y]]))

function refusal(edit: () => unknown): string {
  try {
    edit()
  } catch (error) {
    if (error instanceof BlockError) return error.code
    throw error
  }
  return 'accepted'
}

describe('placing and moving', () => {
  it('counts ids from 1 and pads ports to rows', () => {
    const program = build([0, 0, 'value', '1'], [1, 0, '+'])
    expect(blockAt(program, at(1, 1)).block).toMatchObject({ id: 2, rows: 2, outputs: ['', null] })
    expect(program.nextId).toBe(3)
  })

  it('keeps ids when blocks move, gives clones new ones', () => {
    const program = moveBlock(build([0, 0, '+']), at(0, 1), at(0, 1))
    expect(places(program)).toEqual({ 1: [0, 1] })
    expect(places(cloneBlock(program, at(0, 1), at(3, 3)))).toEqual({ 1: [0, 1], 2: [3, 3] })
  })

  it('clones what an `if` contains, with areas and ids of its own', () => {
    let program = build([0, 0, 'if'])
    program = placeBlock(program, language, at(0, 0, 1), 'value', '5')
    const cloned = cloneBlock(program, at(0, 0), at(1, 0))
    expect(blockAt(cloned, at(1, 0)).block.contains).toEqual([3, 4])
    expect(blockAt(cloned, at(0, 0, 3)).block).toMatchObject({ label: '5', id: 4 })
  })

  it('labels', () => {
    const program = setLabel(build([0, 0, 'value', '1']), at(0, 0), '2.5')
    expect(blockAt(program, at(0, 0)).block.label).toBe('2.5')
  })

  it('removes a block with what it contains', () => {
    const program = placeBlock(build([0, 0, 'if']), language, at(0, 0, 2), 'value', '5')
    const removed = removeBlock(program, at(0, 0))
    expect(removed.areas.map(a => a.blocks.length)).toEqual([0, 0, 0])
  })

  it('refuses overlaps, nothing, unknown types and areas, circles', () => {
    const program = build([0, 0, '+'], [2, 0, 'if'])
    expect(refusal(() => placeBlock(program, language, at(0, 1), 'zero'))).toBe('DSP0954')
    expect(refusal(() => placeBlock(program, language, at(-1, 1), 'zero'))).toBe('DSP0954')
    expect(refusal(() => moveBlock(program, at(5, 5), at(6, 6)))).toBe('DSP0953')
    expect(refusal(() => placeBlock(program, language, at(9, 9), 'zither'))).toBe('DSP0951')
    expect(refusal(() => placeBlock(program, language, at(0, 0, 7), 'zero'))).toBe('DSP0952')
    expect(refusal(() => moveBlock(program, at(2, 0), at(0, 0, 1)))).toBe('DSP0956')
    expect(refusal(() => moveChain(program, at(2, 0), at(0, 0, 1)))).toBe('DSP0956')
  })

  it('shifts ports one row down, the last to the top', () => {
    const program = build([0, 0, '/'])
    const once = shiftPort(program, at(0, 0), 0, 'inputs')
    expect(blockAt(once, at(0, 0)).block.inputs).toEqual(['b', 'a'])
    expect(blockAt(shiftPort(once, at(0, 0), 1, 'inputs'), at(0, 0)).block.inputs).toEqual(['a', 'b'])
    expect(blockAt(shiftPort(program, at(0, 0), 0, 'outputs'), at(0, 0)).block.outputs).toEqual([null, ''])
  })

  it('fits the areas that shrink to their blocks', () => {
    const program = placeBlock(build([20, 3, 'if']), language, at(1, 2, 1), '+')
    expect(fitAreas(program).areas.map(a => a.size)).toEqual([
      [21, 16],
      [2, 4],
      [1, 1],
    ])
  })
})

describe('chains', () => {
  const chain = build([0, 0, 'value', '1'], [1, 0, '->2'], [2, 1, 'set', 'a'], [4, 0, 'value', '2'])

  it('holds what is connected, either way', () => {
    expect([...chainAt(chain, at(1, 0))].sort()).toEqual([1, 2, 3])
    expect([...chainAt(chain, at(4, 0))]).toEqual([4])
  })

  it('moves as one, to the nearest rows with room', () => {
    const moved = moveChain(chain, at(1, 0), at(4, 0))
    // Column 4 row 0 is taken, so the first fit for all three is one row down; up would leave the grid.
    expect(places(moved)).toEqual({ 1: [3, 1], 2: [4, 1], 3: [5, 2], 4: [4, 0] })
  })

  it('splits: what follows moves right, and pushes what is in its way', () => {
    const crowded = placeBlock(chain, language, at(3, 1), 'zero')
    const split = splitChainAfter(crowded, language, at(1, 0), '->')
    expect(places(split)).toEqual({ 1: [0, 0], 2: [1, 0], 3: [3, 1], 4: [4, 0], 5: [4, 1], 6: [2, 1] })
  })
})

describe('port names', () => {
  it('are two characters, or as many as tell them apart', () => {
    expect(shortNames(['input', 'reset'])).toEqual(['in', 're'])
    expect(shortNames(['attack', 'attenuation'])).toEqual(['atta', 'atte'])
    expect(shortNames([''])).toEqual([''])
  })
})

describe('snapshots', () => {
  const types = [...language.types.keys()]
  const anyProgram = fc
    .array(
      fc.tuple(
        fc.integer({ min: 0, max: 1 }),
        fc.nat(12),
        fc.nat(12),
        fc.constantFrom(...types),
        fc.string({ maxLength: 5 }),
      ),
      { maxLength: 30 },
    )
    .map(steps => {
      let program = emptyBlockProgram()
      for (const [area, x, y, type, label] of steps) {
        try {
          program = placeBlock(program, language, at(x, y, area % program.areas.length), type, label)
        } catch (error) {
          if (!(error instanceof BlockError)) throw error
        }
      }
      return program
    })

  it('come back as they were', () => {
    fc.assert(
      fc.property(anyProgram, program => {
        expect(parseBlocks(printBlocks(program))).toEqual(program)
      }),
    )
  })

  it('are refused with the path of what is wrong', () => {
    const valid = JSON.parse(printBlocks(build([0, 0, 'value', '1'], [1, 0, '+'])))
    const changed = (change: (json: typeof valid) => void) => {
      const json = structuredClone(valid)
      change(json)
      return refusal(() => parseBlocks(JSON.stringify(json)))
    }
    expect(refusal(() => parseBlocks('{'))).toBe('DSP0950')
    expect(refusal(() => parseBlocks('[]'))).toBe('DSP0950')
    expect(changed(json => (json.VERSION = 2))).toBe('DSP0950')
    expect(changed(json => (json.areas[0].blocks[0].x = -1))).toBe('DSP0950')
    expect(changed(json => (json.areas[0].blocks[0].block.inputs = ['a', 'b']))).toBe('DSP0950')
    expect(changed(json => (json.areas[0].blocks[0].block.id = 2))).toBe('DSP0957')
    expect(changed(json => (json.areas[0].blocks[0].x = 1))).toBe('DSP0955')
    expect(changed(json => (json.areas[0].blocks[0].block.contains = [9]))).toBe('DSP0952')
    expect(changed(() => undefined)).toBe('accepted')
  })

  it('never fail but with a diagnostic', () => {
    fc.assert(
      fc.property(fc.json(), text => {
        expect(refusal(() => parseBlocks(text))).toMatch(/^DSP09|accepted/)
      }),
    )
  })

  it('of an area inside itself are refused', () => {
    const program = JSON.parse(printBlocks(placeBlock(build([0, 0, 'if']), language, at(0, 0, 1), 'if')))
    program.areas[1].blocks[0].block.contains = [1, null]
    program.areas[0].blocks[0].block.contains = [2, null]
    expect(refusal(() => parseBlocks(JSON.stringify(program)))).toBe('DSP0950')
  })
})
