/**
 * A WAV file that grows while one listens.
 *
 * Comes in: interleaved samples, in real time. Goes out: a WAV file of 32-bit floats, complete or absent: it grows
 * under another name beside the target and takes the target's name at the end. Writes run beside the render loop;
 * what is heard waits for no disk. (The samples are stored as they are in memory: all machines that Node runs on and
 * that play sound keep the low byte first, as WAV does.)
 */
import { closeSync, openSync, realpathSync, renameSync, statSync, unlinkSync, writeSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { bytesOf, descriptorWriter } from './outputs/descriptor.ts'
import { type WavFormat, wavHeader } from './wav.ts'

export interface RecordFormat {
  readonly channels: number
  readonly sampleRate: number
  /** Most frames of one write. */
  readonly mostFrames: number
}

export interface WavRecorder {
  readonly path: string
  /** Takes a copy. */
  write(samples: Float32Array): void
  /** Completes the file. Rejects when that is not possible; the file is absent then. */
  finish(): Promise<void>
  discard(): void
}

const GATHER_BYTES = 1 << 16
/** A disk that lags behind by more than this is too slow: 16 MiB, 45 s of stereo at 48 kHz. */
const MOST_BUFFERS = 256
/** Leaves room in the header for sizes above 4 GiB. */
const PLANNED_FRAMES = 2 ** 33

/** Name of the file while it grows. */
export function partialName(target: string, process: number): string {
  return join(dirname(target), `.${basename(target)}.${process}.part`)
}

/** Throws what the file system throws when the file cannot be created. */
export function recordWav(path: string, format: RecordFormat, failed: (error: Error) => void): WavRecorder {
  const target = resolveLink(path)
  if (statSync(target, { throwIfNoEntry: false })?.isDirectory())
    throw Object.assign(new Error('is a directory'), { code: 'EISDIR' })
  const temporary = partialName(target, process.pid)
  const descriptor = openSync(temporary, 'w')
  const wav: WavFormat = { samples: '32f', channels: format.channels, sampleRate: format.sampleRate }
  let bytes = 0
  let fault: Error | undefined
  let open = true
  const fail = (error: Error) => {
    if (fault) return
    fault = error
    failed(error)
  }
  const sink = gather(descriptor, format, fail)
  writeSync(descriptor, wavHeader(wav, 0, PLANNED_FRAMES))

  const discard = () => {
    if (!open) return
    open = false
    closeSync(descriptor)
    unlinkSync(temporary)
  }
  const finish = async () => {
    await sink.flush()
    if (fault) {
      discard()
      throw fault
    }
    if (!open) return
    const frames = bytes / (4 * format.channels)
    writeSync(descriptor, wavHeader(wav, frames, PLANNED_FRAMES), 0, undefined, 0)
    closeSync(descriptor)
    open = false
    renameSync(temporary, target)
  }
  return {
    path,
    write: samples => {
      if (!open || fault) return
      bytes += samples.byteLength
      sink.push(bytesOf(samples))
    },
    finish,
    discard,
  }
}

/** Collects small pieces into buffers that are written beside and used again. */
function gather(descriptor: number, { channels, mostFrames }: RecordFormat, fail: (error: Error) => void) {
  const size = Math.max(GATHER_BYTES, 4 * channels * mostFrames)
  const writer = descriptorWriter(descriptor, fail)
  const free: Uint8Array[] = [new Uint8Array(size), new Uint8Array(size)]
  let made = free.length
  let current = free.pop()!
  let length = 0
  const hand = () => {
    const buffer = current
    writer.write(buffer.subarray(0, length), () => free.push(buffer))
    length = 0
    const next = free.pop()
    if (!next && made >= MOST_BUFFERS) fail(new Error('the disk is too slow'))
    if (!next) made++
    current = next ?? new Uint8Array(size)
  }
  return {
    push: (bytes: Uint8Array) => {
      if (length + bytes.length > size) hand()
      current.set(bytes, length)
      length += bytes.length
    },
    flush: () => {
      if (length > 0) hand()
      return writer.flush()
    },
  }
}

/** A link stays a link: what it points to is replaced. */
function resolveLink(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    return path
  }
}
