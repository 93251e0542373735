/**
 * Copies blocks between a host's channels and the program's.
 *
 * Comes in: channels of a host, in any kind of array. Goes out: samples in the other place. A module of its own because
 * copying costs more than most programs compute: whole typed arrays go in one piece, and views are made only when the
 * length of blocks or the memory changes.
 */
import { misuse } from '../core/misuse.ts'
import type { Views } from './views.ts'

export type Channels = readonly { readonly length: number; [index: number]: number }[]

export class ChannelWindows {
  private readonly inputOffsets: readonly number[]
  private readonly outputOffsets: readonly number[]
  private views: Views | undefined
  private count = 0
  private inputs: readonly Float64Array[] = []
  private outputs: readonly Float64Array[] = []

  /** Indices into the view of doubles. */
  constructor(inputs: readonly number[], outputs: readonly number[]) {
    this.inputOffsets = inputs
    this.outputOffsets = outputs
  }

  /** Missing ones are silent. */
  copyIn(views: Views, channels: Channels, start: number, count: number): void {
    this.open(views, count)
    for (let i = 0; i < this.inputs.length; i++) {
      const window = this.inputs[i]!
      const channel = channels[i]
      if (!channel) window.fill(0)
      else if (start === 0 && channel.length === count) window.set(channel as ArrayLike<number>)
      else for (let k = 0; k < count; k++) window[k] = channel[start + k]!
    }
  }

  /** Channels past the program's are left alone. */
  copyOut(views: Views, channels: Channels, start: number, count: number): void {
    this.open(views, count)
    const used = Math.min(channels.length, this.outputs.length)
    for (let i = 0; i < used; i++) {
      const window = this.outputs[i]!
      const channel = channels[i]!
      if (start === 0 && channel.length === count && channel instanceof Float64Array) channel.set(window)
      else if (start === 0 && channel.length === count && channel instanceof Float32Array) channel.set(window)
      else for (let k = 0; k < count; k++) channel[start + k] = window[k]!
    }
  }

  private open(views: Views, count: number): void {
    if (views === this.views && count === this.count) return
    const windowAt = (at: number) => views.f64.subarray(at, at + count)
    this.views = views
    this.count = count
    this.inputs = this.inputOffsets.map(windowAt)
    this.outputs = this.outputOffsets.map(windowAt)
  }
}

/** Refuses blocks that are no whole number of frames, or longer than their channels. */
export function checkChannels(channels: Channels, which: string, frames: number): void {
  if (!(Number.isInteger(frames) && frames >= 0)) {
    throw misuse('frameCount', { given: String(frames), channel: 'a block' })
  }
  for (let i = 0; i < channels.length; i++) {
    if (channels[i]!.length < frames) throw misuse('frameCount', { given: String(frames), channel: which })
  }
}
