/**
 * Output `speaker`: the sound card, through the optional package of that name.
 *
 * Comes in: interleaved floats. Goes out: the same to the device, or 16-bit numbers where it takes no floats
 * (Windows). Importing the package opens the default device, and ends the process with SIGABRT where there is none;
 * so this is loaded only inside the audio host, and the front end knows what that signal means.
 *
 * What the package demands: whole frames; one native write at a time; the first write as long as all that shall wait
 * in the device, or it runs empty at once; not to be closed while a write is under way; `end` drains, and holds up
 * this process meanwhile.
 */
import type { Writable } from 'node:stream'
import type { SpeakerStatics } from 'speaker'
import { bytesOf } from './descriptor.ts'
import {
  type Backend,
  MOST_WRITES,
  type Output,
  OutputError,
  type OutputFault,
  type StreamFormat,
} from './output.ts'

export const speakerBackend: Backend = async ({ device, failed }) => {
  const Speaker = await loadSpeaker()
  let stream: Writable | undefined
  let open = true
  const fail = (error: Error) => {
    if (open) failed(faultOf(error))
    open = false
  }
  let encode: (samples: Float32Array) => Uint8Array = bytesOf
  const output: Output = {
    leastChannels: 2,
    device: true,
    open: async format => {
      const depth = formatFor(Speaker, format)
      if (!depth.float) encode = wholeNumbers(format)
      const { channels, sampleRate, mostFrames } = format
      stream = new Speaker({
        channels,
        sampleRate,
        ...depth,
        signed: true,
        samplesPerFrame: mostFrames,
        device: device ?? null,
      })
      stream.on('error', fail)
    },
    write: (samples, done) => {
      if (!open) return
      stream!.write(encode(samples), error => {
        if (error) fail(error)
        else done()
      })
    },
    drain: () =>
      new Promise(resolve => {
        if (!open || !stream) return resolve()
        stream.once('close', () => resolve())
        stream.end()
      }),
    stop: () => {
      open = false
    },
  }
  return output
}

export async function loadSpeaker(): Promise<SpeakerStatics> {
  try {
    return (await import('speaker')).default
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (code === 'ERR_MODULE_NOT_FOUND') throw new OutputError({ name: 'speakerMissing' })
    if (message.includes('bindings file')) throw new OutputError({ name: 'speakerNotBuilt' })
    throw new OutputError({ name: 'outputFailed', output: 'speaker', reason: message.split('\n')[0]! })
  }
}

function formatFor(Speaker: SpeakerStatics, { channels, sampleRate }: StreamFormat) {
  const float = { bitDepth: 32, float: true }
  const ok = Speaker.isSupported({ channels, sampleRate, ...float, signed: true })
  return ok ? float : { bitDepth: 16, float: false }
}

function faultOf(error: Error): OutputFault {
  const { code, message } = error as NodeJS.ErrnoException
  if (code === 'ERR_OPEN') return { name: 'noSoundDevice', reason: message }
  return { name: 'outputFailed', output: 'speaker', reason: message }
}

/** q = round(x · 2^15), clamped. A buffer is used again when its write is done. */
function wholeNumbers({ channels, mostFrames }: StreamFormat): (samples: Float32Array) => Uint8Array {
  const buffers = Array.from({ length: MOST_WRITES }, () => new Int16Array(mostFrames * channels))
  let turn = 0
  return samples => {
    const buffer = buffers[turn++ % buffers.length]!
    for (let i = 0; i < samples.length; i++) {
      buffer[i] = Math.max(-32768, Math.min(32767, Math.round(samples[i]! * 32768)))
    }
    return new Uint8Array(buffer.buffer, 0, samples.length * 2)
  }
}
