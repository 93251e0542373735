import { WavDecoder } from '@grame/faustwasm/dist/esm/index.js'
import { describe, expect, test } from 'vitest'
import {
  encodeWav,
  SAMPLE_FORMATS,
  type SampleFormat,
  sampleEncoder,
  type WavFormat,
  wavHeader,
} from '../../src/runtime/wav.ts'
import { decodeWav, readWavInfo } from '../../src/runtime/wav-read.ts'
import fc from '../support/property.ts'

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex')
}

const NAMES = ['RIFF', 'RF64', 'WAVE', 'fmt ', 'fact', 'data', 'ds64', 'JUNK']

/** Hex digits, with names of chunks in letters. */
function bytes(...parts: string[]): string {
  return parts.map(p => (NAMES.includes(p) ? hex(Buffer.from(p, 'latin1')) : p)).join('')
}

function format(samples: SampleFormat, channels = 1, sampleRate = 48_000): WavFormat {
  return { samples, channels, sampleRate }
}

describe('headers, computed by hand', () => {
  test('16 bits, stereo: the plain 44 bytes', () => {
    // 10 frames · 4 bytes = 40 = 0x28; RIFF size 36 + 40 = 76 = 0x4c; 44100 = 0xac44; · 4 = 176400 = 0x2b110
    const expected = bytes(
      'RIFF',
      '4c000000',
      'WAVE',
      'fmt ',
      '10000000',
      '0100',
      '0200',
      '44ac0000',
      '10b10200',
    )
    const rest = bytes('0400', '1000', 'data', '28000000')
    expect(hex(wavHeader(format('16', 2, 44_100), 10))).toBe(expected + rest)
  })

  test('24 bits, mono: extensible, with padding counted by RIFF and not by data', () => {
    // 3 frames · 3 bytes = 9, padded 10; header 12 + 48 + 8 = 68; RIFF size 68 - 8 + 10 = 70 = 0x46
    const start = bytes(
      'RIFF',
      '46000000',
      'WAVE',
      'fmt ',
      '28000000',
      'feff',
      '0100',
      '80bb0000',
      '80320200',
    )
    const guid = '0100000000001000800000aa00389b71'
    const rest = bytes('0300', '1800', '1600', '1800', '04000000', guid, 'data', '09000000')
    expect(hex(wavHeader(format('24'), 3))).toBe(start + rest)
  })

  test('32-bit float, stereo: IEEE float with a fact chunk', () => {
    // 2 frames · 8 = 16; header 12 + 26 + 12 + 8 = 58; RIFF size 50 + 16 = 66 = 0x42; 48000 · 8 = 384000 = 0x5dc00
    const start = bytes(
      'RIFF',
      '42000000',
      'WAVE',
      'fmt ',
      '12000000',
      '0300',
      '0200',
      '80bb0000',
      '00dc0500',
    )
    const rest = bytes('0800', '2000', '0000', 'fact', '04000000', '02000000', 'data', '10000000')
    expect(hex(wavHeader(format('32f', 2), 2))).toBe(start + rest)
  })

  test.each([
    [1, 0x4],
    [2, 0x3],
    [4, 0x33],
    [6, 0x3f],
    [8, 0x63f],
    [3, 0],
    [64, 0],
  ])('%d channels name the speakers 0x%s', (channels, mask) => {
    const header = wavHeader(format('24', channels), 0)
    expect(new DataView(header.buffer).getUint32(40, true)).toBe(mask)
  })
})

describe('past 4 GiB', () => {
  const stereo = format('32f', 2)
  // 600 000 000 frames · 8 bytes = 4.8 GB, as facts about other writers were measured with.
  const frames = 600_000_000

  test('the file is RF64 and ds64 holds the sizes', () => {
    const header = wavHeader(stereo, frames)
    const view = new DataView(header.buffer)
    expect(hex(header.subarray(0, 20))).toBe(bytes('RF64', 'ffffffff', 'WAVE', 'ds64', '1c000000'))
    expect(view.getBigUint64(20, true)).toBe(BigInt(header.length - 8 + frames * 8))
    expect(view.getBigUint64(28, true)).toBe(BigInt(frames * 8))
    expect(view.getBigUint64(36, true)).toBe(BigInt(frames))
    expect(hex(header.subarray(-8))).toBe(bytes('data', 'ffffffff'))
  })

  test('a reader finds all frames', () => {
    const header = wavHeader(stereo, frames)
    const result = readWavInfo((at, n) => header.subarray(at, at + n), header.length + frames * 8)
    expect(result).toMatchObject({ ok: true, info: { frames, channels: 2, dataOffset: header.length } })
  })

  test('a planned giant that stays small keeps its length and becomes RIFF with JUNK', () => {
    const header = wavHeader(stereo, 5, frames)
    expect(header).toHaveLength(wavHeader(stereo, frames).length)
    expect(hex(header.subarray(0, 4))).toBe(bytes('RIFF'))
    expect(hex(header.subarray(12, 48))).toBe(`${bytes('JUNK', '1c000000')}${'00'.repeat(28)}`)
    expect(hex(header.subarray(-8))).toBe(bytes('data', '28000000'))
  })

  test('the border lies where the RIFF size no longer fits 32 bits', () => {
    const mono = format('16')
    // 36 bytes of header after the size, and 2 a frame.
    const last = Math.floor((2 ** 32 - 1 - 36 - 36) / 2)
    expect(hex(wavHeader(mono, last).subarray(0, 4))).toBe(bytes('RIFF'))
    expect(hex(wavHeader(mono, 2 ** 31).subarray(0, 4))).toBe(bytes('RF64'))
  })
})

describe('samples', () => {
  const encode = (samples: SampleFormat, values: number[]) =>
    hex(sampleEncoder(format(samples), 16).encode([values], values.length))

  test('16 bits round to the nearest step and are clamped', () => {
    expect(encode('16', [0, 1, -1, 0.5, -0.5, 2, -2])).toBe('0000ff7f0080004000c0ff7f0080')
    // 1.4 and 1.6 steps, both ways
    expect(encode('16', [1.4 / 32768, 1.6 / 32768, -1.4 / 32768, -1.6 / 32768])).toBe('01000200fffffeff')
  })

  test('24 and 32 bits', () => {
    expect(encode('24', [0.5, -1, 1, -1 / 2 ** 23])).toBe('000040000080ffff7fffffff')
    expect(encode('32', [0.5, -1, 1])).toBe('0000004000000080ffffff7f')
  })

  test('floats are not clamped', () => {
    expect(encode('32f', [2, -0.5])).toBe('00000040000000bf')
    expect(encode('64f', [-2])).toBe('00000000000000c0')
  })

  test('channels alternate', () => {
    const encoder = sampleEncoder(format('16', 2), 4)
    const block = encoder.encode(
      [
        [0, 0],
        [-1, 0.5],
      ],
      2,
    )
    expect(hex(block)).toBe('0000008000000040')
  })

  test('what is not finite becomes 0 and is counted, with the place of the first', () => {
    const encoder = sampleEncoder(format('32f', 2), 4)
    encoder.encode(
      [
        [0, 0],
        [0, 0.25],
      ],
      2,
    )
    const block = encoder.encode(
      [
        [0, Number.NaN],
        [Number.POSITIVE_INFINITY, -0.75],
      ],
      2,
    )
    expect(hex(block)).toBe(`${'00000000'.repeat(3)}000040bf`)
    expect(encoder.levels).toEqual({
      peak: 0.75,
      clipped: 0,
      notFinite: 2,
      firstNotFinite: { frame: 3, channel: 0 },
      frames: 4,
    })
  })

  test('a double too large for a 32-bit float counts as not finite', () => {
    const encoder = sampleEncoder(format('32f'), 1)
    expect(hex(encoder.encode([[1e300]], 1))).toBe('00000000')
    expect(encoder.levels.notFinite).toBe(1)
  })

  test('clipping starts above full scale', () => {
    const encoder = sampleEncoder(format('16'), 4)
    encoder.encode([[1, -1, 1.001, -1.001]], 4)
    expect(encoder.levels).toMatchObject({ clipped: 2, peak: 1.001 })
  })
})

const STEP: Readonly<Record<SampleFormat, number>> = {
  '16': 2 ** -15,
  '24': 2 ** -23,
  '32': 2 ** -31,
  '32f': 2 ** -24,
  '64f': 0,
}

describe('round trips', () => {
  const inside = fc.double({ min: -1, max: 1, noNaN: true })
  const block = fc
    .tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 0, max: 20 }))
    .chain(([channels, frames]) =>
      fc.array(fc.array(inside, { minLength: frames, maxLength: frames }), {
        minLength: channels,
        maxLength: channels,
      }),
    )

  test.each(SAMPLE_FORMATS)('%s: within one step, any channels and length', samples => {
    fc.assert(
      fc.property(block, channels => {
        const file = encodeWav(channels, { samples, sampleRate: 44_100 })
        expect(file.length % 2).toBe(0)
        expect(new DataView(file.buffer).getUint32(4, true)).toBe(file.length - 8)
        const read = decodeWav(file)
        if (!read.ok) throw new Error(read.reason)
        expect(read.info).toMatchObject({ channels: channels.length, sampleRate: 44_100 })
        channels.forEach((channel, c) => {
          expect(read.channels[c]).toHaveLength(channel.length)
          channel.forEach((value, n) => {
            expect(Math.abs(read.channels[c]![n]! - value)).toBeLessThanOrEqual(STEP[samples])
          })
        })
      }),
    )
  })

  test.each(['16', '32f'] as const)('%s: another reader agrees', samples => {
    const wave = Array.from({ length: 100 }, (_, n) => Math.sin(n / 7))
    const other = wave.map(x => -x / 2)
    const file = encodeWav([wave, other], { samples, sampleRate: 32_000 })
    const read = WavDecoder.decode(file.buffer as ArrayBuffer)
    expect(read).toMatchObject({ numberOfChannels: 2, length: 100, sampleRate: 32_000 })
    for (const [c, channel] of [wave, other].entries()) {
      for (const [n, value] of channel.entries()) expect(read.channelData[c]![n]).toBeCloseTo(value, 4)
    }
  })
})
