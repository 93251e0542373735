/**
 * A running copy of a program: its memory, its channels and its controls.
 *
 * Comes in: a compiled program, sample rate and block size. Goes out: an object that computes blocks. A stage of
 * its own because it is all that playing needs: no compiler, no files. Memory grows once, here, so the channel
 * views stay valid for ever and `compute` allocates nothing.
 */
import type { CompiledProgram, Control } from '../core/program.ts'
import { compileModule } from './compile-module.ts'
import { findControl, fitValue, isBargraph } from './controls.ts'
import { importsOf } from './host-module.ts'
import { type MemoryImage, putImage } from './memory-image.ts'
import { type DataSegment, writeSegments } from './wasm-sections.ts'

export type Samples = Float32Array | Float64Array

export interface InstanceOptions {
  /** In hertz. */
  readonly sampleRate: number
  /** Most frames that one `compute` can do; 1 … {@link MAX_BLOCK_SIZE}. */
  readonly blockSize: number
}

export interface Instance {
  readonly sampleRate: number
  readonly blockSize: number
  /** One view a channel, of `blockSize` frames: write before `compute`. Valid as long as the instance. */
  readonly inputs: readonly Samples[]
  /** Read after `compute`. The same arrays every time. */
  readonly outputs: readonly Samples[]
  /** Runs `frames` frames (default `blockSize`). Throws RangeError when they do not fit. */
  compute(frames?: number): void
  /** Sets a control; the value is moved into its range. Throws RuntimeError for an unknown address or NaN. */
  set(address: string, value: number): void
  /** Value of a control or bargraph. */
  get(address: string): number
  /** Silences the past: all state as at the start. Controls keep the values they were set to. */
  reset(): void
  /** All that the program knows, as `program.layout` maps it; for hosts that move state between programs. */
  readonly memory: WebAssembly.Memory
}

export const MAX_BLOCK_SIZE = 65536
const PAGE_BYTES = 65536

interface Exports {
  readonly memory: WebAssembly.Memory
  readonly init: (sampleRate: number) => void
  readonly compute: (frames: number) => void
}

/** `module` spares the compilation of `program.wasm` to hosts that start many instances. */
export async function instantiate(
  program: CompiledProgram,
  options: InstanceOptions,
  module?: WebAssembly.Module,
): Promise<Instance> {
  checkOptions(options)
  const compiled = module ?? (await compileModule(program.wasm))
  const exports = exportsOf(await WebAssembly.instantiate(compiled))
  return start(program, { module: compiled }, exports, options)
}

/** `data`: what is written into the memory of an instance and is not in the module. */
export interface CompiledModule {
  readonly module: WebAssembly.Module
  /** A module whose functions it imports. */
  readonly functions?: WebAssembly.Module | undefined
  readonly data?: readonly DataSegment[]
}

/**
 * At once, from a module that is compiled already. `image` is that of another instance at the same sample rate; with it,
 * `init` need not run again. `memory` is for modules that import it: zeros, and large enough to be laid out.
 */
export function instantiateModule(
  program: CompiledProgram,
  options: InstanceOptions,
  compiled: CompiledModule,
  image?: MemoryImage,
  memory?: WebAssembly.Memory,
): Instance {
  checkOptions(options)
  return start(program, compiled, startModule(compiled, memory), options, image)
}

function startModule(
  { module, functions, data = [] }: CompiledModule,
  memory: WebAssembly.Memory | undefined,
): Exports {
  const exports = exportsOf(new WebAssembly.Instance(module, importsOf(memory, functions)))
  writeSegments(data, exports.memory.buffer)
  return exports
}

const pagesOf = ({ buffer }: WebAssembly.Memory) => buffer.byteLength / PAGE_BYTES

function exportsOf(instance: WebAssembly.Instance): Exports {
  return instance.exports as unknown as Exports
}

function checkOptions({ sampleRate, blockSize }: InstanceOptions): void {
  if (!Number.isFinite(sampleRate) || sampleRate <= 0) {
    throw new RangeError(`sampleRate must be a number of hertz above 0, not ${sampleRate}`)
  }
  if (!Number.isInteger(blockSize) || blockSize < 1 || blockSize > MAX_BLOCK_SIZE) {
    throw new RangeError(`blockSize must be a whole number from 1 to ${MAX_BLOCK_SIZE}, not ${blockSize}`)
  }
}

function start(
  program: CompiledProgram,
  compiled: CompiledModule,
  exports: Exports,
  options: InstanceOptions,
  image?: MemoryImage,
): Instance {
  const { sampleRate, blockSize } = options
  const channels = placeChannels(program, exports.memory, blockSize)
  const zones = makeZones(program, exports.memory)
  const known = new Uint8Array(exports.memory.buffer, 0, program.layout.end)
  if (image) putImage(image, exports.memory.buffer)
  else exports.init(sampleRate)
  for (const control of program.controls) zones.write(control, isBargraph(control) ? 0 : control.init)
  channels.point()

  const compute = (frames = blockSize) => {
    if (frames === 0) return
    if (!Number.isInteger(frames) || frames < 0 || frames > blockSize) {
      throw new RangeError(`compute: frames must be a whole number from 0 to ${blockSize}, not ${frames}`)
    }
    exports.compute(frames)
  }
  const set = (address: string, value: number) => {
    const control = findControl(program.controls, address)
    zones.write(control, fitValue(control, value))
  }
  const get = (address: string) => zones.read(findControl(program.controls, address))
  const reset = () => {
    const kept = program.controls.map(control => (isBargraph(control) ? 0 : zones.read(control)))
    // The module lays its memory down only when it is instantiated.
    const imported = WebAssembly.Module.imports(compiled.module).length > 0
    const other = imported ? new WebAssembly.Memory({ initial: pagesOf(exports.memory) }) : undefined
    const fresh = startModule(compiled, other)
    known.set(new Uint8Array(fresh.memory.buffer, 0, known.length))
    exports.init(sampleRate)
    program.controls.forEach((control, i) => {
      zones.write(control, kept[i]!)
    })
    channels.point()
  }
  return {
    sampleRate,
    blockSize,
    inputs: channels.inputs,
    outputs: channels.outputs,
    compute,
    set,
    get,
    reset,
    memory: exports.memory,
  }
}

/** Puts the channel buffers behind the program's own memory, which grows to hold them. */
function placeChannels(program: CompiledProgram, memory: WebAssembly.Memory, blockSize: number) {
  const { layout, precision, inputs, outputs } = program
  const bytes = blockSize * (precision === 'double' ? 8 : 4)
  const stride = alignTo16(bytes)
  const base = alignTo16(layout.end)
  const missing = base + stride * (inputs + outputs) - memory.buffer.byteLength
  if (missing > 0) memory.grow(Math.ceil(missing / PAGE_BYTES))

  const address = (channel: number) => base + channel * stride
  const view = (channel: number): Samples =>
    precision === 'double'
      ? new Float64Array(memory.buffer, address(channel), blockSize)
      : new Float32Array(memory.buffer, address(channel), blockSize)
  const bytesView = new DataView(memory.buffer)
  const point = () => {
    for (let i = 0; i < inputs; i++) bytesView.setInt32(layout.inputPointers + 4 * i, address(i), true)
    for (let i = 0; i < outputs; i++) {
      bytesView.setInt32(layout.outputPointers + 4 * i, address(inputs + i), true)
    }
  }
  return {
    inputs: Array.from({ length: inputs }, (_, i) => view(i)),
    outputs: Array.from({ length: outputs }, (_, i) => view(inputs + i)),
    point,
  }
}

function alignTo16(bytes: number): number {
  return Math.ceil(bytes / 16) * 16
}

/** Reads and writes the values of controls. Made after the memory has grown for the last time. */
function makeZones(program: CompiledProgram, memory: WebAssembly.Memory) {
  const view = new DataView(memory.buffer)
  const double = program.precision === 'double'
  return {
    read: ({ offset }: Control) => (double ? view.getFloat64(offset, true) : view.getFloat32(offset, true)),
    write: ({ offset }: Control, value: number) =>
      double ? view.setFloat64(offset, value, true) : view.setFloat32(offset, value, true),
  }
}
