/**
 * A draft that takes the code of the one before, because only numbers differ, sounds as the program does: random programs
 * against the reference evaluator, examples against drafts that remember nothing.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { type DraftMemory, generateDraft } from '../../src/codegen/draft.ts'
import { verifyKernel } from '../../src/codegen/verify.ts'
import { draftSource } from '../../src/compile.ts'
import type { Core, CoreProgram } from '../../src/core/ast.ts'
import { rewriteCore } from '../../src/core/rewrite.ts'
import { nodeLoader } from '../../src/node-loader.ts'
import { CoreMachine } from '../reference/core.ts'
import { kept, op, program, set } from '../support/core.ts'
import { hash, movingStimulus, record } from '../support/machine.ts'
import { openOurs } from '../support/ours.ts'
import { inBlocks, noise, play } from '../support/play.ts'
import fc from '../support/property.ts'
import { randomProgram } from '../support/random-core.ts'

const FRAMES = 40
const EXAMPLES = new URL('../../examples/', import.meta.url)

/** Each real number becomes what `change` makes of it, wherever it stands. */
function withNumbers(program: CoreProgram, change: (value: number) => number): CoreProgram {
  const literal = (node: Core): Core =>
    node.kind === 'literal' && node.type === 'real' ? { ...node, value: change(node.value) } : node
  const tree = (root: Core) => rewriteCore(root, literal)
  return {
    ...program,
    controls: program.controls.map(c => ({ ...c, initial: change(c.initial) })),
    kept: program.kept.map(v => (v.type === 'real' ? { ...v, initial: change(v.initial) } : v)),
    buffers: program.buffers.map(b =>
      b.content.kind === 'generator'
        ? { ...b, content: { ...b.content, program: withNumbers(b.content.program, change) } }
        : b,
    ),
    init: tree(program.init),
    control: tree(program.control),
    sample: tree(program.sample),
  }
}

/** Some numbers become others, the same for the same; those that are 0 or no number stay. */
const someOthers = (seed: number) => (value: number) =>
  value === 0 || Number.isNaN(value) || hash(seed, Math.trunc(value * 1000)) < 0.5 ? value : value * 1.25

/** Whether the second draft has the functions of the first. */
function draftTwice(first: CoreProgram, second: CoreProgram, precision: 'single' | 'double') {
  const memory: DraftMemory = {}
  const { kernel } = generateDraft(first, { precision }, memory)
  const draft = generateDraft(second, { precision }, memory)
  expect(verifyKernel(draft.kernel)).toEqual([])
  return { draft, isRecalled: draft.kernel.functions === kernel.functions }
}

describe.each(['double', 'single'] as const)('random programs in %s precision', precision => {
  it('with other numbers sound as evaluated', async () => {
    let recalled = 0
    await fc.assert(
      fc.asyncProperty(randomProgram, fc.nat(), async (first, seed) => {
        const second = withNumbers(first, someOthers(seed))
        const { draft, isRecalled } = draftTwice(first, second, precision)
        if (isRecalled) recalled++
        const player = await play(second, precision, draft.layout, draft.wasm)
        const machine = new CoreMachine(second, precision, 48_000)
        const inputs = [noise(FRAMES), noise(FRAMES, 2)]
        const expected = inBlocks(machine.compute.bind(machine), 2, inputs, FRAMES, [7, 3])
        expect(inBlocks(player.compute, 2, inputs, FRAMES, [7, 3])).toEqual(expected)
      }),
      { numRuns: 150 },
    )
    expect(recalled).toBeGreaterThan(100)
  })
})

/** The n-th number of a text becomes a slightly larger one. */
function edit(source: string, n: number): string {
  const numbers = [...source.matchAll(/(?<![\w.])\d+\.\d+(?![\w.])/g)]
  const { 0: old, index } = numbers[n % numbers.length]!
  return `${source.slice(0, index)}${(Number(old) * 1.0137).toFixed(6)}${source.slice(index + old.length)}`
}

const examples = readdirSync(EXAMPLES).filter(name => name.endsWith('.dsp'))

describe('examples', () => {
  it.each(examples)('%s sounds after edits of numbers as if drafted anew', async name => {
    const source = readFileSync(new URL(name, EXAMPLES), 'utf8')
    const options = { filename: name, ...(await nodeLoader(`${EXAMPLES.pathname}${name}`, [])) }
    const memory: DraftMemory = {}
    const hear = async (text: string, remembered?: DraftMemory) => {
      const draft = await draftSource(text, options, remembered)
      if (!draft.ok) throw new Error(draft.diagnostics[0]!.message)
      const { cells } = draft.program.layout
      return { cells, recording: record(await openOurs(draft.program, 44_100), movingStimulus) }
    }
    await hear(source, memory)
    let recalled = 0
    for (let n = 0; n < 6; n++) {
      const text = edit(source, 5 * n)
      const before = memory.last?.kernel.functions
      expect(await hear(text, memory)).toEqual(await hear(text))
      if (memory.last?.kernel.functions === before) recalled++
    }
    expect(recalled).toBeGreaterThan(0)
  })
})

describe('the code of the draft before', () => {
  const oscillator = (step: number, gain: number) =>
    program({
      outputs: ['out'],
      kept: [kept('phase')],
      sample: set('out', op('mul', set('phase', op('add', 'phase', step)), gain)),
    })

  it('is taken where numbers differ, and remembered on', () => {
    const memory: DraftMemory = {}
    const drafts = [0.25, 0.125, 3.5].map(gain =>
      generateDraft(oscillator(0.01, gain), { precision: 'double' }, memory),
    )
    const [first, ...others] = drafts
    for (const { kernel } of others) expect(kernel.functions).toBe(first!.kernel.functions)
    expect(drafts[1]!.wasm).not.toEqual(drafts[2]!.wasm)
  })

  it.each([
    ['a number that was another as well', oscillator(0.25, 0.25), oscillator(0.01, 0.25)],
    ['a number that becomes 0', oscillator(0.01, 0.25), oscillator(0.01, 0)],
  ])('is not taken for %s', (_, first, second) => {
    expect(draftTwice(first, second, 'double').isRecalled).toBe(false)
  })

  it('is not taken with other options', () => {
    const memory: DraftMemory = {}
    const draft = (precision: 'single' | 'double', disabledPasses: string[]) =>
      generateDraft(oscillator(0.01, 0.25), { precision, disabledPasses }, memory).kernel.functions
    const first = draft('double', [])
    expect(draft('double', [])).toBe(first)
    expect(draft('single', [])).not.toBe(first)
    expect(draft('double', ['hoisting'])).not.toBe(first)
  })
})
