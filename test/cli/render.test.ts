/**
 * Rendering from the command line: what is in the files, what is said, and what happens when it goes wrong.
 */
import { existsSync, readdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { encodeWav } from '../../src/runtime/wav.ts'
import { decodeWav } from '../../src/runtime/wav-read.ts'
import { dspc, dspcHere, inFolder, readWav } from './support.ts'

/** Counts frames from 0; times k. */
const RAMP = (k: number) => `process = (1 : + ~ _) - 1 : *(${k});`

describe('the file', () => {
  test.each([
    ['2s', [], 96_000, 48_000],
    ['500ms', [], 24_000, 48_000],
    ['0.01min', ['--rate', '1000'], 600, 1000],
    ['1234smp', ['--rate', '44100'], 1234, 44_100],
  ])('--duration %s', async (duration, more, frames, sampleRate) => {
    await inFolder({}, async cwd => {
      const args = ['-e', 'process = 0.5, -0.5;', '-o', 'a.wav', '--duration', duration, ...more]
      expect(await dspc(args, { cwd })).toMatchObject({ code: 0, stdout: '' })
      const { info, channels } = readWav(join(cwd, 'a.wav'))
      expect(info).toMatchObject({ frames, sampleRate, channels: 2, sampleBytes: 2, float: false })
      expect(channels.map(c => [c[0], c.at(-1)])).toEqual([
        [0.5, 0.5],
        [-0.5, -0.5],
      ])
    })
  })

  test('is 5 seconds long unless told, and that is said', async () => {
    await inFolder({}, async cwd => {
      const { stderr } = await dspcHere(['-e', 'process = 0.5;', '-o', 'a.wav'], { cwd })
      expect(readWav(join(cwd, 'a.wav')).info).toMatchObject({ frames: 240_000, sampleRate: 48_000 })
      expect(stderr).toMatch(
        /^wrote a\.wav: 1 channel, 48000 Hz, 16 bit, 5\.000 s \(the default.*peak -6\.0 dBFS/,
      )
    })
  })

  test.each([
    ['24', 3, false],
    ['32', 4, false],
    ['32f', 4, true],
    ['64f', 8, true],
  ])('--bits %s', async (bits, sampleBytes, float) => {
    await inFolder({}, async cwd => {
      const args = ['-e', RAMP(0.001), '-o', 'a.wav', '--bits', bits, '--duration', '500smp', '--block', '7']
      expect(await dspcHere(args, { cwd })).toMatchObject({ code: 0 })
      const { info, channels } = readWav(join(cwd, 'a.wav'))
      expect(info).toMatchObject({ sampleBytes, float, frames: 500 })
      channels[0]!.forEach((value, n) => {
        expect(value).toBeCloseTo(n * 0.001, 6)
      })
    })
  })

  test('goes to stdout with -o -, the talk to stderr', async () => {
    const { code, bytes, stderr } = await dspc(['-e', RAMP(0.01), '-o', '-', '--duration', '50smp'])
    expect(code).toBe(0)
    expect(stderr).toContain('wrote WAV to stdout')
    const read = decodeWav(bytes)
    expect(read).toMatchObject({ ok: true, info: { frames: 50, expectedFrames: 50 } })
  })

  test('odd lengths are padded on stdout too', async () => {
    const { bytes } = await dspcHere(['-e', 'process = 1;', '-o', '-', '--duration', '3smp', '--bits', '24'])
    expect(bytes.length % 2).toBe(0)
    expect(bytes.readUInt32LE(4)).toBe(bytes.length - 8)
  })

  test('replaces a file, through a link, and leaves nothing else behind', async () => {
    await inFolder({ 'real.wav': 'old' }, async cwd => {
      symlinkSync('real.wav', join(cwd, 'link.wav'))
      const args = ['-e', 'process = 1;', '-o', 'link.wav', '--duration', '3smp']
      expect(await dspcHere(args, { cwd })).toMatchObject({ code: 0 })
      expect(readWav(join(cwd, 'real.wav')).info.frames).toBe(3)
      expect(readdirSync(cwd).sort()).toEqual(['link.wav', 'real.wav'])
    })
  })

  test('devices are written to, not replaced', async () => {
    const { code } = await dspcHere(['-e', 'process = 1;', '-o', '/dev/null', '--duration', '3smp'])
    expect(code).toBe(0)
    expect(existsSync('/dev/null')).toBe(true)
  })
})

describe('controls', () => {
  const CODE = 'process = hslider("v", 0.25, 0, 1, 0.01), hslider("w", 0.125, 0, 1, 0.01);'
  const first = async (cwd: string, settings: string[]) => {
    const sets = settings.flatMap(s => ['--set', s])
    const ran = await dspcHere(['-e', CODE, '-o', 'a.wav', '--duration', '2smp', ...sets], { cwd })
    const values = ran.code === 0 ? readWav(join(cwd, 'a.wav')).channels.map(c => c[0]) : undefined
    return { ...ran, values }
  }

  test('--set, repeated', async () => {
    await inFolder({}, async cwd => {
      expect((await first(cwd, [])).values).toEqual([0.25, 0.125])
      expect((await first(cwd, ['/code/v=0.5', '/code/w=5e-1', '/code/v=.75'])).values).toEqual([0.75, 0.5])
    })
  })

  test('values outside the range are moved, with a warning', async () => {
    await inFolder({}, async cwd => {
      const { values, stderr } = await first(cwd, ['/code/v=-3'])
      expect(values).toEqual([0, 0.125])
      expect(stderr).toContain('warning[DSP0704]')
    })
  })

  test('unknown ones are errors of usage, all of them shown', async () => {
    await inFolder({}, async cwd => {
      const { code, stderr } = await first(cwd, ['/code/vv=1', '/other=1'])
      expect(code).toBe(2)
      expect(stderr).toContain('did you mean `/code/v`?')
      expect(stderr.match(/error\[DSP0701\]/g)).toHaveLength(2)
      expect(readdirSync(cwd)).toEqual([])
    })
  })
})

describe('input', () => {
  const wave = [0.5, -0.25, 0.125, -1, 0.75]
  const files = {
    'mono.wav': encodeWav([wave], { samples: '24', sampleRate: 8000 }),
    'stereo.wav': encodeWav([wave, wave.map(x => x / 2)], { samples: '32f', sampleRate: 8000 }),
    'short.wav': encodeWav([wave], { samples: '16', sampleRate: 8000 }).subarray(0, 44 + 7),
    'text.wav': 'process = _;',
  }
  const run = async (cwd: string, code: string, args: string[]) => {
    const ran = await dspcHere(['-e', code, '-o', 'out.wav', '--bits', '64f', ...args], { cwd })
    const out = ran.code === 0 ? readWav(join(cwd, 'out.wav')) : undefined
    return { ...ran, info: out?.info, channels: out?.channels.map(c => [...c]) }
  }

  test('gives length and rate', async () => {
    await inFolder(files, async cwd => {
      const { info, channels, stderr } = await run(cwd, 'process = *(2);', ['--in', 'mono.wav'])
      expect(info).toMatchObject({ sampleRate: 8000, frames: 5 })
      expect(channels).toEqual([wave.map(x => x * 2)])
      expect(stderr).not.toContain('warning')
    })
  })

  test('one channel goes to all inputs; blocks join without a seam', async () => {
    await inFolder(files, async cwd => {
      const { channels } = await run(cwd, 'process = _, _;', ['--in', 'mono.wav', '--block', '2'])
      expect(channels).toEqual([wave, wave])
    })
  })

  test('silence follows after the end', async () => {
    await inFolder(files, async cwd => {
      const { channels } = await run(cwd, 'process = _, _;', ['--in', 'stereo.wav', '--duration', '7smp'])
      expect(channels).toEqual([
        [...wave, 0, 0],
        [...wave.map(x => x / 2), 0, 0],
      ])
    })
  })

  test('what does not fit is said', async () => {
    await inFolder(files, async cwd => {
      const three = await run(cwd, 'process = _, _, _;', ['--in', 'stereo.wav'])
      expect(three.stderr).toContain('warning[DSP0709]')
      expect(three.channels![2]).toEqual([0, 0, 0, 0, 0])
      const rate = await run(cwd, 'process = _;', ['--in', 'mono.wav', '--rate', '44100'])
      expect(rate.stderr).toContain('warning[DSP0710]')
      expect(rate.info).toMatchObject({ sampleRate: 44_100, frames: 5 })
      const short = await run(cwd, 'process = _;', ['--in', 'short.wav'])
      expect(short.stderr).toContain('warning[DSP0809]')
      expect(short.channels).toEqual([wave.slice(0, 3)])
      const none = await run(cwd, 'process = _;', ['--duration', '3smp'])
      expect(none.stderr).toContain('warning[DSP0708]')
    })
  })

  test('standard input', async () => {
    await inFolder({}, async cwd => {
      const args = ['-e', 'process = _;', '-o', 'out.wav', '--in', '-']
      expect(await dspc(args, { cwd, input: files['mono.wav'] })).toMatchObject({ code: 0 })
      expect([...readWav(join(cwd, 'out.wav')).channels[0]!].map(x => Math.round(x * 8) / 8)).toEqual(
        wave.map(x => Math.min(x, 1)),
      )
    })
  })

  test('a file can be replaced by what becomes of it', async () => {
    await inFolder(files, async cwd => {
      const args = ['-e', 'process = *(0.5);', '--in', 'mono.wav', '-o', 'mono.wav', '--bits', '64f']
      expect(await dspcHere(args, { cwd })).toMatchObject({ code: 0 })
      expect([...readWav(join(cwd, 'mono.wav')).channels[0]!]).toEqual(wave.map(x => x / 2))
    })
  })

  test.each([
    ['missing.wav', 'DSP0801'],
    ['text.wav', 'DSP0808'],
    ['.', 'DSP0802'],
  ])('%s is refused', async (name, code) => {
    await inFolder(files, async cwd => {
      const ran = await run(cwd, 'process = _;', ['--in', name])
      expect(ran.code).toBe(3)
      expect(ran.stderr).toContain(`error[${code}]`)
      expect(existsSync(join(cwd, 'out.wav'))).toBe(false)
    })
  })
})

describe('optimisation', () => {
  const SUM = 'process = par(i, 12, sin(i + 1) * (1 : + ~ _)) :> _;'
  const renderSum = async (cwd: string, ...more: string[]) => {
    const args = ['-e', SUM, '--single', '-o', 'a.wav', '--bits', '32f', '--duration', '64smp', ...more]
    expect(await dspc(args, { cwd })).toMatchObject({ code: 0 })
    return readWav(join(cwd, 'a.wav')).channels[0]!
  }

  test('--no-opt leaves out what it names, and changes no sample; --fast-math changes no more than rounding', async () => {
    await inFolder({}, async cwd => {
      const usual = await renderSum(cwd)
      expect(await renderSum(cwd, '--no-opt=fission,pairs,value-numbering')).toEqual(usual)
      const fast = await renderSum(cwd, '--fast-math')
      expect(fast).not.toEqual(usual)
      for (const [i, x] of usual.entries()) expect(Math.abs(fast[i]! - x)).toBeLessThan(1e-4)
    })
  })

  test('--no-opt and --fast-math are seen in the module', async () => {
    const emit = async (...more: string[]) => (await dspc(['-e', SUM, '--emit=kernel', ...more])).stdout
    const usual = await emit()
    expect(await emit('--no-opt=pairs,fission')).not.toBe(usual)
    expect(await emit('--fast-math')).not.toBe(usual)
  })
})
