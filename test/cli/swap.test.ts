/** `dspc swap`: what it says, and the file it writes. */
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { dspc, dspcHere, inFolder, readWav } from './support.ts'

const TONE = 'tone = (+(0.0078125) : \\(x).(x - floor(x))) ~ _;'
const ECHO = 'echo = + ~ (@(24000) : *(0.5));'
const FILES = {
  'old.dsp': `${TONE} ${ECHO} process = tone : echo;`,
  'new.dsp': `${TONE} ${ECHO.replace('24000', '33600')} chorus = @(100); process = tone <: echo, chorus;`,
  'tone.dsp': `${TONE} process = tone;`,
  'louder.dsp': `${TONE} process = tone * 0.5;`,
  'broken.dsp': 'process = ;',
}
const swap = (args: readonly string[], files: Readonly<Record<string, string>> = FILES) =>
  inFolder(files, async cwd => ({ cwd, ...(await dspcHere(['swap', ...args], { cwd })) }))

describe('the report', () => {
  test('is a line that names things as the user wrote them', async () => {
    const { code, stdout, stderr } = await swap(['old.dsp', 'new.dsp'])
    expect(stdout).toBe('kept 1, resized 1 (echo: 0.5 s → 0.7 s), new 1 (chorus), dropped 0\n')
    expect([code, stderr]).toEqual([0, ''])
  })

  test('--explain lists every piece', async () => {
    const { stdout } = await swap(['old.dsp', 'new.dsp', '--explain'])
    const rows = stdout.split('\n').slice(1, -1)
    expect(rows.map(row => row.trim().split(/ {2,}/))).toEqual([
      ['kept', 'process/tone', 'phase'],
      ['resized', 'process/echo', 'delay line', '0.5 s → 0.7 s'],
      ['new', 'process/chorus', 'delay line', '0.00208 s'],
      ['cross-fade 20 ms, linear'],
    ])
  })

  test('--json is the report as data', async () => {
    const { stdout } = await swap(['old.dsp', 'new.dsp', '--json', '--rate', '24000'])
    const data = JSON.parse(stdout)
    expect(data.summary).toContain('resized 1 (echo: 1 s → 1.4 s)')
    expect(data.resized).toMatchObject([{ name: 'process/echo', formerLength: 24_001, length: 33_601 }])
    expect(data.kept).toMatchObject([{ name: 'process/tone', form: 'phase' }])
    expect(data.fade).toEqual({ frames: 480, seconds: 0.02, shape: 'linear' })
    expect(data).toMatchObject({ moved: [], dropped: [], sampleRate: 24_000 })
  })

  test('without anything new there is no fade', async () => {
    const { stdout } = await swap(['tone.dsp', 'louder.dsp', '--explain'])
    expect(stdout).toMatch(/^kept 1, new 0, dropped 0\n.*process\/tone.*\nno fade\n$/)
  })
})

describe('--render', () => {
  test('writes the sound across the swap', async () => {
    await inFolder(FILES, async cwd => {
      const args = ['swap', 'tone.dsp', 'louder.dsp', '--render', 'out.wav', '--at', '100smp']
      const ran = await dspcHere([...args, '--duration', '200smp', '--bits', '64f', '--block', '64'], { cwd })
      expect(ran).toMatchObject({ code: 0, stdout: 'kept 1, new 0, dropped 0\n' })
      expect(ran.stderr).toMatch(/^wrote out\.wav: 1 channel, 48000 Hz/)
      const { info, channels } = readWav(join(cwd, 'out.wav'))
      expect(info.frames).toBe(200)
      channels[0]!.forEach((value, n) => {
        const phase = ((n + 1) / 128) % 1
        expect(value).toBeCloseTo(n < 100 ? phase : 0.5 * phase, 9)
      })
    })
  })

  test('fades where something is new; --fade says how long', async () => {
    // The new filter starts at 0 and would be heard as a step from 1.
    const files = { 'a.dsp': 'process = 1;', 'b.dsp': 'process = 1 : @(8);' }
    await inFolder(files, async cwd => {
      const args = ['swap', 'a.dsp', 'b.dsp', '--render', 'out.wav', '--at', '10smp', '--duration', '40smp']
      const rendered = async (fade: string) => {
        expect(await dspcHere([...args, '--bits', '64f', '--fade', fade], { cwd })).toMatchObject({ code: 0 })
        return [...readWav(join(cwd, 'out.wav')).channels[0]!]
      }
      const cut = await rendered('0s')
      expect(cut).toEqual(cut.map((_, n) => (n >= 10 && n < 18 ? 0 : 1)))
      // Nothing goes on: equal power, sin + cos once both are 1.
      const faded = await rendered('4smp')
      const old = (i: number) => Math.cos(((i + 1) / 5) * (Math.PI / 2))
      expect(faded.slice(8, 18)).toEqual([1, 1, old(0), old(1), old(2), old(3), 0, 0, 0, 0])
    })
  })

  test('two programs of different width, input and controls', async () => {
    const files = {
      'a.dsp': 'process = _ * hslider("gain", 0.5, 0, 1, 0.01);',
      'b.dsp': 'process = _, _ : *(hslider("gain", 0.1, 0, 0.25, 0.01)), _;',
    }
    await inFolder(files, async cwd => {
      const ramp = ['-e', 'process = 0.8, 0.4;', '-o', 'in.wav', '--duration', '100smp', '--bits', '64f']
      expect(await dspcHere(ramp, { cwd })).toMatchObject({ code: 0 })
      const args = ['swap', 'a.dsp', 'b.dsp', '--render', 'out.wav', '--in', 'in.wav', '--at', '50smp']
      const ran = await dspcHere([...args, '--bits', '64f', '--set', '/a/gain=1'], { cwd })
      expect(ran.code).toBe(0)
      const { channels } = readWav(join(cwd, 'out.wav'))
      expect(channels).toHaveLength(2)
      expect([channels[0]![49], channels[1]![49]]).toEqual([0.8, 0])
      // The gain of 1 is moved into the new range.
      expect([channels[0]![50], channels[1]![50]]).toEqual([0.25 * 0.8, 0.4])
    })
  })

  test('to stdout, the report to stderr', async () => {
    await inFolder(FILES, async cwd => {
      const args = ['swap', 'old.dsp', 'new.dsp', '--render', '-', '--at', '10smp', '--duration', '50smp']
      const { code, bytes, stderr } = await dspc(args, { cwd })
      expect(code).toBe(0)
      expect(bytes.subarray(0, 4).toString()).toBe('RIFF')
      expect(stderr).toContain('kept 1, resized 1 (echo: 0.5 s → 0.7 s)')
    })
  })
})

describe('mistakes', () => {
  test.each([
    [[], 2, /DSP0860.*two programs/s],
    [['old.dsp'], 2, /DSP0860/],
    [['old.dsp', 'new.dsp', 'tone.dsp'], 2, /too many|unexpected|argument/],
    [['old.dsp', 'broken.dsp'], 1, /broken\.dsp/],
    [['old.dsp', 'absent.dsp'], 3, /absent\.dsp/],
    [['old.dsp', 'new.dsp', '--at', 'soon'], 2, /--at/],
    [['old.dsp', 'new.dsp', '--fade', 'x'], 2, /--fade/],
    [['old.dsp', 'new.dsp', '--render', 'a.wav', '--at', '9s'], 2, /DSP0861.*after the end/s],
    [['old.dsp', 'new.dsp', '--render', '-', '--json'], 2, /--json/],
  ])('%j', async (args, exitCode, message) => {
    const { code, stderr } = await swap(args)
    expect(stderr).toMatch(message)
    expect(code).toBe(exitCode)
  })

  test('--help', async () => {
    const { code, stdout } = await swap(['--help'])
    expect(code).toBe(0)
    for (const option of ['--explain', '--json', '--render', '--at', '--fade', '--duration', '--rate'])
      expect(stdout).toContain(option)
  })
})
