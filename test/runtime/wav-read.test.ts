import { describe, expect, test } from 'vitest'
import { encodeWav } from '../../src/runtime/wav.ts'
import { decodeWav } from '../../src/runtime/wav-read.ts'
import fc from '../support/property.ts'

/** A file from chunks given as name and hex content. */
function riff(...chunks: [name: string, content: string][]): Uint8Array {
  const body = chunks.map(([name, content]) => {
    const bytes = Buffer.from(content, 'hex')
    const size = Buffer.alloc(4)
    size.writeUInt32LE(bytes.length)
    return Buffer.concat([Buffer.from(name, 'latin1'), size, bytes, Buffer.alloc(bytes.length % 2)])
  })
  const all = Buffer.concat([Buffer.from('WAVE'), ...body])
  const size = Buffer.alloc(4)
  size.writeUInt32LE(all.length)
  return Uint8Array.from(Buffer.concat([Buffer.from('RIFF'), size, all]))
}

/** A plain fmt chunk of one channel at 8000 Hz. */
function fmt(tag: number, bits: number, channels = 1): [string, string] {
  const bytes = Buffer.alloc(16)
  bytes.writeUInt16LE(tag, 0)
  bytes.writeUInt16LE(channels, 2)
  bytes.writeUInt32LE(8000, 4)
  bytes.writeUInt16LE((bits / 8) * channels, 12)
  bytes.writeUInt16LE(bits, 14)
  return ['fmt ', bytes.toString('hex')]
}

function samplesOf(file: Uint8Array): number[] {
  const result = decodeWav(file)
  if (!result.ok) throw new Error(result.reason)
  return [...result.channels[0]!]
}

describe('formats', () => {
  test.each([
    ['8-bit unsigned', fmt(1, 8), '00 80 ff c0', [-1, 0, 127 / 128, 0.5]],
    ['16-bit', fmt(1, 16), '0000 0080 0040 ff7f', [0, -1, 0.5, 32767 / 32768]],
    ['24-bit', fmt(1, 24), '000000 000080 000040 ffffff', [0, -1, 0.5, -1 / 2 ** 23]],
    ['32-bit', fmt(1, 32), '00000080 00000040', [-1, 0.5]],
    ['32-bit float', fmt(3, 32), '0000003f 00000040', [0.5, 2]],
    ['64-bit float', fmt(3, 64), '000000000000e0bf', [-0.5]],
  ] as const)('%s', (_, format, data, expected) => {
    expect(samplesOf(riff([...format], ['data', data.replaceAll(' ', '')]))).toEqual(expected)
  })

  test('extensible, with the format tag in its GUID', () => {
    const [, plain] = fmt(0xfffe, 16)
    const extension = '16001000000000000100000000001000800000aa00389b71'
    expect(samplesOf(riff(['fmt ', plain + extension], ['data', '0040']))).toEqual([0.5])
  })

  test('other chunks are skipped, also odd ones', () => {
    const file = riff(['LIST', '010203'], fmt(1, 16), ['cue ', 'ff'], ['data', '0040'], ['id3 ', '00'])
    expect(samplesOf(file)).toEqual([0.5])
  })

  test('an unknown length (0xffffffff) means to the end of the file', () => {
    const file = riff(fmt(1, 16), ['data', '00400040'])
    new DataView(file.buffer).setUint32(40, 0xffffffff, true)
    expect(samplesOf(file)).toEqual([0.5, 0.5])
  })
})

describe('broken files', () => {
  test.each([
    ['nothing', new Uint8Array(0), /RIFF/],
    ['text', new TextEncoder().encode('process = _; // a program'), /RIFF/],
    ['no format', riff(['data', '0000']), /format/],
    ['a short format', riff(['fmt ', '0100'], ['data', '0000']), /format/],
    ['no samples', riff(fmt(1, 16)), /no samples/],
    ['compressed samples', riff(fmt(2, 4), ['data', '0000']), /format 2 with 4 bits/],
    ['no channels', riff(fmt(1, 16, 0), ['data', '0000']), /no channels/],
    ['12-byte samples', riff(fmt(1, 96), ['data', '0000']), /96 bits/],
  ] as const)('%s', (_, file, reason) => {
    const result = decodeWav(file)
    expect(result.ok ? '' : result.reason).toMatch(reason)
  })

  test('one that ends early is read as far as it goes', () => {
    const file = encodeWav([[0.5, 0.25, -0.5, 1]], { samples: '16', sampleRate: 8000 })
    const result = decodeWav(file.subarray(0, file.length - 3))
    expect(result).toMatchObject({ ok: true, info: { frames: 2, expectedFrames: 4 } })
  })

  test('no bytes at all throw', () => {
    const whole = encodeWav(
      [
        [0.5, 0.25],
        [1, 0],
      ],
      { samples: '24', sampleRate: 8000 },
    )
    fc.assert(
      fc.property(fc.nat(whole.length), fc.array(fc.tuple(fc.nat(80), fc.nat(255))), (length, changes) => {
        const file = whole.slice(0, length)
        for (const [at, value] of changes) if (at < file.length) file[at] = value
        const result = decodeWav(file)
        if (result.ok) expect(result.info.frames).toBeLessThanOrEqual(length)
      }),
    )
  })
})
