/**
 * A function as the audio side runs it: an instance over the shared memory, and what its order says.
 *
 * Comes in: an order. Goes out: frames. Making one allocates, so it is made before its turn comes; taking over,
 * resetting and computing only move bytes.
 */
import { ChannelWindows } from '../channels.ts'
import type { Views } from '../views.ts'
import type { FunctionOrder } from './order.ts'

/** Imports of nodes that are functions of TypeScript, and their reset hooks. */
export interface HostFunctions {
  readonly imports: Readonly<Record<string, (...inputs: number[]) => void>>
  /** Of calls whose state is new, or of all. */
  readonly start: () => void
  readonly reset: () => void
  readonly hasFailed: () => boolean
}

interface Exports {
  readonly init: (sampleRate: number) => void
  readonly compute: (frames: number) => void
}

export class AudioFunction {
  readonly order: FunctionOrder
  readonly windows: ChannelWindows
  private readonly exports: Exports
  private readonly host: HostFunctions | undefined

  constructor(order: FunctionOrder, memory: WebAssembly.Memory, host?: HostFunctions) {
    this.order = order
    this.windows = new ChannelWindows(order.inputs, order.outputs)
    this.host = host
    const imports = { host: { memory, ...host?.imports } }
    this.exports = new WebAssembly.Instance(order.module, imports).exports as unknown as Exports
  }

  get hasFailed(): boolean {
    return this.host?.hasFailed() ?? false
  }

  /** From here on its state is that of the program: what the one before has left, where it is meant to last. */
  takeOver({ f64, i32, bytes }: Views, sampleRate: number): void {
    const { carried, moved, resized } = this.order
    for (let i = 0; i < carried.length; i++) {
      const move = carried[i]!
      f64.copyWithin(move[1], move[0], move[0] + move[2])
    }
    for (let i = 0; i < moved.length; i++) {
      const move = moved[i]!
      bytes.copyWithin(move[1], move[0], move[0] + move[2])
    }
    for (let i = 0; i < resized.length; i++) {
      const { entry, address, length, elementBytes } = resized[i]!
      const before = i32[entry / 4]!
      const count = i32[entry / 4 + 1]!
      if (count === length) continue
      bytes.copyWithin(address, before, before + elementBytes * Math.min(count, length))
      i32[entry / 4] = address
      i32[entry / 4 + 1] = length
    }
    this.exports.init(sampleRate)
    this.host?.start()
  }

  setSampleRate(views: Views, sampleRate: number): void {
    this.exports.init(sampleRate)
    this.reset(views)
  }

  reset(views: Views): void {
    const { resetFlag, fills, persistent } = this.order
    const { f64 } = views
    if (resetFlag >= 0) f64[resetFlag] = 1
    for (let i = 0; i < fills.length; i++) {
      const { offset, element, length, initial } = fills[i]!
      const size = element === 'f64' ? 8 : 4
      views.bytes.fill(0, offset, offset + size * length)
      const view = element === 'f64' ? f64 : element === 'f32' ? views.f32 : views.i32
      for (let k = 0; k < initial.length; k++) view[offset / size + k] = initial[k]!
    }
    f64.fill(0, persistent[0], persistent[0] + persistent[1])
    this.host?.reset()
  }

  /** Computes as many frames as the inputs in memory have; at most `order.blockFrames`. */
  compute(frames: number): void {
    this.exports.compute(frames)
  }
}
