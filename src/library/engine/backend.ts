/**
 * The audio side of an engine.
 *
 * Comes in: updates from the ring, input samples. Goes out: output samples, and word that updates are done. A module of
 * its own that needs no compiler, so that it is all that an audio thread loads. `process`, `processBlock` and
 * `processUpdates` neither allocate nor wait; what allocates, making instances, happens in `prepare`, which is called
 * when an order arrives and not when its turn comes. (The first block of a program or of another length makes a view
 * for each channel.)
 */
import type { Channels } from '../channels.ts'
import { DEFAULT_SAMPLE_RATE, type Views, viewsOf } from '../views.ts'
import { AudioFunction, type HostFunctions } from './audio-function.ts'
import { type FunctionOrder, RETURN, UPDATE } from './order.ts'
import { MESSAGE_WORDS, Ring } from './ring.ts'

/** All that another thread needs; send it with `postMessage(link, [link.port])`. */
export interface BackendLink {
  readonly memory: WebAssembly.Memory
  readonly updates: SharedArrayBuffer
  readonly returns: SharedArrayBuffer
  /** Brings orders; undefined in the engine's own thread. */
  readonly port?: MessagePort
}

export class CodeEngineBackend {
  /** sig1, sig2 and value of the last frame, in single precision; the same array every time. */
  readonly frame = new Float32Array(3)
  private readonly memory: WebAssembly.Memory
  private readonly updates: Ring
  private readonly returns: Ring
  private readonly prepared = new Map<number, AudioFunction>()
  private readonly message = new Int32Array(MESSAGE_WORDS)
  private views: Views
  private current: AudioFunction | undefined
  private sampleRate = DEFAULT_SAMPLE_RATE
  private toldFailure = false
  private readonly onSampleRate: (sampleRate: number) => void

  constructor(link: BackendLink, onSampleRate: (sampleRate: number) => void = () => {}) {
    this.memory = link.memory
    this.updates = new Ring(link.updates)
    this.returns = new Ring(link.returns)
    this.views = viewsOf(this.memory.buffer)
    this.onSampleRate = onSampleRate
    if (link.port) link.port.onmessage = event => this.prepare(event.data as FunctionOrder)
  }

  /** Makes what an order asks for; its turn comes with `processUpdates`. */
  prepare(order: FunctionOrder, host?: HostFunctions): void {
    this.prepared.set(order.number, new AudioFunction(order, this.memory, host))
    this.views = viewsOf(this.memory.buffer)
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
    if (this.memory.buffer !== this.views.bytes.buffer) this.views = viewsOf(this.memory.buffer)
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
    const { views } = this
    const { order, windows } = current
    for (let i = 0; i < order.passedThrough.length; i++) {
      views.f64.fill(0, order.passedThrough[i]!, order.passedThrough[i]! + count)
    }
    windows.copyIn(views, inputs, start, count)
    current.compute(count)
    windows.copyOut(views, outputs, start, count)
  }

  /** Once for each function: a node of TypeScript has thrown; its value was 0. */
  private tellFailure(current: AudioFunction): void {
    if (!this.toldFailure && current.hasFailed) {
      this.toldFailure = this.returns.push(RETURN.failed, current.order.number, 0, 0)
    }
  }
}
