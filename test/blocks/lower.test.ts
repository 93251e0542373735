/**
 * Block programs compiled and run: the tests of the original, and what it could draw but not compile.
 */
import { describe, expect, it } from 'vitest'
import { moveChain, splitChainAfter } from '../../src/blocks/chains.ts'
import { cloneBlock, emptyBlockProgram, moveBlock, placeBlock, shiftPort } from '../../src/blocks/edit.ts'
import { BlockError } from '../../src/blocks/error.ts'
import { parseBlocks, printBlocks } from '../../src/blocks/json.ts'
import { blockLanguage } from '../../src/blocks/language.ts'
import { lowerBlocks } from '../../src/blocks/lower.ts'
import type { BlockProgram } from '../../src/blocks/types.ts'
import { standardLibrary } from '../../src/core/nodes/index.ts'
import { DSPNodeContext, JIT } from '../../src/library/index.ts'

const library = standardLibrary()
const language = blockLanguage(library)
const at = (x: number, y: number, area = 0) => ({ area, x, y })

type Placed = readonly [x: number, y: number, type: string, label?: string]

function build(...blocks: readonly Placed[]): BlockProgram {
  return blocks.reduce<BlockProgram>(
    (program, [x, y, type, label]) => placeBlock(program, language, at(x, y), type, label),
    emptyBlockProgram(),
  )
}

function start(program: BlockProgram, context = new DSPNodeContext()) {
  const compiled = new JIT(library, context).compile(lowerBlocks(program, language))
  compiled.init(44100)
  return compiled
}

/** sig1, sig2 and value of the first frame. */
const frame = (program: BlockProgram, in1 = 0, in2 = 0) => start(program).exec2in2out(in1, in2)
const value = (program: BlockProgram, in1 = 0, in2 = 0) => frame(program, in1, in2)[2]

function refusal(program: BlockProgram): string {
  try {
    lowerBlocks(program, language)
  } catch (error) {
    if (error instanceof BlockError) return error.code
    throw error
  }
  return 'accepted'
}

describe('the original', () => {
  it('signals and the value', () => {
    const program = build(
      [0, 1, 'value', '0.3'],
      [1, 1, 'set', '&sig1'],
      [0, 2, 'value', '-0.3'],
      [1, 2, 'set', '&sig2'],
      [0, 3, 'value', '-1.3'],
    )
    expect(frame(program)).toEqual([0.3, -0.3, -1.3])
  })

  it('accum with its reset from a variable that is kept', () => {
    const program = build([0, 1, 'value', '0.01'], [0, 2, 'get', '*reset'], [1, 1, 'accum'])
    const context = new DSPNodeContext()
    const run = start(program, context)
    const next = () => run.exec2in2out(0, 0)[2]
    for (let i = 0; i < 3; i++) next()
    expect(next()).toBeCloseTo(0.04, 12)
    run.accessPersistentVar('*reset')!.value = 1
    expect(next()).toBe(0)
    run.accessPersistentVar('*reset')!.value = 0
    for (let i = 0; i < 4; i++) next()
    expect(next()).toBeCloseTo(0.05, 12)
  })

  it('arithmetic: (0.5 ± 0.01) times and over 2', () => {
    // Both operands of the second block stand in the column before it: the first block and a value.
    const chain = (first: string, second: string) =>
      build(
        [0, 1, 'value', '0.50'],
        [0, 2, 'value', '0.01'],
        [1, 1, first],
        [1, 3, 'value', '2'],
        [2, 1, '->'],
        [2, 3, '->'],
        [3, 1, second],
      )
    // Shifted down, the first block's output and its carrier stand right above the value's.
    const joined = (first: string, second: string) => {
      const shifted = shiftPort(chain(first, second), at(1, 1), 0, 'outputs')
      const down = moveBlock(shifted, at(2, 1), at(2, 2))
      return moveBlock(down, at(3, 1), at(3, 2))
    }
    expect(value(joined('+', '*'))).toBeCloseTo(1.02, 12)
    expect(value(joined('-', '/'))).toBeCloseTo(0.245, 12)
  })

  it('named inputs keep their meaning when they are shifted', () => {
    const minus = build([0, 1, 'value', '0.50'], [0, 2, 'value', '0.01'], [1, 1, '-'])
    expect(value(minus)).toBeCloseTo(0.49, 12)
    expect(value(shiftPort(minus, at(1, 1), 0, 'inputs'))).toBeCloseTo(-0.49, 12)
    const over = build([0, 1, 'value', '0.5'], [0, 2, 'value', '0'], [1, 1, '/'])
    expect(value(over)).toBe(Number.POSITIVE_INFINITY)
  })

  it('/% has two outputs, in either order', () => {
    const divide = build(
      [0, 1, 'value', '0.3'],
      [0, 2, 'value', '-0.4'],
      [1, 1, '/%'],
      [2, 1, 'set', '&sig1'],
      [2, 2, 'set', '&sig2'],
    )
    const [div, rem] = frame(divide)
    expect([div, rem]).toEqual([0.3 / -0.4, 0.3])
    expect(frame(shiftPort(divide, at(1, 1), 0, 'outputs')).slice(0, 2)).toEqual([rem, div])
    const swapped = frame(shiftPort(divide, at(1, 1), 0, 'inputs'))
    expect(swapped[0]).toBeCloseTo(-1.3333333333333335, 12)
    expect(swapped[1]).toBeCloseTo(-0.1, 12)
    // Only the second output is used; the first is open, and so the value.
    const second = build(
      [0, 1, 'value', '0.3'],
      [0, 2, 'value', '-0.4'],
      [1, 1, '/%'],
      [2, 2, 'set', '&sig1'],
    )
    expect(frame(second)).toEqual([0.3, 0, 0.3 / -0.4])
  })

  it('state follows the block, and a clone has its own', () => {
    const context = new DSPNodeContext()
    const program = build([0, 1, 'value', '220'], [1, 1, 'phase'])
    const run = start(program, context)
    for (let i = 0; i < 100; i++) run.exec2in2out(0, 0)
    const moved = moveChain(program, at(1, 1), at(5, 7))
    const phase = (100 * 220) / 44100
    expect(start(moved, context).exec2in2out(0, 0)[2]).toBeCloseTo(phase, 9)
    const cloned = cloneBlock(moved, at(5, 7), at(9, 7))
    expect(start(cloned, context).exec2in2out(0, 0)[2]).toBe(0)
  })
})

describe('blocks', () => {
  it('numbers', () => {
    expect(value(build([0, 0, 'π']))).toBe(Math.PI)
    expect(value(build([0, 0, '2π']))).toBe(2 * Math.PI)
    expect(value(build([0, 0, 'zero']))).toBe(0)
    expect(value(build([0, 0, 'value', ' -1.5e3 ']))).toBe(-1500)
  })

  it('the value is that of the last open output in reading order', () => {
    expect(value(build([5, 0, 'value', '1'], [0, 0, 'value', '2']))).toBe(1)
    expect(value(build([0, 1, 'value', '1'], [5, 0, 'value', '2']))).toBe(1)
    expect(value(emptyBlockProgram())).toBe(0)
  })

  it('->3 passes one input on three times, and computes it once', () => {
    const program = build(
      [0, 0, 'value', '1'],
      [1, 0, 'accum'],
      [2, 0, '->3'],
      [3, 0, '+'],
      [3, 2, 'set', '&sig2'],
    )
    const run = start(program)
    run.exec2in2out(0, 0)
    expect(run.exec2in2out(0, 0)).toEqual([0, 2, 4])
  })

  it('statements run from top to bottom, then from left to right', () => {
    const program = build(
      [0, 5, 'get', 'a'],
      [1, 5, 'set', '&sig1'],
      [0, 2, 'value', '7'],
      [1, 2, 'set', 'a'],
      [3, 2, 'value', '8'],
      [4, 2, 'set', 'a'],
    )
    expect(frame(program)[0]).toBe(8)
  })

  it('if runs one of its areas, and only that', () => {
    let program = build([0, 0, 'get', 'in1'], [1, 0, 'if'], [2, 0, 'set', '&sig1'])
    program = placeBlock(program, language, at(0, 0, 1), 'value', '1')
    program = placeBlock(program, language, at(1, 0, 1), 'accum')
    program = placeBlock(program, language, at(0, 0, 2), 'value', '-5')
    const run = start(program)
    const steps = [1, 1, 0, 0.49, 0.5, 1]
    expect(steps.map(in1 => run.exec2in2out(in1, 0)[0])).toEqual([1, 2, -5, -5, 3, 4])
  })

  it('an if in an if, and one without areas', () => {
    let program = build([0, 0, 'get', 'in1'], [1, 0, 'if'])
    program = placeBlock(program, language, at(0, 0, 1), 'get', 'in2')
    program = placeBlock(program, language, at(1, 0, 1), 'if')
    program = placeBlock(program, language, at(0, 0, 3), 'value', '33')
    program = placeBlock(program, language, at(0, 0, 4), 'value', '44')
    expect(value(program, 1, 1)).toBe(33)
    expect(value(program, 1, 0)).toBe(44)
    expect(value(program, 0, 1)).toBe(0)
  })

  it('every type of the language compiles, alone', () => {
    const labels: Record<string, string> = { value: '1', set: 'a', get: 'a' }
    for (const type of language.types.values()) {
      const program = build([0, 0, type.name, labels[type.name] ?? ''])
      // Without a denominator there is no quotient.
      const isQuotient = type.name === '/' || type.name === '/%'
      expect(Number.isNaN(value(program)), type.name).toBe(isQuotient)
    }
    expect(language.types.size).toBe(14 + library.size)
  })

  it('a split chain with a filler means the same', () => {
    const program = build([0, 0, 'value', '3'], [1, 0, '->2'], [2, 0, '+'])
    const split = splitChainAfter(program, language, at(1, 0), '->')
    expect(value(program)).toBe(6)
    expect(value(split)).toBe(6)
    expect(value(parseBlocks(printBlocks(split)))).toBe(6)
  })
})

describe('refusals', () => {
  it.each([
    ['DSP0958', build([0, 0, 'value', 'many'])],
    ['DSP0958', build([0, 0, 'value', ''])],
    ['DSP0959', build([0, 0, 'get', 'two words'])],
    ['DSP0959', build([0, 0, 'zero'], [1, 0, 'set', ''])],
  ] as const)('%s', (code, program) => {
    expect(refusal(program)).toBe(code)
  })

  it('of blocks that were saved with other ports, or of another language', () => {
    const edit = (change: (block: Record<string, unknown>) => void) => {
      const json = JSON.parse(printBlocks(build([0, 0, 'accum'])))
      change(json.areas[0].blocks[0].block)
      return refusal(parseBlocks(JSON.stringify(json)))
    }
    expect(edit(block => (block.typ = 'zither'))).toBe('DSP0951')
    expect(edit(block => (block.inputs = ['in', null]))).toBe('DSP0960')
    expect(edit(block => (block.inputs = ['in', 'zz']))).toBe('DSP0961')
  })

  it('of chains that would exhaust the stack', () => {
    let text = printBlocks(emptyBlockProgram())
    const areas = []
    for (let i = 0; i < 3000; i++) {
      const block = {
        ...{ id: i + 1, rows: 1, typ: 'if', lbl: '', color: 0, expanded: true },
        ...{ contains: i < 2999 ? [i + 1, null] : [], inputs: [''], outputs: [''] },
      }
      areas.push({ size: [4, 4], header: '', auto_shrink: true, blocks: [{ x: 0, y: 0, block }] })
    }
    text = JSON.stringify({ VERSION: 1, current_block_id_counter: 3000, areas })
    expect(refusal(parseBlocks(text))).toBe('DSP0962')
  })
})
