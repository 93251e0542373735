/**
 * Parts of the command line that need no process: values, texts, files, progress, faults.
 */
import { mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test, vi } from 'vitest'
import { EXIT } from '../../src/cli/exit-codes.ts'
import { Failure } from '../../src/cli/failure.ts'
import { createLoader } from '../../src/cli/load.ts'
import { packageRoot } from '../../src/cli/package.ts'
import { progressLine, showProgress } from '../../src/cli/progress.ts'
import { reportFault } from '../../src/cli/run.ts'
import { formatOptions, wantsColor } from '../../src/cli/terminal.ts'
import { framesOf, parseDuration, parseSetting } from '../../src/cli/values.ts'
import { createFile, writeWholeFile } from '../../src/cli/write-file.ts'
import { closestName, editDistance } from '../../src/suggest.ts'
import fc from '../support/property.ts'
import { inFolder } from './support.ts'

describe('durations', () => {
  test.each([
    ['2s', 96_000],
    ['2 s', 96_000],
    ['.5s', 24_000],
    ['1.5min', 4_320_000],
    ['1h', 172_800_000],
    ['500ms', 24_000],
    ['500MS', 24_000],
    ['0.01ms', 1],
    ['96000smp', 96_000],
  ])('%s at 48 kHz has %d frames', (text, frames) => {
    expect(framesOf(parseDuration(text), 48_000)).toBe(frames)
  })

  test.each(['', '0s', '-1s', 's', '1e3s', '2x', '1smpl', '99999999999999999999smp'])(
    '%j is refused',
    text => {
      expect(() => parseDuration(text)).toThrow(Failure)
    },
  )
})

describe('settings', () => {
  test.each([
    ['/a=1', '/a', 1],
    ['/a/b=-2.5e-3', '/a/b', -0.0025],
    ['/a=b=+.5', '/a=b', 0.5],
    ['/a = 3.', '/a', 3],
  ])('%s', (text, address, value) => {
    expect(parseSetting(text)).toEqual([{ address, value }])
  })

  test.each(['/a', '=1', '/a=', '/a=1x', '/a=NaN', '/a=Infinity', '/a=0x10'])('%j is refused', text => {
    expect(() => parseSetting(text)).toThrow(Failure)
  })
})

test('the loader gives names that diagnostics and code frames agree on', async () => {
  await inFolder({ 'v.lib': 'v = 1;' }, async folder => {
    const program = { name: 'main.dsp', text: 'process = v;', directory: folder }
    const loader = createLoader(program, [])
    const loaded = loader.load('v.lib')!
    expect(loaded).toEqual({ name: join(folder, 'v.lib'), text: 'v = 1;', standard: false })
    expect(loader.source(loaded.name)).toBe('v = 1;')
    expect(loader.source('main.dsp')).toBe('process = v;')
    expect(loader.libraries()).toEqual([loaded.name])
    expect(loader.load(join(folder, 'v.lib'))).toEqual(loaded)
    expect(loader.load('missing.lib')).toBeUndefined()
    expect(loader.problems).toEqual([])
  })
})

test('the package is found', () => {
  expect(JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8'))).toMatchObject({
    name: 'dspc',
  })
})

describe('files are complete or absent', () => {
  test('nothing is seen before the end', async () => {
    await inFolder({}, async folder => {
      const path = join(folder, 'a.bin')
      const file = createFile(path)
      file.write(Uint8Array.of(1, 2, 3))
      expect(readdirSync(folder)).not.toContain('a.bin')
      file.write(Uint8Array.of(9), 0)
      file.write(Uint8Array.of(4))
      file.finish()
      expect([...readFileSync(path)]).toEqual([9, 2, 3, 4])
      expect(readdirSync(folder)).toEqual(['a.bin'])
    })
  })

  test('what is discarded leaves the old one, also twice or after the end', async () => {
    await inFolder({ 'a.txt': 'old' }, async folder => {
      const path = join(folder, 'a.txt')
      const file = createFile(path)
      file.write(Uint8Array.of(1))
      file.discard()
      file.discard()
      expect(readFileSync(path, 'utf8')).toBe('old')
      expect(readdirSync(folder)).toEqual(['a.txt'])
      writeWholeFile(path, 'new')
      expect(readFileSync(path, 'utf8')).toBe('new')
    })
  })

  test('the mode of the file stays', async () => {
    await inFolder({ 'a.txt': 'old' }, async folder => {
      const path = join(folder, 'a.txt')
      const { mode } = statSync(path)
      writeWholeFile(path, 'new')
      expect(statSync(path).mode).toBe(mode)
    })
  })

  test('directories are refused', async () => {
    await inFolder({}, async folder => {
      mkdirSync(join(folder, 'd'))
      expect(() => createFile(join(folder, 'd'))).toThrow(/is a directory/)
      expect(() => createFile(join(folder, 'none', 'a'))).toThrow(/no such directory/)
    })
  })
})

describe('progress', () => {
  const stream = (isTTY: boolean) => {
    const written: string[] = []
    return {
      written,
      stream: { isTTY, write: (text: string) => written.push(text) } as unknown as NodeJS.WriteStream,
    }
  }

  test('says how far and how fast', () => {
    expect(progressLine(120_000, 240_000, 48_000, 0.5)).toBe(
      '[############............] 50 %  2.5 of 5.0 s  5× real time',
    )
  })

  test('nothing where nobody looks', () => {
    const { written, stream: pipe } = stream(false)
    const progress = showProgress(100, 48_000, pipe)
    progress.update(50)
    progress.clear()
    expect(written).toEqual([])
  })

  test('on a terminal a line that is taken away', () => {
    vi.useFakeTimers({ toFake: ['performance'] })
    try {
      const { written, stream: terminal } = stream(true)
      const progress = showProgress(100, 48_000, terminal)
      progress.update(1)
      expect(written).toEqual([])
      vi.advanceTimersByTime(400)
      progress.update(50)
      progress.update(51)
      expect(written).toHaveLength(1)
      expect(written[0]).toContain('50 %')
      progress.clear()
      expect(written[1]).toBe('\r\x1b[K')
    } finally {
      vi.useRealTimers()
    }
  })
})

describe('terminals', () => {
  const terminal = { isTTY: true, columns: 72 } as NodeJS.WriteStream
  const pipe = {} as NodeJS.WriteStream

  test.each([
    [terminal, {}, true],
    [pipe, {}, false],
    [terminal, { NO_COLOR: '1' }, false],
    [terminal, { NO_COLOR: '' }, true],
    [terminal, { TERM: 'dumb' }, false],
    [pipe, { FORCE_COLOR: '1', NO_COLOR: '1' }, true],
    [terminal, { FORCE_COLOR: '0' }, false],
  ])('colours: case %#', (stream, environment, expected) => {
    expect(wantsColor(stream, environment)).toBe(expected)
  })

  test('code frames fit', () => {
    const source = () => undefined
    expect(formatOptions(terminal, source).width).toBe(72)
    expect(formatOptions(pipe, source).width).toBe(100)
    expect(formatOptions({ isTTY: true, columns: 0 } as NodeJS.WriteStream, source).width).toBe(100)
  })
})

describe('faults of our own', () => {
  const printed = (error: unknown) => {
    const spy = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
    try {
      const code = reportFault(error, [])
      return { code, text: spy.mock.calls.map(call => String(call[0])).join('') }
    } finally {
      spy.mockRestore()
    }
  }

  test('are one message that asks for a report', () => {
    const { code, text } = printed(new TypeError('x is not a function\n  more'))
    expect(code).toBe(EXIT.fault)
    expect(text).toMatch(/^error\[DSP0799\]: internal fault: x is not a function\nhelp: .*report.*\n$/)
  })

  test('show where they happened only when asked', () => {
    expect(printed(new Error('x')).text).not.toContain('parts.test.ts')
    vi.stubEnv('DSPC_DEBUG', '1')
    expect(printed(new Error('x')).text).toContain('parts.test.ts')
    vi.unstubAllEnvs()
  })

  test('whatever was thrown', () => {
    for (const thrown of ['text', undefined, null, 7, {}]) expect(printed(thrown).code).toBe(EXIT.fault)
  })
})

describe('did you mean', () => {
  test.each([
    ['filer', ['filter', 'file'], 'filter'],
    ['osicllator', ['oscillator'], 'oscillator'],
    ['OSC', ['osc'], 'osc'],
    ['x', ['y', 'abc'], 'y'],
    ['reverb', ['delay', 'gain'], undefined],
  ])('%s among %j is %s', (written, names, expected) => {
    expect(closestName(written, names)).toBe(expected)
  })

  test('the distance is a metric where it must be', () => {
    const word = fc.string({ maxLength: 8 })
    fc.assert(
      fc.property(word, word, (a, b) => {
        const distance = editDistance(a, b)
        expect(distance).toBe(editDistance(b, a))
        expect(distance === 0).toBe(a === b)
        expect(distance).toBeLessThanOrEqual(Math.max(a.length, b.length))
        expect(distance).toBeGreaterThanOrEqual(Math.abs(a.length - b.length))
      }),
    )
  })
})
