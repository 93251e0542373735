/** Loops whose instructions stand in another order have the bits of those that do not, exceptional cases included. */

import { describe, expect, it } from 'vitest'
import { emitWasm } from '../../src/codegen/emit.ts'
import { planEmission } from '../../src/codegen/emit-plan.ts'
import { addMathFunctions } from '../../src/codegen/generate.ts'
import { type Interleaving, interleave } from '../../src/codegen/interleave.ts'
import type { KernelFunction, KernelModule, Region, Value } from '../../src/codegen/kernel.ts'
import { PASS_NAMES, PASSES } from '../../src/codegen/passes.ts'
import { everyInstruction } from '../../src/codegen/regions.ts'
import { toKernel } from '../../src/codegen/to-kernel.ts'
import { verifyKernel } from '../../src/codegen/verify.ts'
import type { CoreProgram } from '../../src/core/ast.ts'
import type { Precision } from '../../src/core/program.ts'
import { lowered } from '../support/lowered.ts'
import { compile, inBlocks, noise, type Player, play } from '../support/play.ts'
import fc from '../support/property.ts'
import { randomProgram } from '../support/random-core.ts'

const NO_PASSES = new Set(PASS_NAMES)
const ANYWHERE: Interleaving = { least: 1, always: true }

interface Way extends Interleaving {
  readonly withLanes?: boolean
  readonly divided?: boolean
}

/** All passes as usual, but without lanes or division if asked, and loops in another order. */
async function compileInterleaved(parts: CoreProgram, precision: Precision, way: Way) {
  const { withLanes = true, divided = true, ...options } = way
  const { module, layout } = toKernel(parts, { precision })
  let current = addMathFunctions(module, precision)
  let moved = false
  for (const { name, run, isFastMath } of PASSES) {
    if (isFastMath || (name === 'pairs' && !withLanes) || (name === 'fission' && !divided)) continue
    const before = current
    current = name === 'interleaving' ? interleave(current, options) : run(current)
    expect(verifyKernel(current), name).toEqual([])
    if (name === 'interleaving') moved = orderOf(current) !== orderOf(before)
  }
  const { wasm } = await emitWasm(current, { validate: true })
  const player = await play(parts, precision, { ...layout, end: current.memoryBytes }, wasm)
  return { player, moved, module: current }
}

const computeOf = (module: KernelModule) => module.functions.find(f => f.name === 'compute')!

function orderOf(module: KernelModule): string {
  const ids = everyInstruction(computeOf(module).body).map(i => ('result' in i ? i.result?.id : i.kind))
  return ids.join(' ')
}

type Signals = readonly Float64Array[]

function hear(player: Player, parts: CoreProgram, inputs: Signals, sizes: readonly number[]) {
  return inBlocks(player.compute, parts.outputs.length, inputs, inputs[0]!.length, sizes)
}

describe.each(['double', 'single'] as const)('random programs in %s precision', precision => {
  it('sound the same in another order', async () => {
    let changed = 0
    await fc.assert(
      fc.asyncProperty(randomProgram, fc.boolean(), fc.boolean(), async (parts, withLanes, divided) => {
        const plain = await compile(parts, precision, false, NO_PASSES)
        const way = { ...ANYWHERE, withLanes, divided }
        const { player, moved } = await compileInterleaved(parts, precision, way)
        if (moved) changed++
        player.init()
        const inputs = Array.from({ length: Math.max(1, parts.inputs.length) }, (_, i) => noise(150, i + 1))
        for (const sizes of [[70], [1], [200, 3]])
          expect(hear(player, parts, inputs, sizes)).toEqual(hear(plain, parts, inputs, sizes))
      }),
      { numRuns: 60 },
    )
    expect(changed).toBeGreaterThan(20)
  })
})

/** Each with recursions, so that it is not divided altogether, and functions with exceptional cases. */
const BANKS = {
  sines: 'process = _ <: par(i, 8, *(i + 1) : sin : fi.pole(0.5)) :> _;',
  tangents: 'process = _ <: par(i, 12, *(0.3 * (i + 1)) : ma.tanh : tan : fi.pole(0.3)) :> _, _;',
  'exponentials and logarithms':
    'process = _ <: par(i, 7, *(i - 3) : exp : +(0.1) : log : fi.pole(-0.4)) :> _;',
  'swept filters':
    'process = _ <: par(i, 8, fi.resonlp(200 * (i + 2) + 1000 * sin(os.phasor(1, i)), 3, 1)) :> _;',
  'delays written and read': 'process = par(i, 6, + ~ (@(3 + i) : sin : *(0.9)));',
}

/** Noise, now and then what is an exceptional case for some function. */
function unusual(frames: number, seed: number): Float64Array {
  const usual = noise(frames, seed)
  const others = [1e9, -4000, Number.NaN, 0, -0, Number.POSITIVE_INFINITY, 1e-300, -700, 88.9, 1.6]
  return usual.map((sample, i) => (i % 17 === seed % 17 ? others[(i * 7 + seed) % others.length]! : sample))
}

describe.each(Object.entries(BANKS))('%s', (name, definition) => {
  const parts = lowered(definition)
  const inputs = parts.inputs.map((_, i) => (name.startsWith('delays') ? noise : unusual)(600, i + 1))
  it.each(['double', 'single'] as const)('in %s precision', async precision => {
    const plain = await compile(parts, precision, false, NO_PASSES)
    const heard = hear(plain, parts, inputs, [256])
    for (const divided of [false, true]) {
      const { player, moved } = await compileInterleaved(parts, precision, { ...ANYWHERE, divided })
      expect(moved).toBe(true)
      player.init()
      expect(hear(player, parts, inputs, [511, 1, 64])).toEqual(heard)
    }
  })
})

/** How many results branches have that call a function otherwise. */
function guards(module: KernelModule): number[] {
  const all = everyInstruction(computeOf(module).body)
  const calls = (region: Region) => everyInstruction(region).some(i => i.kind === 'call')
  return all.flatMap(i =>
    i.kind === 'if' && calls(i.elseRegion) && !calls(i.thenRegion) ? [i.results.length] : [],
  )
}

it('usual cases are asked for together', async () => {
  const parts = lowered(BANKS.sines)
  const way = { divided: false, withLanes: false }
  const apart = await compileInterleaved(parts, 'double', { ...way, least: 10_000 })
  const together = await compileInterleaved(parts, 'double', { ...way, ...ANYWHERE })
  expect(Math.max(...guards(apart.module))).toBe(1)
  expect(Math.max(...guards(together.module))).toBe(8)
})

const MANY = 'process = _ <: par(i, 24, fi.resonbp(200 * (i + 2) * (1.5 + sin(os.phasor(6, i))), 3, 1)) :> _;'

it('a long loop of independent filters is put in another order by itself', async () => {
  const { moved } = await compileInterleaved(lowered(MANY), 'single', {})
  expect(moved).toBe(true)
})

it('what is one long recursion stays as it is', async () => {
  const ladder = lowered('process = + ~ seq(i, 8, *(0.9) : ma.tanh);')
  const { moved } = await compileInterleaved(ladder, 'double', {})
  expect(moved).toBe(false)
})

describe('a region in order', () => {
  const value = (id: number): Value => ({ id, type: 'f64' })
  const [address, x] = [{ id: 0, type: 'i32' } as const, value(1)]
  const store = (what: Value, offset: number) => ({ kind: 'store', address, offset, value: what }) as const
  const op = (result: Value, name: string, ...args: Value[]) =>
    ({ kind: 'op', result, op: `f64.${name}`, args }) as const
  const inlined = (inOrder: boolean): number[] => {
    const instructions = [
      ...[op(value(2), 'neg', x), op(value(3), 'abs', x), op(value(4), 'sqrt', value(3))],
      ...[store(value(4), 0), store(value(2), 8)],
    ]
    const body: Region = { instructions, yields: [], inOrder }
    const parameters = [address, x]
    const f: KernelFunction = { name: 'f', parameters, result: undefined, body, exported: true }
    return [...planEmission(f, new Set()).inlined]
  }

  it('has expressions only where nothing else stands between', () => {
    expect(inlined(false)).toEqual([0, 0, 1, 1, 1])
    expect(inlined(true)).toEqual([0, 0, 0, 1, 1])
  })
})
