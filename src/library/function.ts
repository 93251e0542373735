/**
 * A compiled function: runs a sample or a block at a time, and hands its state on.
 *
 * Comes in: an image, in the context that it was compiled for. Goes out: samples. A module of its own because this is
 * what runs while sound is made: it allocates nothing but what a caller asks for.
 */
import { misuse } from '../core/misuse.ts'
import { debugText, nodeState, persistentVariable } from './access.ts'
import { Callbacks } from './callbacks.ts'
import { type Channels, ChannelWindows, checkChannels } from './channels.ts'
import type { DSPNodeContext, Reference } from './context.ts'
import { VALUE } from './declaration.ts'
import type { FunctionImage } from './image.ts'
import { copyCell, fillCell, isOfNode } from './places.ts'

interface Exports {
  readonly init: (sampleRate: number) => void
  readonly compute: (frames: number) => void
}

/** Functions that nobody has freed and nobody can reach any more. */
const forgotten = new FinalizationRegistry<FunctionImage>(releasePlaces)

export class DSPFunction {
  readonly context: DSPNodeContext
  readonly image: FunctionImage
  private readonly callbacks: Callbacks
  private readonly exports: Exports
  private readonly ir: string
  private isFreed = false
  private readonly inputs: readonly number[]
  private readonly outputs: readonly number[]
  private readonly parameters: readonly number[]
  private readonly value: number
  private readonly windows: ChannelWindows

  constructor(context: DSPNodeContext, image: FunctionImage) {
    this.context = context
    this.image = image
    this.callbacks = new Callbacks(context, image)
    this.ir = context.getIrDump()
    const imports = { host: { memory: context.memory.memory, ...this.callbacks.imports } }
    this.exports = new WebAssembly.Instance(image.module, imports).exports as unknown as Exports
    this.inputs = image.inputs.map(offset => offset / 8)
    this.outputs = image.outputs.map(offset => offset / 8)
    this.parameters = image.declaration.parameters.map(p => image.parameters.get(p.name)! / 8)
    const declared = image.declaration.inputs.length
    this.windows = new ChannelWindows(this.inputs.slice(0, declared), this.outputs)
    const value = image.declaration.outputs.lastIndexOf(VALUE)
    this.value = this.outputs[value < 0 ? this.outputs.length - 1 : value] ?? 0
    const { i32, f64 } = context.memory.views
    for (const [i, offset] of image.inputs.entries()) i32[image.inputPointers / 4 + i] = offset
    for (const [i, offset] of image.outputs.entries()) i32[image.outputPointers / 4 + i] = offset
    for (const [i, p] of image.declaration.parameters.entries()) f64[this.parameters[i]!] = p.default
    this.exports.init(context.sampleRate)
    forgotten.register(this, image, this)
  }

  /**
   * To be called before the first sample. With a previous function of the context, persistent variables and parameters
   * go on from it; without one they start with 0, and `$reset` is 1 in the first sample.
   */
  init(sampleRate: number, previous?: DSPFunction): void {
    this.checkUsable()
    this.checkRate(sampleRate)
    if (previous && previous.context !== this.context) throw misuse('wrongContext', {})
    previous?.checkUsable()
    if (previous) this.takeOver(previous)
    else this.raiseReset()
    this.applyUpdates()
    this.context.sampleRate = sampleRate
    this.exports.init(sampleRate)
    this.callbacks.reset(this.image.fresh)
  }

  private takeOver(previous: DSPFunction): void {
    if (previous === this) return
    const { f64 } = this.context.memory.views
    const { offset, names } = this.image.persistent
    const from = previous.image.persistent
    const count = Math.min(names.length, from.names.length)
    f64.copyWithin(offset / 8, from.offset / 8, from.offset / 8 + count)
    for (const [name, at] of this.image.parameters) {
      const before = previous.image.parameters.get(name)
      if (before !== undefined) f64[at / 8] = f64[before / 8]!
    }
  }

  private applyUpdates(): void {
    for (const update of this.image.updates) {
      if (update.kind === 'slot') {
        if (update.slot.length !== update.length) update.slot.move(update.place, update.length)
      } else if (!update.move.done) {
        copyCell(this.context.memory, update.move.from, update.move.to)
        update.move.done = true
        update.move.from.place.release()
        this.context.moves.delete(update.move)
      }
    }
  }

  private raiseReset(): void {
    const { resetFlag } = this.image
    if (resetFlag !== undefined) this.context.memory.views.f64[resetFlag / 8] = 1
  }

  /** State of its nodes and persistent variables start anew, and `$reset` is 1 in the next sample. */
  reset(): void {
    this.checkUsable()
    this.raiseReset()
    for (const cell of this.image.cells) {
      if (isOfNode(cell)) fillCell(this.context.memory, cell)
    }
    const { offset, names } = this.image.persistent
    this.context.memory.views.f64.fill(0, offset / 8, offset / 8 + names.length)
    this.callbacks.reset()
  }

  setSampleRate(sampleRate: number): void {
    this.checkUsable()
    this.checkRate(sampleRate)
    this.context.sampleRate = sampleRate
    this.exports.init(sampleRate)
    this.reset()
  }

  /**
   * One sample of a function of the preset form: its value. `signals` are &sig1 and &sig2, before and after.
   */
  exec(
    in1: number,
    in2: number,
    alpha: number,
    beta: number,
    delta: number,
    gamma: number,
    signals: { [index: number]: number },
  ): number {
    this.checkUsable()
    const { f64 } = this.context.memory.views
    const { inputs, outputs, parameters } = this
    f64[parameters[0]!] = alpha
    f64[parameters[1]!] = beta
    f64[parameters[2]!] = delta
    f64[parameters[3]!] = gamma
    f64[outputs[0]!] = signals[0]!
    f64[outputs[1]!] = signals[1]!
    f64[inputs[0]!] = in1
    f64[inputs[1]!] = in2
    this.exports.compute(1)
    this.throwFailure()
    // A callback may have grown the memory.
    const after = this.context.memory.views.f64
    signals[0] = after[outputs[0]!]!
    signals[1] = after[outputs[1]!]!
    return after[this.value]!
  }

  /** One sample of a function of the preset form, parameters and outputs from 0: [sig1, sig2, value]. */
  exec2in2out(
    in1: number,
    in2: number,
    result: [number, number, number] = [0, 0, 0],
  ): [number, number, number] {
    this.checkUsable()
    const { f64 } = this.context.memory.views
    const { inputs, outputs, parameters } = this
    for (let i = 0; i < parameters.length; i++) f64[parameters[i]!] = 0
    f64[outputs[0]!] = 0
    f64[outputs[1]!] = 0
    f64[inputs[0]!] = in1
    f64[inputs[1]!] = in2
    this.exports.compute(1)
    this.throwFailure()
    const after = this.context.memory.views.f64
    result[0] = after[outputs[0]!]!
    result[1] = after[outputs[1]!]!
    result[2] = after[this.value]!
    return result
  }

  /** One sample of any function; outputs are `VALUE` last in the preset form. Gives `outputs` back. */
  execFrame<T extends { [index: number]: number }>(inputs: ArrayLike<number>, outputs: T): T {
    this.checkUsable()
    const { f64 } = this.context.memory.views
    const declared = this.image.declaration.inputs.length
    for (const i of this.image.passedThrough) f64[this.outputs[i]!] = 0
    for (let i = 0; i < declared; i++) f64[this.inputs[i]!] = inputs[i] ?? 0
    this.exports.compute(1)
    this.throwFailure()
    const after = this.context.memory.views.f64
    for (let i = 0; i < this.outputs.length; i++) outputs[i] = after[this.outputs[i]!]!
    return outputs
  }

  /** `frames` samples. Missing inputs are silent, missing outputs are not written; one array may be both. */
  process(inputs: Channels, outputs: Channels, frames: number): void {
    this.checkUsable()
    checkChannels(inputs, 'an input', frames)
    checkChannels(outputs, 'an output', frames)
    const { blockFrames } = this.image
    for (let start = 0; start < frames; start += blockFrames) {
      this.processBlock(inputs, outputs, start, Math.min(blockFrames, frames - start))
    }
    this.throwFailure()
  }

  private processBlock(inputs: Channels, outputs: Channels, start: number, count: number): void {
    const { memory } = this.context
    const { passedThrough } = this.image
    for (let i = 0; i < passedThrough.length; i++) {
      const at = this.outputs[passedThrough[i]!]!
      memory.views.f64.fill(0, at, at + count)
    }
    this.windows.copyIn(memory.views, inputs, start, count)
    this.exports.compute(count)
    this.windows.copyOut(memory.views, outputs, start, count)
  }

  private throwFailure(): void {
    if (this.callbacks.failure !== undefined) throw this.callbacks.takeFailure()
  }

  parameter(name: string): number {
    return this.context.memory.views.f64[this.parameterIndex(name)]!
  }

  setParameter(name: string, value: number): void {
    this.context.memory.views.f64[this.parameterIndex(name)] = value
  }

  private parameterIndex(name: string): number {
    this.checkUsable()
    const offset = this.image.parameters.get(name)
    if (offset === undefined) throw misuse('parameterUnknown', { name })
    return offset / 8
  }

  /** By the index that the context gives for its name, or by name; undefined if the function has none. */
  accessPersistentVar(variable: number | string): Reference | undefined {
    return persistentVariable(this.context, this.image, variable)
  }

  hasDspNodeStateUid(id: number | string): boolean {
    return this.image.calls.some(call => call.id === String(id) && call.type.stateful)
  }

  /** Gives `use` the state of a node that this function uses: its variables, read and written by name. */
  withNodeState<T>(id: number | string, use: (state: Record<string, number>) => T): T {
    this.checkUsable()
    const state = nodeState(this.context, this.image, String(id))
    if (!state) throw misuse('nodeStateUnknown', { id: String(id) })
    return use(state)
  }

  /** AST and kernel, if debugging was on when it was compiled. */
  debugInfo(): string {
    return debugText(this.image, this.ir)
  }

  /** Gives its memory back, not the state of nodes. It cannot run afterwards. May be called again. */
  free(): void {
    if (this.isFreed) return
    this.isFreed = true
    forgotten.unregister(this)
    releasePlaces(this.image)
  }

  get freed(): boolean {
    return this.isFreed
  }

  private checkUsable(): void {
    if (this.isFreed || this.context.freed) throw misuse('contextFreed', {})
  }

  private checkRate(sampleRate: number): void {
    const highest = this.context.highestSampleRate
    if (!(sampleRate >= 1 && sampleRate <= highest)) {
      throw misuse('sampleRateInvalid', { given: String(sampleRate), highest })
    }
  }
}

function releasePlaces(image: FunctionImage): void {
  for (const place of image.places) place.release()
  for (const update of image.updates) if (update.kind === 'slot') update.place.release()
}
