/**
 * A WAV file being written, block by block, to a file or to stdout.
 *
 * Comes in: blocks of channels. Goes out: a finished file. The header goes first, for the planned number of
 * frames; if fewer come and the file can be rewound, it is corrected at the end.
 */
import type { Samples } from '../runtime/instance.ts'
import { type Levels, paddingBytes, sampleEncoder, type WavFormat, wavHeader } from '../runtime/wav.ts'
import { writeData } from './terminal.ts'
import { createFile } from './write-file.ts'

export interface WavSink {
  readonly levels: Levels
  write(channels: readonly Samples[], frames: number): void | Promise<void>
  /** Completes the file with the frames written so far. */
  finish(): void | Promise<void>
  discard(): void
}

/** Bytes gathered before they are written, so that small blocks do not cost a system call each. */
const GATHER_BYTES = 1 << 18

export function wavSink(path: string, format: WavFormat, planned: number, blockSize: number): WavSink {
  return path === '-' ? stdoutSink(format, planned, blockSize) : fileSink(path, format, planned, blockSize)
}

function fileSink(path: string, format: WavFormat, planned: number, blockSize: number): WavSink {
  const file = createFile(path)
  const encoder = sampleEncoder(format, blockSize)
  const gathered = new Uint8Array(GATHER_BYTES)
  let length = 0
  const flush = () => {
    if (length > 0) file.write(gathered.subarray(0, length))
    length = 0
  }
  const push = (bytes: Uint8Array) => {
    if (length + bytes.length > gathered.length) flush()
    if (bytes.length > gathered.length) return file.write(bytes)
    gathered.set(bytes, length)
    length += bytes.length
  }
  push(wavHeader(format, planned))
  return {
    levels: encoder.levels,
    write: (channels, frames) => push(encoder.encode(channels, frames)),
    finish: () => {
      const { frames } = encoder.levels
      push(new Uint8Array(paddingBytes(format, frames)))
      flush()
      if (frames !== planned && file.seekable) file.write(wavHeader(format, frames, planned), 0)
      file.finish()
    },
    discard: file.discard,
  }
}

/** A pipe cannot be rewound: a header once sent stays, also when the run is interrupted. */
function stdoutSink(format: WavFormat, planned: number, blockSize: number): WavSink {
  const encoder = sampleEncoder(format, blockSize)
  let started = false
  return {
    levels: encoder.levels,
    write: async (channels, frames) => {
      if (!started) await writeData(wavHeader(format, planned))
      started = true
      await writeData(encoder.encode(channels, frames))
    },
    finish: async () => {
      await writeData(new Uint8Array(paddingBytes(format, encoder.levels.frames)))
    },
    discard: () => {},
  }
}
