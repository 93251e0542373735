/**
 * Reading WAV: samples from bytes, without touching files.
 *
 * Comes in: a function that gives bytes at an offset. Goes out: the format and, piece by piece, samples in
 * -1 … 1. Reads RIFF and RF64, plain and EXTENSIBLE formats, 8 to 32 bits and both floats; other chunks are
 * skipped. A file that ends early is read as far as it goes, and says so.
 */

/** Bytes from an offset; fewer than asked for at the end of the file. */
export type ReadAt = (offset: number, bytes: number) => Uint8Array

export interface WavInfo {
  readonly channels: number
  readonly sampleRate: number
  /** Bytes a sample takes. */
  readonly sampleBytes: number
  readonly float: boolean
  /** Frames that are in the file. */
  readonly frames: number
  /** Frames that the header promises; more than `frames` when the file ends early. */
  readonly expectedFrames: number
  /** Where the samples start. */
  readonly dataOffset: number
}

export type WavResult =
  | { readonly ok: true; readonly info: WavInfo }
  | { readonly ok: false; readonly reason: string }

const UINT32_MAX = 0xffffffff
/** More chunks than any sensible file has before its samples. */
const MAX_CHUNKS = 10_000

interface Chunk {
  readonly id: string
  /** Of the content. */
  readonly offset: number
  readonly bytes: number
}

/** Finds format and samples. `fileBytes` is the length of the file. */
export function readWavInfo(readAt: ReadAt, fileBytes: number): WavResult {
  const start = readAt(0, 12)
  const form = text(start, 0)
  if ((form !== 'RIFF' && form !== 'RF64') || text(start, 8) !== 'WAVE') {
    return { ok: false, reason: 'it does not start with a RIFF/WAVE header' }
  }
  let format: Format | undefined
  let large: LargeSizes | undefined
  for (const chunk of chunksOf(readAt, fileBytes)) {
    if (chunk.id === 'ds64') large = readLargeSizes(readAt(chunk.offset, 16))
    else if (chunk.id === 'fmt ') format = readFormat(readAt(chunk.offset, Math.min(chunk.bytes, 40)))
    else if (chunk.id === 'data') return finish(format, chunk, large, fileBytes)
  }
  return {
    ok: false,
    reason: format ? 'it has no samples (no data chunk)' : 'it has no format (no fmt chunk)',
  }
}

function* chunksOf(readAt: ReadAt, fileBytes: number): Generator<Chunk> {
  let at = 12
  for (let n = 0; n < MAX_CHUNKS && at + 8 <= fileBytes; n++) {
    const head = readAt(at, 8)
    if (head.length < 8) return
    const bytes = viewOf(head).getUint32(4, true)
    yield { id: text(head, 0), offset: at + 8, bytes }
    at += 8 + bytes + (bytes % 2)
  }
}

interface LargeSizes {
  readonly dataBytes: number
}

function readLargeSizes(content: Uint8Array): LargeSizes | undefined {
  if (content.length < 16) return undefined
  return { dataBytes: Number(viewOf(content).getBigUint64(8, true)) }
}

interface Format {
  readonly tag: number
  readonly channels: number
  readonly sampleRate: number
  readonly frameBytes: number
  readonly bits: number
}

function readFormat(content: Uint8Array): Format | undefined {
  if (content.length < 16) return undefined
  const view = viewOf(content)
  const written = view.getUint16(0, true)
  const extensible = written === 0xfffe && content.length >= 26
  return {
    tag: extensible ? view.getUint16(24, true) : written,
    channels: view.getUint16(2, true),
    sampleRate: view.getUint32(4, true),
    frameBytes: view.getUint16(12, true),
    bits: view.getUint16(14, true),
  }
}

function finish(
  format: Format | undefined,
  data: Chunk,
  large: LargeSizes | undefined,
  fileBytes: number,
): WavResult {
  if (!format) return { ok: false, reason: 'its format (fmt chunk) is missing or too short' }
  const { tag, channels, sampleRate, frameBytes, bits } = format
  if (channels === 0 || sampleRate === 0) return { ok: false, reason: 'it has no channels or no sample rate' }
  const sampleBytes = frameBytes / channels
  const float = tag === 3
  const whole = tag === 1
  const known = (whole && [1, 2, 3, 4].includes(sampleBytes)) || (float && [4, 8].includes(sampleBytes))
  if (!known) return { ok: false, reason: `format ${tag} with ${bits} bits is not supported` }

  const present = Math.max(0, fileBytes - data.offset)
  // 0xffffffff without a ds64 chunk is a stream of unknown length: take what is there.
  const promised = data.bytes === UINT32_MAX ? (large?.dataBytes ?? present) : data.bytes
  const expectedFrames = Math.floor(promised / frameBytes)
  const frames = Math.min(expectedFrames, Math.floor(present / frameBytes))
  const info = { channels, sampleRate, sampleBytes, float, frames, expectedFrames, dataOffset: data.offset }
  return { ok: true, info }
}

/** Decodes interleaved frames into one array a channel, from their start. Returns how many frames. */
export function decodeFrames(
  info: WavInfo,
  bytes: Uint8Array,
  into: readonly { [n: number]: number }[],
): number {
  const { channels, sampleBytes } = info
  const frames = Math.floor(bytes.length / (channels * sampleBytes))
  const load = loadFunction(info, viewOf(bytes))
  for (let c = 0; c < Math.min(channels, into.length); c++) {
    const channel = into[c]!
    for (let n = 0; n < frames; n++) channel[n] = load((n * channels + c) * sampleBytes)
  }
  return frames
}

function loadFunction({ float, sampleBytes }: WavInfo, view: DataView): (at: number) => number {
  if (float) {
    return sampleBytes === 4 ? at => view.getFloat32(at, true) : at => view.getFloat64(at, true)
  }
  switch (sampleBytes) {
    case 1: // 8-bit samples are unsigned, with 128 as silence.
      return at => (view.getUint8(at) - 128) / 0x80
    case 2:
      return at => view.getInt16(at, true) / 0x8000
    case 3:
      return at => (view.getUint16(at, true) + view.getInt8(at + 2) * 0x10000) / 0x800000
    default:
      return at => view.getInt32(at, true) / 0x80000000
  }
}

/** Reads a whole file from memory. */
export function decodeWav(
  file: Uint8Array,
): { ok: true; info: WavInfo; channels: Float64Array[] } | { ok: false; reason: string } {
  const result = readWavInfo((offset, bytes) => file.subarray(offset, offset + bytes), file.length)
  if (!result.ok) return result
  const { info } = result
  const channels = Array.from({ length: info.channels }, () => new Float64Array(info.frames))
  const end = info.dataOffset + info.frames * info.channels * info.sampleBytes
  decodeFrames(info, file.subarray(info.dataOffset, end), channels)
  return { ok: true, info, channels }
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

function text(bytes: Uint8Array, at: number): string {
  return String.fromCharCode(...bytes.subarray(at, at + 4))
}
