/**
 * Output `stdout`: a WAV of 32-bit floats, so that `dspc … --play --backend stdout | aplay` needs no format.
 *
 * Its length is in the header when it is known; otherwise the header says 4 GiB, which readers of pipes take as
 * "until the end".
 */
import { reasonOf } from '../system-error.ts'
import { type WavFormat, wavHeader } from '../wav.ts'
import { bytesOf, descriptorWriter } from './descriptor.ts'
import type { Backend } from './output.ts'

const STANDARD_OUTPUT = 1
const UINT32_MAX = 0xffffffff

export const stdoutBackend: Backend = async ({ failed }) => {
  const writer = descriptorWriter(STANDARD_OUTPUT, error =>
    error.code === 'EPIPE'
      ? failed({ name: 'readerGone' })
      : failed({ name: 'outputUnwritable', file: 'standard output', reason: reasonOf(error) }),
  )
  return {
    leastChannels: 1,
    device: false,
    open: async ({ channels, sampleRate, frames }) =>
      writer.write(streamHeader({ samples: '32f', channels, sampleRate }, frames), () => {}),
    write: (samples, done) => writer.write(bytesOf(samples), done),
    drain: () => writer.flush(),
    stop: () => {},
  }
}

/** A header for a stream whose length may be unknown. */
export function streamHeader(format: WavFormat, frames: number | undefined): Uint8Array {
  if (frames !== undefined) return wavHeader(format, frames)
  const header = wavHeader(format, 0)
  const view = new DataView(header.buffer)
  view.setUint32(4, UINT32_MAX, true)
  view.setUint32(header.length - 4, UINT32_MAX, true)
  return header
}
