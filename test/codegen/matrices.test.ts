/**
 * Delay networks with Hadamard, Householder and other matrices, as they are written with the standard library: what they
 * sound like, computed from the matrices themselves, and that they are computed in vectors, sums and butterflies once.
 */
import { describe, expect, it } from 'vitest'
import { generateNow } from '../../src/codegen/generate-now.ts'
import type { Instruction, Region } from '../../src/codegen/kernel.ts'
import { PASS_NAMES } from '../../src/codegen/passes.ts'
import { everyInstruction } from '../../src/codegen/regions.ts'
import { lowered } from '../support/lowered.ts'
import { inBlocks, noise, play } from '../support/play.ts'

type Loop = Extract<Instruction, { kind: 'loop' }>
type Matrix = (row: number, column: number) => number

interface Shape {
  /** n inputs, n outputs. */
  readonly text: string
  readonly matrix: (n: number) => Matrix
}

const bitCount = (x: number): number => (x === 0 ? 0 : (x & 1) + bitCount(x >> 1))

const SHAPES: Record<string, Shape> = {
  // Sylvester's construction: the sign is the parity of the bits that row and column share.
  Hadamard: {
    text: 'ro.hadamard(n) : par(i, n, /(sqrt(n)))',
    matrix: n => (row, column) => (bitCount(row & column) % 2 === 0 ? 1 : -1) / Math.sqrt(n),
  },
  // I - 2/n · 1·1ᵀ
  Householder: {
    text: 'si.bus(n) <: (si.bus(n), (si.bus(n) :> *(-2.0 / n) <: si.bus(n))) :> si.bus(n)',
    matrix: n => (row, column) => (row === column ? 1 : 0) - 2 / n,
  },
  constant: {
    text: 'si.bus(n) <: par(i, n, (par(j, n, *(cos(3 * i + 5 * j) / n)) :> _))',
    matrix: n => (row, column) => Math.cos(3 * row + 5 * column) / n,
  },
}

const GAIN = 0.7
const DELAYS = { short: (i: number) => 11 + 3 * i, long: (i: number) => 301 + 73 * i }
const DELAY_TEXTS = { short: '11 + 3 * i', long: '301 + 73 * i' }
type Length = keyof typeof DELAYS

const networkOf = (name: string, n: number, length: Length) =>
  lowered(`
    n = ${n};
    matrix = ${SHAPES[name]!.text};
    lines = par(i, n, @(${DELAY_TEXTS[length]}) : fi.pole(0.2));
    process = _ <: si.bus(n) : ((si.bus(2 * n) :> si.bus(n) : lines) ~ (matrix : par(i, n, *(${GAIN})))) :> _;
  `)

/** A frame at a time, by the matrix: v = x + g·M·y one frame ago; p is v delayed, y = p + 0.2·y one frame ago. */
function expected(matrix: Matrix, n: number, delay: (i: number) => number, input: Float64Array): number[] {
  const rows = Array.from({ length: n }, (_, i) => i)
  const into = rows.map(() => new Float64Array(input.length))
  let y = rows.map(() => 0)
  return Array.from(input, (x, t) => {
    for (const i of rows) into[i]![t] = x + GAIN * rows.reduce((sum, j) => sum + matrix(i, j) * y[j]!, 0)
    y = rows.map(i => (t < delay(i) ? 0 : into[i]![t - delay(i)]!) + 0.2 * y[i]!)
    return y.reduce((sum, value) => sum + value, 0)
  })
}

const CASES = Object.keys(SHAPES).flatMap(name =>
  [4, 8, 16].flatMap(n => (['short', 'long'] as const).map(length => ({ name, n, length }))),
)

describe.each(CASES)('$name matrix of $n, $length delays', ({ name, n, length }) => {
  const frames = 1500
  const input = noise(frames)
  const core = networkOf(name, n, length)

  it.each(['double', 'single'] as const)('in %s precision: as the matrix says, optimised or not', async p => {
    const hear = async (disabledPasses: readonly string[]) => {
      const { wasm, layout } = generateNow(core, { precision: p, disabledPasses })
      const player = await play(core, p, layout, wasm)
      return inBlocks(player.compute, 1, [input], frames, [256, 1, 64, 7, 130])[0]!
    }
    const optimised = await hear([])
    expect(optimised).toEqual(await hear(PASS_NAMES))
    const sound = expected(SHAPES[name]!.matrix(n), n, DELAYS[length], input)
    const tolerance = p === 'double' ? 1e-12 : 1e-4
    for (const [t, x] of optimised.entries()) expect(Math.abs(x - sound[t]!)).toBeLessThan(tolerance)
  })
})

/** How often each instruction stands in the loops that have no others inside, one list a loop. */
function countsOf(name: string, n: number, length: Length): Map<string, number>[] {
  const { kernel } = generateNow(networkOf(name, n, length), { precision: 'single' })
  const compute = kernel.functions.find(f => f.name === 'compute')!
  const isInnermost = (i: Instruction): i is Loop =>
    i.kind === 'loop' && !i.isBrief && everyInstruction(i.body).every(inner => inner.kind !== 'loop')
  return everyInstruction(compute.body)
    .filter(isInnermost)
    .map(loop => counts(loop.body))
}

function counts(body: Region): Map<string, number> {
  const found = new Map<string, number>()
  for (const i of everyInstruction(body)) {
    if (i.kind === 'op') found.set(i.op, (found.get(i.op) ?? 0) + 1)
  }
  return found
}

const SCALAR = ['f32.add', 'f32.sub', 'f32.mul']

describe('with delays longer than a piece, four frames at a time', () => {
  const wide = (name: string, n: number): Map<string, number> => {
    const loops = countsOf(name, n, 'long').filter(found => SCALAR.every(op => !found.has(op)))
    return loops.find(found => (found.get('f32x4.add') ?? 0) >= n)!
  }

  it.each([4, 8])('a Hadamard matrix of %i is the butterflies, n/2 a stage', n => {
    expect(wide('Hadamard', n).get('f32x4.sub')).toBe((n / 2) * Math.log2(n))
  })

  it.each([4, 8])('a Householder matrix of %i has its sum once', n => {
    // The sum, to each line its part of it and the input, the filters in vectors (2 a line), the output.
    expect(wide('Householder', n).get('f32x4.add')).toBeLessThanOrEqual(n - 1 + n + n + 2 * n + n - 1)
  })
})

describe('with shorter delays, several lines at a time', () => {
  const serial = (name: string, n: number): Map<string, number> =>
    countsOf(name, n, 'short').find(found => found.has('f32x4.mul'))!

  it.each([4, 8, 16])(
    'a constant matrix of %i takes n²/4 multiplications of vectors, and no scalar ones',
    n => {
      const found = serial('constant', n)
      expect(found.get('f32x4.mul')).toBeGreaterThanOrEqual((n * n) / 4)
      expect(found.get('f32.mul') ?? 0).toBeLessThan(2 * n)
      expect(found.get('f32.add') ?? 0).toBeLessThan(2 * n)
    },
  )

  it.each([4, 8, 16])('a Householder matrix of %i has its sum once', n => {
    const found = serial('Householder', n)
    expect(found.get('f32.add') ?? 0).toBeLessThanOrEqual(2 * (n - 1))
    expect(found.get('f32x4.add')).toBeLessThanOrEqual(4 * n)
  })
})
