/**
 * Running a program faster than real time.
 *
 * Comes in: an instance (or a program) and a source of input. Goes out: blocks, or whole channels. `renderBlocks`
 * is the loop that the command line streams to a file in constant memory; `render` collects it.
 */
import type { CompiledProgram } from '../core/program.ts'
import { type Instance, instantiate, type Samples } from './instance.ts'

/** Writes the next `frames` frames of input into the channels; what it leaves out must be set to 0. */
export type Fill = (inputs: readonly Samples[], frames: number) => void

/**
 * Computes `frames` frames and yields after each block with the frames in it; they are in `instance.outputs`
 * until the next step.
 */
export function* renderBlocks(instance: Instance, frames: number, fill?: Fill): Generator<number, void> {
  for (let done = 0; done < frames; ) {
    const block = Math.min(instance.blockSize, frames - done)
    fill?.(instance.inputs, block)
    instance.compute(block)
    done += block
    yield block
  }
}

export interface RenderOptions {
  /** In hertz. */
  readonly sampleRate: number
  /** How much to render. */
  readonly frames: number
  /** A channel each; shorter ones, and missing ones, continue in silence. */
  readonly input?: readonly ArrayLike<number>[]
  /** Values by address, set before the first frame. */
  readonly controls?: Readonly<Record<string, number>>
  /** Frames a block: how often controls are looked at. Default {@link DEFAULT_BLOCK_SIZE}. */
  readonly blockSize?: number
}

export const DEFAULT_BLOCK_SIZE = 512

/** Renders whole channels, in the program's precision. */
export async function render(
  program: CompiledProgram,
  options: RenderOptions,
  module?: WebAssembly.Module,
): Promise<Samples[]> {
  const { sampleRate, frames, input, controls = {}, blockSize = DEFAULT_BLOCK_SIZE } = options
  if (!Number.isSafeInteger(frames) || frames < 0) {
    throw new RangeError(`render: frames must be a whole number, not ${frames}`)
  }
  const instance = await instantiate(program, { sampleRate, blockSize }, module)
  for (const [address, value] of Object.entries(controls)) instance.set(address, value)
  const make = (): Samples =>
    program.precision === 'double' ? new Float64Array(frames) : new Float32Array(frames)
  const channels = instance.outputs.map(make)
  let at = 0
  for (const block of renderBlocks(instance, frames, input && fillFrom(input))) {
    instance.outputs.forEach((output, i) => {
      channels[i]!.set(output.subarray(0, block), at)
    })
    at += block
  }
  return channels
}

/** Input from arrays, from their start; silence after their end. */
export function fillFrom(input: readonly ArrayLike<number>[]): Fill {
  let at = 0
  return (inputs, frames) => {
    inputs.forEach((channel, i) => {
      const source = input[i]
      for (let n = 0; n < frames; n++) channel[n] = source?.[at + n] ?? 0
    })
    at += frames
  }
}
