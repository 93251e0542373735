/**
 * Runs one node of the shelf by itself, through the whole back end.
 */

import { generate } from '../../../src/codegen/generate.ts'
import type { Core, CoreProgram } from '../../../src/core/ast.ts'
import { assign, call, expression, stmts, variable } from '../../../src/core/build.ts'
import { expandProgram } from '../../../src/core/expand.ts'
import type { NodeType } from '../../../src/core/node-type.ts'
import { standardLibrary } from '../../../src/core/nodes/index.ts'
import type { CompiledProgram, Precision } from '../../../src/core/program.ts'
import { instantiate } from '../../../src/runtime/instance.ts'

/** A constant, a list with one value a frame (zeros after its end), or a function of the frame. */
export type Signal = number | readonly number[] | ((frame: number) => number)

export interface RunOptions {
  readonly sampleRate?: number
  readonly precision?: Precision
}

export const RATE = 48_000
const LIBRARY = standardLibrary()

export function nodeType(name: string): NodeType {
  const type = LIBRARY.get(name)
  if (!type) throw new Error(`no node ${name}`)
  return type
}

/** What the node puts out, one list for each output. Inputs that are not given take their defaults. */
export async function run(
  name: string,
  inputs: Readonly<Record<string, Signal>>,
  frames: number,
  { sampleRate = RATE, precision = 'double' }: RunOptions = {},
): Promise<number[][]> {
  const type = nodeType(name)
  for (const key of Object.keys(inputs)) {
    if (!type.inputs.some(input => input.name === key)) throw new Error(`${name} has no input ${key}`)
  }
  const live = type.inputs.filter(input => input.name in inputs && typeof inputs[input.name] !== 'number')
  const names = live.map(input => input.name)
  const instance = await instantiate(await compileCall(type, inputs, names, precision), {
    sampleRate,
    blockSize: BLOCK,
  })
  const outputs: number[][] = type.outputs.map(() => [])
  for (let start = 0; start < frames; start += BLOCK) {
    const count = Math.min(BLOCK, frames - start)
    live.forEach((input, i) => {
      const at = sampler(inputs[input.name]!)
      for (let n = 0; n < count; n++) instance.inputs[i]![n] = at(start + n)
    })
    instance.compute(count)
    for (const [i, list] of outputs.entries()) list.push(...instance.outputs[i]!.subarray(0, count))
  }
  return outputs
}

/** Not a power of two, and less than most tests run, so that blocks end anywhere. */
const BLOCK = 777

function sampler(signal: Signal): (frame: number) => number {
  if (typeof signal === 'function') return signal
  return typeof signal === 'number' ? () => signal : frame => signal[frame] ?? 0
}

async function compileCall(
  type: NodeType,
  inputs: Readonly<Record<string, Signal>>,
  live: readonly string[],
  precision: Precision,
): Promise<CompiledProgram> {
  const args = type.inputs.map(({ name, default: preset }): Core => {
    if (live.includes(name)) return variable(`in_${name}`)
    const value = inputs[name] ?? preset
    if (typeof value !== 'number') throw new Error(`${type.name} needs ${name}`)
    return expression(value)
  })
  const outputs = type.outputs.map((_, i) => `out${i}`)
  const results = outputs.map((out, i) => assign(out, i === 0 ? call(type.name, 1, args) : variable(`%${i}`)))
  const nothing = stmts([])
  const program: CoreProgram = {
    name: type.name,
    inputs: live.map(name => `in_${name}`),
    outputs,
    ...{ controls: [], kept: [], buffers: [], init: nothing, control: nothing, sample: stmts(results) },
  }
  const { program: expanded } = expandProgram(program, {
    find: name => LIBRARY.get(name),
    sampleRate: 192_000,
  })
  const { wasm, layout } = await generate(expanded, { precision })
  const counts = { inputs: live.length, outputs: outputs.length }
  return { name: type.name, precision, wasm, layout, ...counts, controls: [], ui: [], metadata: [] }
}

/** A fixed sequence of numbers in [-1, 1), for signals. */
export function noiseSignal(length: number, seed = 1): number[] {
  let x = seed
  return Array.from({ length }, () => {
    // Park and Miller's minimal standard generator.
    x = (x * 48_271) % 2_147_483_647
    return (2 * x) / 2_147_483_647 - 1
  })
}

/** Magnitude of the response at a frequency, from an impulse response: |Σ h[n] e^(-iωn)|. */
export function gainAt(impulseResponse: readonly number[], hertz: number, sampleRate = RATE): number {
  const omega = (2 * Math.PI * hertz) / sampleRate
  let real = 0
  let imaginary = 0
  impulseResponse.forEach((h, n) => {
    real += h * Math.cos(omega * n)
    imaginary -= h * Math.sin(omega * n)
  })
  return Math.hypot(real, imaginary)
}

export const decibels = (gain: number) => 20 * Math.log10(gain)

/** Frames in which a trigger output is 1. */
export const framesOfTriggers = (signal: readonly number[]) =>
  signal.flatMap((value, frame) => (value === 1 ? [frame] : []))

/** A signal of short pulses at these frames. */
export function triggersAt(...frames: readonly number[]): (frame: number) => number {
  const set = new Set(frames)
  return frame => (set.has(frame) ? 1 : 0)
}
