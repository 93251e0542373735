/**
 * A recording that is played into the inputs, over and over.
 *
 * Comes in: a WAV file. Goes out: its frames, block by block, without end. Pieces of the file are read ahead, so a
 * block costs a copy; the file itself is never in memory as a whole.
 */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import type { Samples } from '../instance.ts'
import { decodeFrames, type ReadAt, readWavInfo, type WavInfo } from '../wav-read.ts'

export interface LoopedInput {
  readonly info: WavInfo
  /** Fills the channels; a recording with one channel goes to all, missing channels are silent. */
  fill(channels: readonly Samples[], frames: number): void
  /** The next frames without taking them. */
  peek(frames: number): Float32Array[]
  close(): void
}

/** Frames that are decoded at a time. */
const PIECE_FRAMES = 16_384

/** Throws an Error that says why it cannot be read. */
export function openLoop(path: string): LoopedInput {
  const descriptor = openSync(path, 'r')
  const readAt: ReadAt = (offset, bytes) => {
    const buffer = new Uint8Array(bytes)
    return buffer.subarray(0, readSync(descriptor, buffer, 0, bytes, offset))
  }
  const result = readWavInfo(readAt, fstatSync(descriptor).size)
  if (!result.ok || result.info.frames === 0) {
    closeSync(descriptor)
    throw new Error(result.ok ? 'it has no samples' : result.reason)
  }
  const { info } = result
  const piece = pieceReader(descriptor, info)
  let at = 0
  const fill = (channels: readonly Samples[], frames: number) => {
    for (let n = 0; n < frames; n++) {
      const local = piece.find(at)
      for (let c = 0; c < channels.length; c++) {
        const source = info.channels === 1 ? 0 : c
        channels[c]![n] = source < info.channels ? piece.channels[source]![local]! : 0
      }
      at = at + 1 === info.frames ? 0 : at + 1
    }
  }
  const peek = (frames: number) => {
    const channels = Array.from({ length: info.channels }, () => new Float32Array(frames))
    const before = at
    fill(channels, frames)
    at = before
    return channels
  }
  return { info, fill, peek, close: () => closeSync(descriptor) }
}

function pieceReader(descriptor: number, info: WavInfo) {
  const frameBytes = info.channels * info.sampleBytes
  const channels = Array.from({ length: info.channels }, () => new Float32Array(PIECE_FRAMES))
  const bytes = new Uint8Array(PIECE_FRAMES * frameBytes)
  let first = 0
  let count = 0
  /** Makes the piece hold this frame; returns where. */
  const find = (frame: number): number => {
    if (frame >= first && frame < first + count) return frame - first
    const wanted = Math.min(PIECE_FRAMES, info.frames - frame)
    const got = readSync(descriptor, bytes, 0, wanted * frameBytes, info.dataOffset + frame * frameBytes)
    bytes.fill(0, got, wanted * frameBytes)
    decodeFrames(info, bytes.subarray(0, wanted * frameBytes), channels)
    first = frame
    count = wanted
    return 0
  }
  return { channels, find }
}
