/**
 * The audio side of an engine.
 *
 * Comes in: updates from the ring, input samples. Goes out: output samples, and word that updates are done. A module of
 * its own that needs no compiler, so that it is all that an audio thread loads. `process`, `processBlock` and
 * `processUpdates` neither allocate nor wait; what allocates, making instances, happens in `prepare`, which is called
 * when an order arrives and not when its turn comes. (The first block of a program or of another length makes a view
 * for each channel.)
 */
import { AudioFunction, type AudioViews, type HostFunctions } from './audio-function.ts'
import { type FunctionOrder, RETURN, UPDATE } from './order.ts'
import { MESSAGE_WORDS, Ring } from './ring.ts'

export const DEFAULT_SAMPLE_RATE = 44100

/** All that another thread needs; send it with `postMessage(link, [link.port])`. */
export interface BackendLink {
  readonly memory: WebAssembly.Memory
  readonly updates: SharedArrayBuffer
  readonly returns: SharedArrayBuffer
  /** Brings orders; undefined in the engine's own thread. */
  readonly port?: MessagePort
}

interface Windows {
  readonly owner: AudioFunction
  readonly count: number
  readonly views: AudioViews
  readonly inputs: readonly Float64Array[]
  readonly outputs: readonly Float64Array[]
}

type Channels = readonly { readonly length: number; [index: number]: number }[]

export class CodeEngineBackend {
  /** sig1, sig2 and value of the last frame, in single precision; the same array every time. */
  readonly frame = new Float32Array(3)
  private readonly memory: WebAssembly.Memory
  private readonly updates: Ring
  private readonly returns: Ring
  private readonly prepared = new Map<number, AudioFunction>()
  private readonly message = new Int32Array(MESSAGE_WORDS)
  private views: AudioViews
  private current: AudioFunction | undefined
  private sampleRate = DEFAULT_SAMPLE_RATE
  private toldFailure = false
  private windows: Windows | undefined
  private readonly onSampleRate: (sampleRate: number) => void

  constructor(link: BackendLink, onSampleRate: (sampleRate: number) => void = () => {}) {
    this.memory = link.memory
    this.updates = new Ring(link.updates)
    this.returns = new Ring(link.returns)
    this.views = viewsOf(this.memory)
    this.onSampleRate = onSampleRate
    if (link.port) link.port.onmessage = event => this.prepare(event.data as FunctionOrder)
  }

  /** Makes what an order asks for; its turn comes with `processUpdates`. */
  prepare(order: FunctionOrder, host?: HostFunctions): void {
    this.prepared.set(order.number, new AudioFunction(order, this.memory, host))
    this.views = viewsOf(this.memory)
  }

  /**
   * Does what has been asked for since the last time, in order. An update that is not prepared yet, because its
   * message is still under way to this thread, waits with all after it.
   */
  processUpdates(): void {
    const { message, updates, returns } = this
    this.refresh()
    while (!returns.isFull && updates.peek(message)) {
      if (!this.processUpdate(message[0]!, message[1]!, message[2]!, message[3]!)) return
      updates.drop()
      returns.push(RETURN.done, message[1]!, 0, 0)
    }
  }

  private processUpdate(kind: number, number: number, entry: number, address: number): boolean {
    if (kind === UPDATE.run) return this.run(number)
    if (kind === UPDATE.reset) {
      this.current?.reset(this.views)
      return true
    }
    const { i32 } = this.views
    i32[entry / 4] = address
    // The word before the contents: see `sendBuffer`.
    i32[entry / 4 + 1] = i32[address / 4 - 1]!
    return true
  }

  private run(number: number): boolean {
    const next = this.prepared.get(number)
    if (!next) return false
    this.prepared.delete(number)
    next.takeOver(this.views, this.sampleRate)
    this.current = next
    this.toldFailure = false
    return true
  }

  /** The other side may have let the memory grow; then, and only then, there are new views. */
  private refresh(): void {
    if (this.memory.buffer !== this.views.bytes.buffer) this.views = viewsOf(this.memory)
  }

  /** Between two `processUpdates`, growth matters only where it takes the old views away: their length becomes 0. */
  private refreshDetached(): void {
    if (this.views.f64.length === 0) this.refresh()
  }

  /** Hertz. State starts anew. */
  setSampleRate(sampleRate: number): void {
    this.sampleRate = sampleRate
    this.onSampleRate(sampleRate)
    this.refresh()
    this.current?.setSampleRate(this.views, sampleRate)
  }

  /** State starts anew. */
  clear(): void {
    this.refresh()
    this.current?.reset(this.views)
  }

  /** One frame of a function of the preset form; zeros until the first upload has arrived. */
  process(in1: number, in2: number, alpha: number, beta: number, delta: number, gamma: number): Float32Array {
    const { current, frame } = this
    if (!current) return frame.fill(0)
    this.refreshDetached()
    const { f64 } = this.views
    const { inputs, outputs, parameters, value } = current.order
    f64[parameters[0]!] = alpha
    f64[parameters[1]!] = beta
    f64[parameters[2]!] = delta
    f64[parameters[3]!] = gamma
    f64[outputs[0]!] = 0
    f64[outputs[1]!] = 0
    f64[inputs[0]!] = in1
    f64[inputs[1]!] = in2
    current.compute(1)
    frame[0] = f64[outputs[0]!]!
    frame[1] = f64[outputs[1]!]!
    frame[2] = f64[value]!
    this.tellFailure(current)
    return frame
  }

  /** `frames` frames of any function. Missing inputs are silent, outputs past the function's are not written. */
  processBlock(inputs: Channels, outputs: Channels, frames: number): void {
    const { current } = this
    if (!current) {
      for (let i = 0; i < outputs.length; i++) for (let k = 0; k < frames; k++) outputs[i]![k] = 0
      return
    }
    this.refreshDetached()
    const most = current.order.blockFrames
    for (let start = 0; start < frames; start += most) {
      this.processPart(current, inputs, outputs, start, Math.min(most, frames - start))
    }
    this.tellFailure(current)
  }

  private processPart(
    current: AudioFunction,
    inputs: Channels,
    outputs: Channels,
    start: number,
    count: number,
  ): void {
    const { f64 } = this.views
    const { order } = current
    const windows = this.windowsOf(current, count)
    for (let i = 0; i < order.passedThrough.length; i++) {
      f64.fill(0, order.passedThrough[i]!, order.passedThrough[i]! + count)
    }
    for (let i = 0; i < order.inputs.length; i++) {
      const input = inputs[i]
      if (!input) windows.inputs[i]!.fill(0)
      else if (input.length === count) windows.inputs[i]!.set(input as ArrayLike<number>)
      else for (let k = 0; k < count; k++) windows.inputs[i]![k] = input[start + k]!
    }
    current.compute(count)
    const used = Math.min(outputs.length, order.outputs.length)
    for (let i = 0; i < used; i++) {
      const output = outputs[i]!
      if (isTyped(output) && output.length === count) output.set(windows.outputs[i]!)
      else for (let k = 0; k < count; k++) output[start + k] = windows.outputs[i]![k]!
    }
  }

  /**
   * Views of the channels for blocks of one length, made anew only when the length, the program or the memory change:
   * copying with `set` boxes no number, even in code that is not optimised yet.
   */
  private windowsOf(current: AudioFunction, count: number): Windows {
    const { windows, views } = this
    if (windows && windows.owner === current && windows.count === count && windows.views === views) {
      return windows
    }
    const view = (at: number) => views.f64.subarray(at, at + count)
    const { inputs, outputs } = current.order
    this.windows = {
      ...{ owner: current, count, views },
      inputs: inputs.map(view),
      outputs: outputs.map(view),
    }
    return this.windows
  }

  /** Once for each function: a node of TypeScript has thrown; its value was 0. */
  private tellFailure(current: AudioFunction): void {
    if (!this.toldFailure && current.hasFailed) {
      this.toldFailure = this.returns.push(RETURN.failed, current.order.number, 0, 0)
    }
  }
}

function isTyped(channel: object): channel is Float32Array | Float64Array {
  return channel instanceof Float32Array || channel instanceof Float64Array
}

function viewsOf({ buffer }: WebAssembly.Memory): AudioViews {
  return {
    f64: new Float64Array(buffer),
    f32: new Float32Array(buffer),
    i32: new Int32Array(buffer),
    bytes: new Uint8Array(buffer),
  }
}
