/**
 * Rendering that meets obstacles: levels out of range, targets that cannot be written, an early end.
 */
import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { dspc, dspcHere, finish, inFolder, readWav, start } from './support.ts'

/** Counts frames from 0; times k. */
const RAMP = (k: number) => `process = (1 : + ~ _) - 1 : *(${k});`
/** Blocks of one frame, so that the file does not grow fast. */
const LONG = ['-o', 'long.wav', '--duration', '10h', '--block', '1']

describe('levels', () => {
  const run = (cwd: string, code: string, ...args: string[]) =>
    dspcHere(['-e', code, '-o', 'a.wav', '--duration', '100smp', ...args], { cwd })

  test('the peak is told', async () => {
    await inFolder({}, async cwd => {
      expect((await run(cwd, 'process = 0.7071;')).stderr).toContain('peak -3.0 dBFS')
      expect((await run(cwd, 'process = 0;')).stderr).toContain('peak -∞ dBFS')
    })
  })

  test('clipping warns, floats do not clip', async () => {
    await inFolder({}, async cwd => {
      const { code, stderr } = await run(cwd, 'process = 2;')
      expect(code).toBe(0)
      expect(stderr).toContain('warning[DSP0706]: 100 samples clipped: the peak is 6.0 dB too loud')
      const float = await run(cwd, 'process = 2;', '--bits', '32f')
      expect(float.stderr).not.toContain('warning')
      expect(readWav(join(cwd, 'a.wav')).channels[0]![0]).toBe(2)
    })
  })

  test('NaN becomes 0, with a warning and exit code 5', async () => {
    await inFolder({}, async cwd => {
      const { code, stderr } = await run(cwd, 'process = 0.25, sqrt(50 - (1 : + ~ _));')
      expect(code).toBe(5)
      expect(stderr).toContain(
        'warning[DSP0705]: 50 output samples are not a finite number, first in channel 2',
      )
      const { channels } = readWav(join(cwd, 'a.wav'))
      expect(channels[1]![60]).toBe(0)
      expect(channels[0]![60]).toBe(0.25)
    })
  })

  test('a program without outputs makes no file', async () => {
    await inFolder({}, async cwd => {
      const { code, stderr } = await run(cwd, 'process = !;')
      expect(code).toBe(1)
      expect(stderr).toContain('DSP0711')
      expect(readdirSync(cwd)).toEqual([])
    })
  })
})

describe('targets that cannot be written', () => {
  const args = (target: string) => ['-e', 'process = 1;', '-o', target, '--duration', '3smp']

  test.each([
    ['missing/a.wav', 'DSP0806', /no such directory/],
    ['folder', 'DSP0802', /is a directory/],
    ['new/', 'DSP0802', /is a directory/],
    ['file/a.wav', 'DSP0806', /not a directory/],
  ])('%s', async (target, code, text) => {
    await inFolder({ file: 'x' }, async cwd => {
      mkdirSync(join(cwd, 'folder'))
      const ran = await dspcHere(args(target), { cwd })
      expect(ran.code).toBe(3)
      expect(ran.stderr).toContain(`error[${code}]`)
      expect(ran.stderr).toMatch(text)
      expect(readdirSync(cwd).sort()).toEqual(['file', 'folder'])
    })
  })

  test('a full device', async () => {
    const ran = await dspcHere(['-e', 'process = 1;', '-o', '/dev/full', '--duration', '1min'])
    expect(ran.code).toBe(3)
    expect(ran.stderr).toContain('no room left')
  })

  test('a write-protected file', async () => {
    await inFolder({ 'a.wav': 'precious' }, async cwd => {
      chmodSync(join(cwd, 'a.wav'), 0o444)
      const { code } = await dspcHere(args('a.wav'), { cwd })
      // The superuser may write everywhere.
      const allowed = process.getuid?.() === 0
      expect(code).toBe(allowed ? 0 : 3)
      expect(readFileSync(join(cwd, 'a.wav'), 'latin1').startsWith('precious')).toBe(!allowed)
    })
  })
})

describe('ending early', () => {
  async function rendering(cwd: string): Promise<void> {
    const started = () =>
      readdirSync(cwd).some(name => name.endsWith('.part') && statSync(join(cwd, name)).size > 0)
    while (!started()) await new Promise(resolve => setTimeout(resolve, 20))
  }

  test.each(['SIGINT', 'SIGTERM'] as const)('%s keeps what is rendered, as a whole file', async signal => {
    await inFolder({ 'long.wav': 'old' }, async cwd => {
      const child = start(['-e', RAMP(1e-9), ...LONG, '--bits', '64f'], { cwd })
      const ended = finish(child)
      await rendering(cwd)
      child.kill(signal)
      const { code, stderr } = await ended
      expect(code).toBe(130)
      expect(stderr).toContain('interrupted; wrote long.wav')
      expect(stderr).not.toMatch(/error|\.js:/)
      expect(readdirSync(cwd)).toEqual(['long.wav'])
      const { info, channels } = readWav(join(cwd, 'long.wav'))
      expect(info.frames).toBe(info.expectedFrames)
      expect(info.frames).toBeGreaterThan(0)
      expect(channels[0]!.at(-1)).toBeCloseTo((info.frames - 1) * 1e-9, 12)
    })
  })

  test('until the end the target is as it was', async () => {
    await inFolder({ 'long.wav': 'old' }, async cwd => {
      const child = start(['-e', 'process = 1;', ...LONG], { cwd })
      const ended = finish(child)
      await rendering(cwd)
      expect(readFileSync(join(cwd, 'long.wav'), 'utf8')).toBe('old')
      child.kill('SIGKILL')
      await ended
      expect(readFileSync(join(cwd, 'long.wav'), 'utf8')).toBe('old')
    })
  })

  test('a reader that goes away ends it quietly', async () => {
    const child = start(['-e', 'process = 0.5;', '-o', '-', '--duration', '10h'])
    let received = 0
    child.stdout!.on('data', (chunk: Buffer) => {
      received += chunk.length
      if (received > 100_000) child.stdout!.destroy()
    })
    const { code, stderr } = await finish(child)
    expect([code, stderr]).toEqual([0, ''])
  })

  test('so do short answers', async () => {
    for (const args of [['--help'], ['explain'], ['-e', 'process = 1;']]) {
      const child = start(args)
      child.stdout!.destroy()
      const { code, stderr } = await finish(child)
      expect([code, stderr]).toEqual([0, ''])
    }
  })
})

test('memory does not grow with the length', async () => {
  // 90 MB of samples would show.
  const { code, stderr } = await dspc(
    ['-e', 'process = 0.5, 0.5;', '-o', '/dev/null', '--duration', '2min', '--bits', '64f'],
    { env: { NODE_OPTIONS: '--max-old-space-size=64' } },
  )
  expect(stderr).toContain('120.000 s')
  expect(code).toBe(0)
})

test('two renderings at once do not disturb each other', async () => {
  await inFolder({}, async cwd => {
    const run = (k: number) => dspc(['-e', `process = ${k};`, '-o', 'same.wav', '--duration', '20s'], { cwd })
    const [a, b] = await Promise.all([run(0.25), run(0.5)])
    expect([a.code, b.code]).toEqual([0, 0])
    const { info, channels } = readWav(join(cwd, 'same.wav'))
    expect(info.frames).toBe(960_000)
    expect([0.25, 0.5]).toContain(channels[0]![0])
    expect(channels[0]!.every(x => x === channels[0]![0])).toBe(true)
    expect(readdirSync(cwd)).toEqual(['same.wav'])
  })
})
