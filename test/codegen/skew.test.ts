/** Cascades whose stages work on different frames give the bits of the loop that works on one. */
import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { emitWasm } from '../../src/codegen/emit.ts'
import { divideFrames } from '../../src/codegen/frames.ts'
import { addMathFunctions } from '../../src/codegen/generate.ts'
import { interpretFunction } from '../../src/codegen/interpret.ts'
import type { KernelModule } from '../../src/codegen/kernel.ts'
import { PASS_NAMES, PASSES } from '../../src/codegen/passes.ts'
import { everyInstruction } from '../../src/codegen/regions.ts'
import { type SkewOptions, skewCascades } from '../../src/codegen/skew.ts'
import { toKernel } from '../../src/codegen/to-kernel.ts'
import { verifyKernel } from '../../src/codegen/verify.ts'
import { lowerSource } from '../../src/compile.ts'
import type { CoreProgram } from '../../src/core/ast.ts'
import type { Precision } from '../../src/core/program.ts'
import { attempt } from '../../src/diagnostics.ts'
import { compile, inBlocks, noise, type Player, play } from '../support/play.ts'
import fc from '../support/property.ts'
import { cascade } from './random-cascade.ts'

const NO_PASSES = new Set(PASS_NAMES)
const LIBRARY = new URL('../../stdlib/', import.meta.url)
const PATCHES = new URL('../../bench/patches/', import.meta.url)

function lowered(source: string, filename = 'cascade.dsp'): CoreProgram {
  const library = new Set(readdirSync(LIBRARY))
  const load = (name: string) =>
    library.has(name) ? { name, text: readFileSync(new URL(name, LIBRARY), 'utf8') } : undefined
  const { value, diagnostics } = attempt(log => lowerSource(source, { filename, load }, log))
  if (!value) throw new Error(diagnostics[0]?.message)
  return value.core
}

interface Way extends SkewOptions {
  readonly divided?: boolean
}

/** All passes as usual, but skewed, and divided, whatever it costs; undivided otherwise. */
async function compileSkewed(parts: CoreProgram, precision: Precision, { divided, ...options }: Way) {
  const { module, layout } = toKernel(parts, { precision })
  let current = addMathFunctions(module, precision)
  let isSkewed = false
  for (const { name, run, isFastMath } of PASSES) {
    if (isFastMath) continue
    if (name === 'skew') {
      const skewed = skewCascades(current, { always: true, ...options })
      isSkewed = skewed !== current
      current = skewed
    } else if (name === 'fission') {
      if (divided) current = divideFrames(current, { always: true })
    } else current = run(current)
    expect(verifyKernel(current), name).toEqual([])
  }
  const { wasm } = await emitWasm(current, { validate: true })
  return { player: await play(parts, precision, { ...layout, end: current.memoryBytes }, wasm), isSkewed }
}

function hear(player: Player, parts: CoreProgram, frames: number, sizes: readonly number[]) {
  const inputs = parts.inputs.map((_, i) => noise(frames, i + 1))
  return inBlocks(player.compute, parts.outputs.length, inputs, frames, sizes)
}

describe.each(readdirSync(PATCHES).filter(file => file.endsWith('.dsp')))('%s, skewed', file => {
  const parts = lowered(readFileSync(new URL(file, PATCHES), 'utf8'), file)
  it.each([
    ['double', {}],
    ['single', {}],
    ['single', { divided: true }],
    ['double', { divided: true, stages: 5, slack: 1 }],
  ] as const)('has the bits of the unoptimised in %s precision (%j)', async (precision, way) => {
    const plain = await compile(parts, precision, false, NO_PASSES)
    const { player } = await compileSkewed(parts, precision, way)
    player.init()
    for (const [gate, frames, sizes] of [
      [1, 900, [256]],
      [0, 1200, [511, 1, 64, 7, 2, 3]],
    ] as const) {
      for (const { id } of parts.controls)
        if (/gate/.test(id)) for (const p of [plain, player]) p.cell(id, gate)
      expect(hear(player, parts, frames, sizes)).toEqual(hear(plain, parts, frames, sizes))
    }
  })
})

const ways = fc.record({
  stages: fc.integer({ min: 2, max: 8 }),
  slack: fc.integer({ min: 1, max: 3 }),
  divided: fc.boolean(),
})

function moveControls(players: readonly Player[], parts: CoreProgram, to: number): void {
  for (const [i, { id, direction }] of parts.controls.entries())
    if (direction === 'in') for (const player of players) player.cell(id, to + 0.07 * i)
}

const stateOf = ({ layout, cell }: Player) => layout.cells.map(({ id }) => [id, cell(id)])

describe.each(['double', 'single'] as const)('random cascades in %s precision', precision => {
  it('sound the same, and leave the same state', async () => {
    let count = 0
    const check = async (source: string, way: Way) => {
      const parts = lowered(source)
      const plain = await compile(parts, precision, false, NO_PASSES)
      const { player, isSkewed } = await compileSkewed(parts, precision, way)
      if (!isSkewed) return
      count++
      for (const [at, sizes] of [[100], [1], [7, 2], [64, 33, 5]].entries()) {
        moveControls([plain, player], parts, 0.1 + 0.2 * at)
        expect(hear(player, parts, 100, sizes)).toEqual(hear(plain, parts, 100, sizes))
        expect(stateOf(player)).toEqual(stateOf(plain))
      }
    }
    await fc.assert(fc.asyncProperty(cascade, ways, check), { numRuns: 60 })
    expect(count).toBeGreaterThan(30)
  }, 60_000)

  it('sound the same with one buffer for input and output', async () => {
    const check = async (source: string, way: Way) => {
      const parts = lowered(source)
      if (parts.inputs.length !== parts.outputs.length) return
      const plain = await compile(parts, precision, false, NO_PASSES)
      const { player } = await compileSkewed(parts, precision, way)
      for (const frames of [1, 7, 64, 3, 100]) {
        const inputs = parts.inputs.map((_, i) => noise(frames, frames + i))
        expect(player.inPlace(inputs)).toEqual(plain.compute(inputs, frames))
      }
    }
    await fc.assert(fc.asyncProperty(cascade, ways, check), { numRuns: 25 })
  }, 60_000)
})

/** Without the emitter and the engine between. */
describe('interpreted', () => {
  const run = (module: KernelModule, frames: number) => {
    const memory = new ArrayBuffer(module.memoryBytes + 16 * frames)
    const functions = new Map(module.functions.map(f => [f.name, f]))
    interpretFunction(functions, 'init', [48000], memory)
    const [input, output] = [module.memoryBytes, module.memoryBytes + 8 * frames]
    return { memory, functions, input, output }
  }

  it.each([1, 2, 5, 6, 7, 20])('a cascade gives the same memory after %i frames', frames => {
    const parts = lowered('process = seq(i, 5, (+ ~ *(0.5 + 0.1 * i)) : *(0.5));')
    const { module, layout } = toKernel(parts, { precision: 'double' })
    const plain = addMathFunctions(module, 'double')
    const skewed = skewCascades(plain, { always: true, stages: 4, slack: 2 })
    expect(skewed).not.toBe(plain)
    const memories = [plain, skewed].map(m => {
      const { memory, functions, input, output } = run(m, frames)
      const view = new DataView(memory)
      view.setInt32(layout.inputPointers, input, true)
      view.setInt32(layout.outputPointers, output, true)
      for (const [i, x] of noise(frames).entries()) view.setFloat64(input + 8 * i, x, true)
      for (let block = 0; block < 3; block++) interpretFunction(functions, 'compute', [frames], memory)
      return new Uint8Array(memory)
    })
    expect(memories[1]).toEqual(memories[0])
  })
})

describe('what is skewed', () => {
  const loopsOf = (source: string, precision: Precision) => {
    const { module } = toKernel(lowered(source), { precision })
    let current = addMathFunctions(module, precision)
    for (const { name, run, isFastMath } of PASSES) {
      if (name === 'pairs') break
      if (!isFastMath) current = run(current)
    }
    const compute = current.functions.find(f => f.name === 'compute')!
    return [...everyInstruction(compute.body)].filter(i => i.kind === 'loop').length
  }

  it.each(['double', 'single'] as const)('filters in series, in %s precision', precision => {
    expect(
      loopsOf('import("stdfaust.lib"); process = seq(i, 8, fi.resonlp(500 + 100 * i, 2, 1));', precision),
    ).toBe(2)
  })

  it.each([
    ['what is in one feedback', 'process = (+ : seq(i, 8, + ~ *(0.1 * i))) ~ *(0.5);'],
    ['what fills the lanes already', 'process = par(c, 4, seq(i, 4, + ~ *(0.1 * i + 0.05 * c)));'],
    ['a single filter', 'import("stdfaust.lib"); process = fi.resonlp(500, 2, 1);'],
  ])('not %s', (_, source) => {
    expect(loopsOf(source, 'single')).toBe(1)
  })
})
