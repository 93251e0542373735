/** Runs Core programs compiled, block by block, and beside them the reference evaluator. */
import { expect } from 'vitest'
import { generate } from '../../src/codegen/generate.ts'
import type { KernelModule } from '../../src/codegen/kernel.ts'
import { verifyKernel } from '../../src/codegen/verify.ts'
import type { CoreProgram } from '../../src/core/ast.ts'
import { verifyLayout } from '../../src/core/layout.ts'
import type { Cell, Layout, Precision } from '../../src/core/program.ts'
import { verifyCore } from '../../src/core/verify.ts'
import { CoreMachine } from '../reference/core.ts'

export interface Player {
  readonly layout: Layout
  init(sampleRate?: number): void
  compute(inputs: readonly ArrayLike<number>[], frames: number): number[][]
  /** Like `compute`, with one buffer for input and output of the same number. */
  inPlace(inputs: readonly ArrayLike<number>[]): number[][]
  /** Reads or writes the first element of a cell. */
  cell(id: string, value?: number): number
}

const SAMPLE_RATE = 48000

export async function compile(
  program: CoreProgram,
  precision: Precision = 'double',
  optimize = false,
  disabledPasses: ReadonlySet<string> = new Set(),
): Promise<Player> {
  expect(verifyCore(program)).toEqual([])
  const inspect = (module: KernelModule, stage: string) => expect(verifyKernel(module), stage).toEqual([])
  const { wasm, layout } = await generate(program, {
    precision,
    optimize,
    inspect,
    disabledPasses: [...disabledPasses],
  })
  expect(verifyLayout(layout)).toEqual([])
  return await play(program, precision, layout, wasm)
}

/** Starts a module that was made from the program. */
export async function play(
  program: CoreProgram,
  precision: Precision,
  layout: Layout,
  wasm: Uint8Array,
): Promise<Player> {
  const { instance } = await WebAssembly.instantiate(wasm as Uint8Array<ArrayBuffer>)
  const exports = instance.exports as unknown as {
    memory: WebAssembly.Memory
    init(sampleRate: number): void
    compute(frames: number): void
  }
  const player = makePlayer(program, precision, layout, exports)
  player.init()
  return player
}

function makePlayer(
  program: CoreProgram,
  precision: Precision,
  layout: Layout,
  wasm: { memory: WebAssembly.Memory; init(sampleRate: number): void; compute(frames: number): void },
): Player {
  const { memory } = wasm
  const size = precision === 'double' ? 8 : 4
  const Channel = precision === 'double' ? Float64Array : Float32Array
  const view = (table: number, i: number, slot: number, frames: number) => {
    const address = Math.ceil(layout.end / 8) * 8 + slot * frames * size
    const missing = address + frames * size - memory.buffer.byteLength
    if (missing > 0) memory.grow(Math.ceil(missing / 65536))
    new DataView(memory.buffer).setInt32(table + 4 * i, address, true)
    return () => new Channel(memory.buffer, address, frames)
  }
  const run = (inputs: readonly ArrayLike<number>[], frames: number, shared: boolean) => {
    const first = shared ? 0 : inputs.length
    const ins = program.inputs.map((_, i) => view(layout.inputPointers, i, i, frames))
    const outs = program.outputs.map((_, i) => view(layout.outputPointers, i, first + i, frames))
    for (const [i, input] of inputs.entries()) ins[i]!().set(input)
    wasm.compute(frames)
    return outs.map(out => [...out()])
  }
  return {
    layout,
    init: (sampleRate = SAMPLE_RATE) => wasm.init(sampleRate),
    compute: (inputs, frames) => run(inputs, frames, false),
    inPlace: inputs => run(inputs, inputs[0]!.length, true),
    cell(id, value) {
      const cell = layout.cells.find(c => c.id === id)!
      const view = cellView(memory, cell)
      if (value !== undefined) view[0] = value
      return view[0]!
    },
  }
}

function cellView(memory: WebAssembly.Memory, { element, offset, bytes }: Cell) {
  if (element === 'i32') return new Int32Array(memory.buffer, offset, bytes / 4)
  if (element === 'f32') return new Float32Array(memory.buffer, offset, bytes / 4)
  return new Float64Array(memory.buffer, offset, bytes / 8)
}

/** Reproducible noise in -1 … 1. */
export function noise(frames: number, seed = 1): Float64Array {
  let state = seed
  return Float64Array.from({ length: frames }, () => {
    state = (Math.imul(state, 1103515245) + 12345) | 0
    return Math.fround(state / 2 ** 31)
  })
}

/** All frames in blocks of the sizes given, over and over. */
export function inBlocks(
  compute: Player['compute'],
  outputs: number,
  inputs: readonly Float64Array[],
  frames: number,
  sizes: readonly number[],
): number[][] {
  const result = Array.from({ length: outputs }, (): number[] => [])
  for (let at = 0, turn = 0; at < frames; turn++) {
    const size = Math.min(sizes[turn % sizes.length]!, frames - at)
    const block = compute(
      inputs.map(x => x.subarray(at, at + size)),
      size,
    )
    for (const [i, channel] of block.entries()) result[i]!.push(...channel)
    at += size
  }
  return result
}

/** A program compiled and evaluated. */
export async function pair(
  program: CoreProgram,
  precision: Precision,
  optimize = false,
): Promise<{ player: Player; machine: CoreMachine }> {
  const player = await compile(program, precision, optimize)
  return { player, machine: new CoreMachine(program, precision, SAMPLE_RATE) }
}

/** Compiled output equals the evaluator's, for several block sizes; returns it. */
export async function agree(
  program: CoreProgram,
  options: { precision?: Precision; frames?: number; close?: number } = {},
): Promise<number[][]> {
  const { precision = 'double', frames = 300, close } = options
  const inputs = program.inputs.map((_, i) => noise(frames, i + 1))
  const outputs = program.outputs.length
  const machine = new CoreMachine(program, precision, SAMPLE_RATE)
  const expected = inBlocks(machine.compute.bind(machine), outputs, inputs, frames, [64])
  const player = await compile(program, precision)
  for (const sizes of [[64], [1], [7, 0 + 1, 64], [256]]) {
    player.init()
    const actual = inBlocks(player.compute, outputs, inputs, frames, sizes)
    if (close === undefined) expect(actual).toEqual(expected)
    else expectClose(actual, expected, close)
  }
  return expected
}

function expectClose(actual: number[][], expected: number[][], tolerance: number): void {
  actual.forEach((channel, i) => {
    channel.forEach((x, frame) => {
      const y = expected[i]![frame]!
      if (!Object.is(x, y)) expect(Math.abs(x - y)).toBeLessThanOrEqual(tolerance * Math.max(1, Math.abs(y)))
    })
  })
}
