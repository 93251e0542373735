/**
 * A WAV file that goes into a program, read as it is needed.
 *
 * Comes in: a path, or `-`. Goes out: its format, and a function that fills input channels.
 */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { type Diagnostic, makeDiagnostic } from '../diagnostics.ts'
import type { Fill } from '../runtime/render.ts'
import { decodeFrames, type ReadAt, readWavInfo, type WavInfo } from '../runtime/wav-read.ts'
import { EXIT } from './exit-codes.ts'
import { Failure, fail, reasonOf } from './failure.ts'

export interface WavSource {
  readonly info: WavInfo
  /** Remarks about the file itself. */
  readonly diagnostics: readonly Diagnostic[]
  /** One channel goes to all inputs; otherwise the first to the first. Silence follows after the end. */
  readonly fill: Fill
  close(): void
}

export async function openWav(path: string): Promise<WavSource> {
  const { readAt, bytes, close } = path === '-' ? await readInput() : openFile(path)
  const result = readWavInfo(readAt, bytes)
  if (!result.ok) {
    close()
    return fail(EXIT.file, 'notWav', { file: path, reason: result.reason })
  }
  const { info } = result
  const { frames, expectedFrames } = info
  const truncated = { file: path, expected: expectedFrames, found: frames }
  const diagnostics = frames < expectedFrames ? [makeDiagnostic('wavTruncated', undefined, truncated)] : []
  return { info, diagnostics, fill: fillFromWav(info, readAt), close }
}

interface Bytes {
  readonly readAt: ReadAt
  readonly bytes: number
  readonly close: () => void
}

function openFile(path: string): Bytes {
  try {
    const descriptor = openSync(path, 'r')
    const status = fstatSync(descriptor)
    if (status.isDirectory())
      throw new Failure(EXIT.file, [makeDiagnostic('fileIsDirectory', undefined, { file: path })])
    const readAt: ReadAt = (offset, bytes) => {
      const buffer = new Uint8Array(bytes)
      return buffer.subarray(0, readSync(descriptor, buffer, 0, bytes, offset))
    }
    return { readAt, bytes: status.size, close: () => closeSync(descriptor) }
  } catch (error) {
    if (error instanceof Failure) throw error
    if ((error as NodeJS.ErrnoException).code === 'ENOENT')
      return fail(EXIT.file, 'fileNotFound', { file: path })
    return fail(EXIT.file, 'fileUnreadable', { file: path, reason: reasonOf(error) })
  }
}

async function readInput(): Promise<Bytes> {
  const chunks: Uint8Array[] = []
  for await (const chunk of process.stdin) chunks.push(chunk as Uint8Array)
  const all = Buffer.concat(chunks)
  return {
    readAt: (offset, bytes) => all.subarray(offset, offset + bytes),
    bytes: all.length,
    close: () => {},
  }
}

function fillFromWav(info: WavInfo, readAt: ReadAt): Fill {
  const frameBytes = info.channels * info.sampleBytes
  let at = 0
  return (inputs, frames) => {
    const wanted = Math.min(frames, info.frames - at)
    const bytes =
      wanted > 0 ? readAt(info.dataOffset + at * frameBytes, wanted * frameBytes) : new Uint8Array(0)
    const got = decodeFrames(info, bytes, inputs)
    at += got
    inputs.forEach((channel, i) => {
      if (i > 0 && info.channels === 1) channel.set(inputs[0]!.subarray(0, got))
      channel.fill(0, i < info.channels || info.channels === 1 ? got : 0, frames)
    })
  }
}
