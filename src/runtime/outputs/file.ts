/**
 * Output `file:PATH`: what is heard, in real time, into a file. A name that ends in `.wav` gives a WAV file, complete
 * or absent; any other name gets bare samples (32-bit floats, interleaved), also a named pipe.
 */
import { closeSync, open as openFile } from 'node:fs'
import { promisify } from 'node:util'
import { recordWav, type WavRecorder } from '../recorder.ts'
import { reasonOf } from '../system-error.ts'
import { bytesOf, type DescriptorWriter, descriptorWriter } from './descriptor.ts'
import { type Backend, OutputError, type OutputFault } from './output.ts'

const unwritable = (file: string, error: unknown): OutputFault => ({
  name: 'outputUnwritable',
  file,
  reason: reasonOf(error),
})

export function fileBackend(path: string): Backend {
  return /\.wav$/i.test(path) ? wavBackend(path) : rawBackend(path)
}

function wavBackend(path: string): Backend {
  return async ({ failed }) => {
    let recorder: WavRecorder | undefined
    return {
      leastChannels: 1,
      device: false,
      open: async ({ channels, sampleRate, mostFrames }) => {
        try {
          recorder = recordWav(path, { channels, sampleRate, mostFrames }, error =>
            failed(unwritable(path, error)),
          )
        } catch (error) {
          throw new OutputError(unwritable(path, error))
        }
      },
      write: (samples, done) => {
        recorder!.write(samples)
        done()
      },
      drain: () => recorder!.finish(),
      stop: () => recorder?.discard(),
    }
  }
}

function rawBackend(path: string): Backend {
  return async ({ failed }) => {
    let writer: DescriptorWriter | undefined
    let descriptor: number | undefined
    const close = () => {
      if (descriptor !== undefined) closeSync(descriptor)
      descriptor = undefined
    }
    return {
      leastChannels: 1,
      device: false,
      open: async () => {
        try {
          descriptor = await promisify(openFile)(path, 'w')
        } catch (error) {
          throw new OutputError(unwritable(path, error))
        }
        writer = descriptorWriter(descriptor, error =>
          failed(error.code === 'EPIPE' ? { name: 'readerGone' } : unwritable(path, error)),
        )
      },
      write: (samples, done) => writer!.write(bytesOf(samples), done),
      drain: async () => {
        await writer?.flush()
        close()
      },
      stop: close,
    }
  }
}
