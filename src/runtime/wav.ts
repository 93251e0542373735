/**
 * Writing WAV: bytes from samples, without touching files.
 *
 * Comes in: a format and blocks of samples. Goes out: a header of a length that depends only on how many frames
 * are planned, so that it can be written first and corrected at the end, and the bytes of each block.
 *
 * Layout: RIFF, fmt, fact unless plain PCM, data: the 44 bytes that every reader knows for 16 bits and up to two
 * channels. Files planned past 4 GiB are RF64 with a ds64 chunk in front (EBU Tech 3306), which stays as JUNK if
 * fewer frames come. WAVE_FORMAT_EXTENSIBLE for whole numbers above 16 bits and for more than 2 channels.
 */

/** Bits of a sample; `f` is IEEE floating point. */
export type SampleFormat = '16' | '24' | '32' | '32f' | '64f'

export const SAMPLE_FORMATS: readonly SampleFormat[] = ['16', '24', '32', '32f', '64f']

export interface WavFormat {
  readonly samples: SampleFormat
  /** 1 … 65535. */
  readonly channels: number
  /** In hertz, a whole number. */
  readonly sampleRate: number
}

const PCM = 1
const IEEE_FLOAT = 3
const EXTENSIBLE = 0xfffe
/** Bytes of a ds64 chunk without a table, and of the JUNK chunk that it turns into. */
const DS64_BYTES = 28
const UINT32_MAX = 0xffffffff

/** Tail of the GUIDs of format tags: xxxxxxxx-0000-0010-8000-00aa00389b71. */
const GUID_TAIL = [0x00, 0x00, 0x00, 0x00, 0x10, 0x00, 0x80, 0x00, 0x00, 0xaa, 0x00, 0x38, 0x9b, 0x71]

/** Speakers of 1, 2, 4, 6 (5.1) and 8 (7.1) channels; other numbers get none assigned. */
const SPEAKERS: Readonly<Record<number, number>> = { 1: 0x4, 2: 0x3, 4: 0x33, 6: 0x3f, 8: 0x63f }

export function bytesPerSample(samples: SampleFormat): number {
  return Number.parseInt(samples, 10) / 8
}

export function isFloat(samples: SampleFormat): boolean {
  return samples.endsWith('f')
}

/** Bytes of the data chunk's content, without its padding. */
export function dataBytes(format: WavFormat, frames: number): number {
  return frames * format.channels * bytesPerSample(format.samples)
}

/** Chunks have an even length: one 0 follows odd data. */
export function paddingBytes(format: WavFormat, frames: number): number {
  return dataBytes(format, frames) % 2
}

function isExtensible({ samples, channels }: WavFormat): boolean {
  return channels > 2 || (!isFloat(samples) && bytesPerSample(samples) > 2)
}

function formatChunkBytes(format: WavFormat): number {
  if (isExtensible(format)) return 40
  return isFloat(format.samples) ? 18 : 16
}

/** Everything before the first sample, for a file of `frames` frames when up to `planned` were expected. */
export function wavHeader(format: WavFormat, frames: number, planned = frames): Uint8Array {
  const data = dataBytes(format, frames)
  const riffBytes = (reserve: number) => reserve + plainHeaderBytes(format) - 8 + data + (data % 2)
  const plannedBytes = plainHeaderBytes(format) + dataBytes(format, Math.max(planned, frames)) + 1
  const reserved = plannedBytes > UINT32_MAX ? 8 + DS64_BYTES : 0
  const large = riffBytes(reserved) > UINT32_MAX

  const writer = new ChunkWriter()
  writer
    .text(large ? 'RF64' : 'RIFF')
    .u32(large ? UINT32_MAX : riffBytes(reserved))
    .text('WAVE')
  if (reserved > 0) {
    writer.text(large ? 'ds64' : 'JUNK').u32(DS64_BYTES)
    for (const value of [riffBytes(reserved), data, frames]) writer.u64(large ? value : 0)
    writer.u32(0)
  }
  writeFormat(writer, format)
  if (isFloat(format.samples)) writer.text('fact').u32(4).u32(Math.min(frames, UINT32_MAX))
  writer.text('data').u32(large ? UINT32_MAX : data)
  return writer.bytes()
}

function plainHeaderBytes(format: WavFormat): number {
  return 12 + 8 + formatChunkBytes(format) + (isFloat(format.samples) ? 12 : 0) + 8
}

function writeFormat(writer: ChunkWriter, format: WavFormat): void {
  const { samples, channels, sampleRate } = format
  const sampleBytes = bytesPerSample(samples)
  const tag = isFloat(samples) ? IEEE_FLOAT : PCM
  const extensible = isExtensible(format)
  const length = formatChunkBytes(format)
  writer.text('fmt ').u32(length)
  writer.u16(extensible ? EXTENSIBLE : tag).u16(channels)
  writer.u32(sampleRate).u32(sampleRate * channels * sampleBytes)
  writer.u16(channels * sampleBytes).u16(sampleBytes * 8)
  if (length > 16) writer.u16(length - 18)
  if (!extensible) return
  writer.u16(sampleBytes * 8).u32(SPEAKERS[channels] ?? 0)
  writer.u16(tag)
  for (const byte of GUID_TAIL) writer.u8(byte)
}

/** Little-endian fields one after another. */
class ChunkWriter {
  private readonly content: number[] = []

  u8(value: number): this {
    this.content.push(value & 0xff)
    return this
  }

  u16(value: number): this {
    return this.u8(value).u8(value >>> 8)
  }

  u32(value: number): this {
    return this.u16(value).u16(value >>> 16)
  }

  u64(value: number): this {
    return this.u32(value % 2 ** 32).u32(Math.floor(value / 2 ** 32))
  }

  text(fourCharacters: string): this {
    for (const character of fourCharacters) this.u8(character.charCodeAt(0))
    return this
  }

  bytes(): Uint8Array {
    return Uint8Array.from(this.content)
  }
}

/** What passed through an encoder. Peak and clipping are of the samples before rounding. */
export interface Levels {
  /** Largest absolute value; 1 is full scale. */
  peak: number
  /** Whole-number samples outside of -1 … 1, set to the nearest end. */
  clipped: number
  /** NaN and infinite samples, written as 0. */
  notFinite: number
  /** Where the first of them was. */
  firstNotFinite: { readonly frame: number; readonly channel: number } | undefined
  frames: number
}

export function newLevels(): Levels {
  return { peak: 0, clipped: 0, notFinite: 0, firstNotFinite: undefined, frames: 0 }
}

/** Encodes blocks into one buffer, which the next block overwrites. */
export interface SampleEncoder {
  readonly levels: Levels
  encode(channels: readonly ArrayLike<number>[], frames: number): Uint8Array
}

/**
 * Rounds to the nearest step, q = round(x · 2^(bits-1)), clamped; without dither, so that silence stays silence
 * and equal programs give equal files.
 */
export function sampleEncoder(format: WavFormat, blockSize: number): SampleEncoder {
  const { channels, samples } = format
  const sampleBytes = bytesPerSample(samples)
  const buffer = new Uint8Array(blockSize * channels * sampleBytes)
  const store = storeFunction(samples, new DataView(buffer.buffer))
  const levels = newLevels()
  const largest = samples === '32f' ? 3.4028234663852886e38 : Number.MAX_VALUE
  const clips = !isFloat(samples)

  const measure = (value: number, frame: number, channel: number): number => {
    const size = Math.abs(value)
    if (size <= levels.peak) return value
    if (!(size <= largest)) {
      levels.firstNotFinite ??= { frame: levels.frames + frame, channel }
      levels.notFinite++
      return 0
    }
    levels.peak = size
    return value
  }
  const encode = (source: readonly ArrayLike<number>[], frames: number): Uint8Array => {
    for (let c = 0; c < channels; c++) {
      const channel = source[c]!
      let at = c * sampleBytes
      for (let n = 0; n < frames; n++, at += channels * sampleBytes) {
        const value = measure(channel[n]!, n, c)
        if (clips && (value > 1 || value < -1)) levels.clipped++
        store(at, value)
      }
    }
    levels.frames += frames
    return buffer.subarray(0, frames * channels * sampleBytes)
  }
  return { levels, encode }
}

function storeFunction(samples: SampleFormat, view: DataView): (at: number, value: number) => void {
  switch (samples) {
    case '16':
      return (at, value) => view.setInt16(at, toWhole(value, 0x8000), true)
    case '24':
      return (at, value) => {
        const whole = toWhole(value, 0x800000)
        view.setInt16(at, whole & 0xffff, true)
        view.setInt8(at + 2, whole >> 16)
      }
    case '32':
      return (at, value) => view.setInt32(at, toWhole(value, 0x80000000), true)
    case '32f':
      return (at, value) => view.setFloat32(at, value, true)
    case '64f':
      return (at, value) => view.setFloat64(at, value, true)
  }
}

function toWhole(value: number, scale: number): number {
  return Math.max(-scale, Math.min(scale - 1, Math.round(value * scale)))
}

/** A whole file in memory. Non-finite samples are written as 0. */
export function encodeWav(
  channels: readonly ArrayLike<number>[],
  { samples, sampleRate }: Pick<WavFormat, 'samples' | 'sampleRate'>,
): Uint8Array {
  const frames = channels[0]?.length ?? 0
  const format: WavFormat = { samples, channels: channels.length, sampleRate }
  const header = wavHeader(format, frames)
  const file = new Uint8Array(header.length + dataBytes(format, frames) + paddingBytes(format, frames))
  file.set(header)
  file.set(sampleEncoder(format, Math.max(1, frames)).encode(channels, frames), header.length)
  return file
}
