/** A frame loop divided into loops, some over several frames at once, gives the bits of the undivided one. */
import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { emitWasm } from '../../src/codegen/emit.ts'
import { divideFrames } from '../../src/codegen/frames.ts'
import { fuseLoops } from '../../src/codegen/fusion.ts'
import { addMathFunctions } from '../../src/codegen/generate.ts'
import { PASS_NAMES, PASSES } from '../../src/codegen/passes.ts'
import { everyInstruction } from '../../src/codegen/regions.ts'
import { toKernel } from '../../src/codegen/to-kernel.ts'
import { verifyKernel } from '../../src/codegen/verify.ts'
import { lowerSource } from '../../src/compile.ts'
import type { CoreProgram } from '../../src/core/ast.ts'
import type { Precision } from '../../src/core/program.ts'
import { attempt } from '../../src/diagnostics.ts'
import { compile, inBlocks, noise, type Player, play } from '../support/play.ts'
import fc from '../support/property.ts'
import { randomProgram } from '../support/random-core.ts'

const NO_PASSES = new Set(PASS_NAMES)
type Loader = (name: string) => { name: string; text: string } | undefined

async function compileDivided(parts: CoreProgram, precision: Precision) {
  const { module, layout } = toKernel(parts, { precision })
  let current = addMathFunctions(module, precision)
  for (const { name, run, isFastMath } of PASSES) {
    if (isFastMath) continue
    if (name === 'fission') current = divideFrames(current, { always: true })
    else current = name === 'fusion' ? fuseLoops(current, { always: true }) : run(current)
    expect(verifyKernel(current), name).toEqual([])
  }
  const { wasm } = await emitWasm(current, { validate: true })
  const compute = current.functions.find(f => f.name === 'compute')!
  const loops = [...everyInstruction(compute.body)].filter(i => i.kind === 'loop').length
  return { player: await play(parts, precision, { ...layout, end: current.memoryBytes }, wasm), loops }
}

function hear(player: Player, parts: CoreProgram, frames: number, sizes: readonly number[]) {
  const inputs = parts.inputs.map((_, i) => noise(frames, i + 1))
  return inBlocks(player.compute, parts.outputs.length, inputs, frames, sizes)
}

describe.each(['double', 'single'] as const)('random programs in %s precision', precision => {
  it('sound the same, divided', async () => {
    let divided = 0
    await fc.assert(
      fc.asyncProperty(randomProgram, async parts => {
        const plain = await compile(parts, precision, false, NO_PASSES)
        const { player, loops } = await compileDivided(parts, precision)
        if (loops > 2) divided++
        player.init()
        for (const sizes of [[200], [1], [7, 2], [64, 33, 5]]) {
          expect(hear(player, parts, 200, sizes)).toEqual(hear(plain, parts, 200, sizes))
        }
      }),
      { numRuns: 150 },
    )
    expect(divided).toBeGreaterThan(20)
  })
})

const PROGRAMS = new URL('../../bench/patches/', import.meta.url)
const LIBRARY = new URL('../../stdlib/', import.meta.url)

function lowered(file: string): CoreProgram {
  const library = new Set(readdirSync(LIBRARY))
  const load = (name: string) =>
    library.has(name) ? { name, text: readFileSync(new URL(name, LIBRARY), 'utf8') } : undefined
  return loweredText(readFileSync(new URL(file, PROGRAMS), 'utf8'), file, load)
}

function loweredText(source: string, filename: string, load: Loader = () => undefined): CoreProgram {
  const { value } = attempt(log => lowerSource(source, { filename, load }, log))
  return value!.core
}

/** Whatever the estimate says; blocks end in the middle of vectors, pieces and delay lines. */
describe.each(readdirSync(PROGRAMS).filter(file => file.endsWith('.dsp')))('%s, divided', file => {
  const parts = lowered(file)
  it.each(['double', 'single'] as const)('has the bits of the undivided in %s precision', async precision => {
    const plain = await compile(parts, precision, false, NO_PASSES)
    const { player } = await compileDivided(parts, precision)
    player.init()
    for (const [gate, frames, sizes] of [
      [1, 2600, [256]],
      [0, 3000, [511, 1, 64]],
    ] as const) {
      for (const { id } of parts.controls)
        if (/gate/.test(id)) for (const p of [plain, player]) p.cell(id, gate)
      expect(hear(player, parts, frames, sizes)).toEqual(hear(plain, parts, frames, sizes))
    }
  })
})

/** Pieces are no longer than the shortest delay in a feedback, which may change from block to block. */
describe('strings whose lengths are controls, divided', () => {
  const parts = loweredText(
    `string(n) = + ~ (@(n) : *(0.7));
     process = (string(nentry("first", 0, 0, 200, 1)), string(nentry("second", 0, 0, 200, 1)) :> _), string(40);`,
    'strings.dsp',
  )
  it.each(['double', 'single'] as const)('has the bits of the undivided in %s precision', async precision => {
    const plain = await compile(parts, precision, false, NO_PASSES)
    const { player } = await compileDivided(parts, precision)
    player.init()
    for (const first of [0, 3, 14, 15, 16, 22, 23, 28, 31, 47, 63, 64, 150]) {
      for (const second of [first, 25, 200]) {
        for (const { id } of parts.controls)
          for (const p of [plain, player]) p.cell(id, /first/.test(id) ? first : second)
        expect(hear(player, parts, 300, [256, 44])).toEqual(hear(plain, parts, 300, [256, 44]))
      }
    }
  })
})

const taps = fc.array(
  fc.tuple(fc.integer({ min: 0, max: 90 }), fc.double({ min: -1, max: 1, noNaN: true })),
  {
    minLength: 2,
    maxLength: 40,
  },
)

/** What a delay line is read at lies in two vectors that were written shortly before, or in one, or is long past. */
describe.each(['double', 'single'] as const)('taps of delay lines, divided, in %s precision', precision => {
  const sum = (list: readonly (readonly [number, number])[]) =>
    list.map(([at, factor]) => `@(${at}) * (${factor})`).join(', ')

  it('have the bits of the undivided', async () => {
    await fc.assert(
      fc.asyncProperty(taps, taps, async (first, second) => {
        const parts = loweredText(`process = _ <: (${sum(first)} :> _ <: _, (${sum(second)}));`, 'taps.dsp')
        const plain = await compile(parts, precision, false, NO_PASSES)
        const { player } = await compileDivided(parts, precision)
        player.init()
        for (const sizes of [[256], [33, 64, 5], [1]])
          expect(hear(player, parts, 400, sizes)).toEqual(hear(plain, parts, 400, sizes))
      }),
      { numRuns: 40 },
    )
  })

  it('are read in a loop after the one that writes them, four vectors side by side', () => {
    const list = Array.from({ length: 24 }, (_, i) => [i + 1, 1 / (i + 2)] as const)
    const { module } = toKernel(loweredText(`process = _ <: ${sum(list)} :> _;`, 'taps.dsp'), { precision })
    let current = addMathFunctions(module, precision)
    for (const { name, run, isFastMath } of PASSES.slice(0, PASSES.findIndex(p => p.name === 'fission') + 1))
      if (!isFastMath) current = name === 'fission' ? divideFrames(current, { always: true }) : run(current)
    const compute = current.functions.find(f => f.name === 'compute')!
    const readers = [...everyInstruction(compute.body)].filter(i => i.kind === 'loop' && i.isInterleaved)
    expect(readers).toHaveLength(1)
    const own = readers.flatMap(i => (i.kind === 'loop' ? i.body.instructions : []))
    const lines = own.flatMap(i => (i.kind === 'load' && i.space?.includes('delay') ? [i] : []))
    const stores = own.flatMap(i => (i.kind === 'store' ? [i.space] : []))
    const vectors = new Set(lines.map(i => i.result)).size
    expect(stores).toHaveLength(4)
    for (const { space } of lines) expect(stores).not.toContain(space)
    // 24 taps and what the three other vectors read beyond them, instead of 96.
    expect(vectors).toBeLessThanOrEqual(24 + 3 * (precision === 'single' ? 4 : 2))
  })
})
