/**
 * What needs no compiler: help, version, mistakes on the command line, files that cannot be read.
 */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import manifest from '../../package.json' with { type: 'json' }
import { MESSAGES, type Message } from '../../src/diagnostic-codes.ts'
import { dspc, dspcHere, inFolder } from './support.ts'

describe('help and version', () => {
  test.each(['--version', '-v'])('%s prints the version of the package', async option => {
    expect(await dspc([option])).toMatchObject({ code: 0, stdout: `${manifest.version}\n`, stderr: '' })
  })

  test('--help goes to stdout, with examples and exit codes', async () => {
    const { code, stdout, stderr } = await dspc(['--help'])
    expect([code, stderr]).toEqual([0, ''])
    for (const part of ['Usage: dspc', 'Examples:', '--duration', 'Exit codes:', 'dspc explain DSP0401']) {
      expect(stdout).toContain(part)
    }
  })

  test('commands have help of their own', async () => {
    const { code, stdout } = await dspc(['check', '--help'])
    expect(code).toBe(0)
    expect(stdout).toContain('--json')
  })
})

describe('mistakes on the command line', () => {
  test.each([
    [[], 'DSP0824', /--help/],
    [['x.dsp', '--durration', '2s'], 'DSP0820', /did you mean `--duration`/],
    [['x.dsp', '--dur=2s'], 'DSP0820', /did you mean `--duration`/],
    [['x.dsp', '--versoin'], 'DSP0820', /did you mean `--version`/],
    [['x.dsp', '--check'], 'DSP0820', /help: `--check` is an option of `dspc fmt`/],
    [['fmt', 'x.dsp', '--duration', '1s'], 'DSP0820', /`--duration` is an option of `dspc`/],
    [['check', 'x.dsp', '--jsn'], 'DSP0820', /did you mean `--json`/],
    [['x.dsp', '-q'], 'DSP0820', /`dspc --help`/],
    [['x.dsp', '-o'], 'DSP0821', /needs a value/],
    [['x.dsp', '--duration'], 'DSP0821', /needs a value/],
    [['chekc', 'x.dsp'], 'DSP0823', /did you mean `dspc check`/],
    [['x.dsp', 'y.dsp'], 'DSP0823', /unexpected argument `y.dsp`/],
    [['check', 'x.dsp', 'y.dsp'], 'DSP0823', /unexpected argument `y.dsp`/],
    [['x.dsp', '-o', 'a.wav', '--duration', 'long'], 'DSP0822', /2s, 500ms/],
    [['x.dsp', '-o', 'a.wav', '--duration', '2'], 'DSP0822', /did you mean `2s`/],
    [['x.dsp', '-o', 'a.wav', '--duration', '0s'], 'DSP0822', /expected a length/],
    [['x.dsp', '-o', 'a.wav', '--duration', '1.5smp'], 'DSP0822', /expected a length/],
    [['x.dsp', '-o', 'a.wav', '--rate', '44.1k'], 'DSP0822', /whole number from 1/],
    [['x.dsp', '-o', 'a.wav', '--bits', '32F'], 'DSP0822', /did you mean `32f`/],
    [['x.dsp', '-o', 'a.wav', '--block', '0'], 'DSP0822', /from 1 to 65536/],
    [['x.dsp', '-o', 'a.wav', '--set', '/a=loud'], 'DSP0822', /\/path=number/],
    [['x.dsp', '-o', 'a.wav', '--set', 'volume'], 'DSP0822', /\/path=number/],
    [['x.dsp', '--emit=tokns'], 'DSP0822', /did you mean `tokens`/],
    [['x.dsp', '-o', 'a.mp3'], 'DSP0822', /only WAV/],
    [['x.dsp', '-o', 'x.dsp'], 'DSP0822', /only WAV/],
    [['x.dsp', '--duration', '2s'], 'DSP0826', /`--duration` is for rendering/],
    [['x.dsp', '--emit=wat', '--rate', '8000'], 'DSP0825', /`--rate` and `--emit=wat`/],
    [['x.dsp', '-e', 'process = 1;'], 'DSP0825', /`-e` and `x.dsp`/],
    [['-e', 'process = 1;', '--no-opt=fision'], 'DSP0822', /did you mean `fission`/],
    [['-e', 'process = 1;', '--no-opt'], 'DSP0821', /needs a value/],
    [['x.dsp', '--single', '--double'], 'DSP0825', /`--single` and `--double`/],
    [['-', '--in', '-', '-o', 'a.wav'], 'DSP0825', /do not go together/],
    [['explain', 'DSP9999'], 'DSP0827', /`dspc explain` lists/],
    [['explain', 'DSP0402x'], 'DSP0827', /did you mean `DSP0402`/],
  ])('%j', async (args, code, text) => {
    const ran = await dspc(args)
    expect(ran.stderr).toContain(`error[${code}]`)
    expect(ran.stderr).toMatch(text)
    expect(ran).toMatchObject({ code: 2, stdout: '' })
  })

  test('show where they are', async () => {
    const { stderr } = await dspc(['my synth.dsp', '--durration', '2s'])
    expect(stderr.split('\n').slice(1, 5)).toEqual([
      ' --> command line:1:21',
      '  |',
      "1 | dspc 'my synth.dsp' --durration 2s",
      '  |                     ^^^^^^^^^^^',
    ])
  })

  test.each([
    [['x.dsp', '-o', 'a.wav', '--bits', '12'], 'dspc x.dsp -o a.wav --bits 12', '12'],
    [['x.dsp', '-o', 'a.wav', '--bits=12'], 'dspc x.dsp -o a.wav --bits=12', '--bits=12'],
    [['x.dsp', '--rate', '8000'], 'dspc x.dsp --rate 8000', '--rate'],
    [['explain', '9999'], 'dspc explain 9999', '9999'],
    [['x.dsp', '--single', '--double'], 'dspc x.dsp --single --double', '--double'],
  ])('values too: %j', async (args, line, marked) => {
    const lines = (await dspcHere(args)).stderr.split('\n')
    expect(lines[3]).toBe(`1 | ${line}`)
    expect(lines[4]).toBe(`  | ${' '.repeat(line.lastIndexOf(marked))}${'^'.repeat(marked.length)}`)
  })
})

describe('programs that cannot be read', () => {
  const files = {
    'synth.dsp': 'process = 1;',
    'image.dsp': Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0, 1, 2, 3]),
    'broken.dsp': Uint8Array.from([0x61, 0xff, 0x01]),
    'large.dsp': new Uint8Array(10_000_000).fill(0x20),
  }

  test.each([
    ['missing.dsp', 'DSP0801', /cannot find `missing.dsp`/],
    ['synht.dsp', 'DSP0801', /did you mean `synth.dsp`/],
    ['folder', 'DSP0802', /is a directory/],
    ['synth.dsp/x.dsp', 'DSP0801', /cannot find/],
    ['image.dsp', 'DSP0803', /not a text file/],
    ['broken.dsp', 'DSP0803', /not a text file/],
    ['large.dsp', 'DSP0804', /10\.0 MB; programs may have 4\.0 MB/],
    ['/dev/zero', 'DSP0804', /programs may have/],
    [`${'x'.repeat(300)}.dsp`, 'DSP0805', /name is too long/],
  ])('%s', async (name, code, text) => {
    await inFolder(files, async cwd => {
      mkdirSync(join(cwd, 'folder'))
      for (const args of [[name], ['check', name]]) {
        const ran = await dspc(args, { cwd })
        expect(ran.stderr).toContain(`error[${code}]`)
        expect(ran.stderr).toMatch(text)
        expect(ran.stderr).not.toMatch(/\bat .*\.js:/)
        expect(ran).toMatchObject({ code: 3, stdout: '' })
      }
    })
  })

  test('an editor gets that as JSON too', async () => {
    const { code, stdout } = await dspc(['check', 'missing.dsp', '--json'])
    expect(code).toBe(3)
    expect(JSON.parse(stdout)).toMatchObject([{ code: 'DSP0801', severity: 'error' }])
  })

  test('standard input is read with the same care', async () => {
    expect(await dspc(['-'], { input: files['image.dsp'] })).toMatchObject({ code: 3 })
    const { code, stderr } = await dspc(['-'], { input: files['large.dsp'] })
    expect(code).toBe(3)
    expect(stderr).toContain('DSP0804')
  })
})

describe('colours', () => {
  test.each([
    [{}, false],
    [{ FORCE_COLOR: '1' }, true],
    [{ FORCE_COLOR: '0' }, false],
    [{ NO_COLOR: '1' }, false],
  ])('with %j into a pipe: %s', async (env, colored) => {
    const { stderr } = await dspc(['missing.dsp'], { env })
    expect(stderr.includes('\x1b[')).toBe(colored)
  })
})

describe('explain', () => {
  test('lists every message', async () => {
    const { code, stdout } = await dspc(['explain'])
    expect(code).toBe(0)
    const entries = Object.values(MESSAGES as Record<string, Message<never>>)
    expect(stdout.trimEnd().split('\n')).toHaveLength(entries.length)
    for (const { code: known } of entries) expect(stdout).toContain(known)
    expect(stdout).not.toMatch(/undefined|NaN|\[object/)
  })

  test.each(['DSP0401', 'dsp0401', '0401', '401', 'seqMismatch'])('%s', async code => {
    const ran = await dspc(['explain', code])
    expect(ran.code).toBe(0)
    expect(ran.stdout).toContain('DSP0401 (error)')
    expect(ran.stdout).toContain(MESSAGES.seqMismatch.explain)
    expect(ran.stdout).toContain(MESSAGES.seqMismatch.help)
  })
})

test('codes are unique and of their family', () => {
  const codes = Object.values(MESSAGES as Record<string, Message<never>>).map(m => m.code)
  expect(new Set(codes).size).toBe(codes.length)
  for (const code of codes) expect(code).toMatch(/^DSP0[1-9]\d\d$/)
})
