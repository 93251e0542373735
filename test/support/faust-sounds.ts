/**
 * Recordings for modules of the official compiler.
 *
 * Comes in: the memory of an instance, its `soundfile` items, recordings by name. Goes out: the address behind what
 * was written. A zone of a sound points to four addresses: of a table of channels, of lengths, of rates, of offsets;
 * the parts of a channel stand one after another. What is missing is silence, as in our compiler.
 */
import type { LoadSound, Sound } from '../../src/compile.ts'

export interface SoundItem {
  readonly type: string
  readonly index: number
  /** `{-a.wav-;-b.wav-}`: quotes are dashes. */
  readonly url?: string
}

const CHANNELS = 64
const PARTS = 256
const SILENCE: Sound = { sampleRate: 44_100, channels: [new Float64Array(4096)] }

/** Bytes that the sounds of some items need. */
export function soundBytes(items: readonly SoundItem[], load: LoadSound): number {
  return items.reduce((sum, item) => {
    const frames = partsOf(item, load).reduce((total, part) => total + part.channels[0]!.length, 0)
    return sum + 16 + PARTS * 12 + CHANNELS * 8 * (1 + frames)
  }, 0)
}

/** Writes the sounds of an item at an address, and their place into its zone; gives the address behind them. */
export function placeSound(
  memory: WebAssembly.Memory,
  item: SoundItem,
  at: number,
  load: LoadSound,
  bytes: 4 | 8,
): number {
  const parts = partsOf(item, load)
  const [channels, lengths] = [at + 16, at + 16 + CHANNELS * 8]
  const [rates, offsets, samples] = [lengths + PARTS * 4, lengths + PARTS * 8, lengths + PARTS * 12]
  const ints = (address: number, length: number) => new Int32Array(memory.buffer, address, length)
  ints(item.index, 1)[0] = at
  ints(at, 4).set([channels, lengths, rates, offsets])
  let frames = 0
  parts.forEach((part, i) => {
    ints(lengths, PARTS)[i] = part.channels[0]!.length
    ints(rates, PARTS)[i] = part.sampleRate
    ints(offsets, PARTS)[i] = frames
    frames += part.channels[0]!.length
  })
  for (let channel = 0; channel < CHANNELS; channel++) {
    const address = samples + channel * frames * bytes
    // The table of channels has one entry a sample's size.
    ints(channels + channel * bytes, 1)[0] = address
    const view =
      bytes === 8
        ? new Float64Array(memory.buffer, address, frames)
        : new Float32Array(memory.buffer, address, frames)
    let frame = 0
    for (const part of parts) {
      view.set(part.channels[channel % part.channels.length]!, frame)
      frame += part.channels[0]!.length
    }
  }
  return samples + CHANNELS * frames * bytes
}

function partsOf({ url = '' }: SoundItem, load: LoadSound): Sound[] {
  const names = [...url.matchAll(/-([^-;]*)-/g)].map(match => match[1]!)
  return names.map(name => load(name) ?? SILENCE)
}
