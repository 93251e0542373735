/**
 * The REPL without a terminal, and performances that are rendered again from their logs.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { dspc, inFolder, readWav } from './support.ts'

const script = (...lines: string[]) => ({ input: `${lines.join('\n')}\n` })

describe('dspc repl in a pipe', () => {
  it('prints results and nothing else', async () => {
    const ran = await dspc(
      ['repl', '--backend', 'null'],
      script('a = 2;', 'a*21', '_,_', 'process = a*0 + 0.001;', ':quit'),
    )
    expect(ran).toMatchObject({ code: 0, stdout: '42\n2 → 2\n', stderr: '' })
  })

  it('exits with 1 after an error, and goes on behind it', async () => {
    const ran = await dspc(['repl', '--no-play'], script('a = ;', 'b = 1;', 'b + 1'))
    expect(ran).toMatchObject({ code: 1, stdout: '2\n' })
    expect(ran.stderr).toContain('session:1:3')
  })

  it('takes a last line without its end', async () => {
    const ran = await dspc(['repl', '--no-play'], { input: 'f(x) = x*2;\nf(4)' })
    expect(ran).toMatchObject({ code: 0, stdout: '8\n' })
  })

  it('says what expressions are', async () => {
    const ran = await dspc(
      ['repl', '--no-play'],
      script(':type \\(x,y).(x+y)', ':type +~_', 'ma = library("maths.lib");', 'ma.SR'),
    )
    expect(ran.stdout).toContain('function of 2 arguments')
    expect(ran.stdout).toContain('1 → 1')
    expect(ran.stdout).toContain('48000\n')
  })

  it('begins with a file, whose errors show its own lines', async () => {
    await inFolder({ 'synth.dsp': 'gain = 0.5;\nprocess = gain*nothing;\n' }, async cwd => {
      const ran = await dspc(['repl', 'synth.dsp', '--no-play'], {
        cwd,
        ...script('nothing = _;', 'gain', ':svg x.svg'),
      })
      expect(ran.stderr).toContain('synth.dsp:2:16')
      expect(ran.stdout).toBe('0.5\n')
      expect(readFileSync(join(cwd, 'x.svg'), 'utf8')).toContain('<svg')
    })
  })

  it('documents library functions, own definitions and prefixes', async () => {
    const ran = await dspc(
      ['repl', '--no-play'],
      script('mine = 1+2;', ':doc os.osc', ':doc mine', ':doc en', ':doc osc'),
    )
    expect(ran.stdout).toContain('`osc(freq) : _`')
    expect(ran.stdout).toContain('mine = 1+2;')
    expect(ran.stdout).toMatch(/\badsr\b/)
    expect(ran.stderr).toContain('did you mean `os.osc`?')
  })

  it('measures what plays', async () => {
    const lines = [
      'process = 0.25, (1 : +~_ : %(2) : *(0.5));',
      ':probe process',
      ':probe *(2),*(2)',
      ':probe 7',
      ':quit',
    ]
    const ran = await dspc(['repl', '--backend', 'null', '--no-audition'], script(...lines))
    expect(ran.stderr).toBe('')
    const rows = ran.stdout.trimEnd().split('\n')
    expect(rows[0]).toContain('from 0.25 to 0.25')
    expect(rows[1]).toContain('from 0 to 0.5, mean 0.25')
    expect(rows[2]).toContain('from 0.5 to 0.5')
    expect(rows[3]).toContain('from 0 to 1, mean 0.5')
    expect(rows[4]).toContain('from 7 to 7')
  })

  it('brings back what played before a program that is muted', async () => {
    const bad = 'process = hslider("a", 0, 0, 1, 0.1) / hslider("b", 1, 0, 1, 0.1);'
    const lines = [
      'process = hslider("good", 0.25, 0, 1, 0.1);',
      bad,
      ':set b 0',
      ':wait 200ms',
      ':controls',
      ':probe',
    ]
    const ran = await dspc(['repl', '--backend', 'null', '--no-audition'], script(...lines))
    expect(ran.stderr).toContain('DSP0730')
    expect(ran.stdout).toContain('/session/good')
    expect(ran.stdout).not.toContain('/session/a')
    expect(ran.stdout).toContain('from 0.25 to 0.25')
  })

  it('says what could not be written or read, and goes on', async () => {
    const lines = ['process = _;', ':save /nowhere/x', ':load /nowhere/x', ':svg /nowhere/x', '1+1']
    const ran = await dspc(['repl', '--no-play'], script(...lines))
    expect(ran).toMatchObject({ code: 1, stdout: '2\n' })
    expect(ran.stderr.match(/DSP080\d/g)).toEqual(['DSP0806', 'DSP0801', 'DSP0806'])
  })

  it('goes on without sound where there is none, and exits with 4', async () => {
    const ran = await dspc(['repl', '--backend', 'file:/nowhere/x.wav'], script('process = 0.001;', '1+1'))
    const other = await dspc(['repl', '--backend', 'pipe:aplay'], {
      ...script('1+1'),
      env: { PATH: '/nowhere' },
    })
    expect(ran).toMatchObject({ stdout: '2\n' })
    expect(other).toMatchObject({ code: 4, stdout: '2\n' })
    expect(other.stderr).toContain('DSP0725')
  })

  it('plots without sound', async () => {
    const ran = await dspc(['repl', '--no-play'], script(':plot (1 : +~_) * 0.001 2ms'))
    expect(ran.stdout.split('\n')[0]).toMatch(/^ +0\.096 /)
    expect(ran.code).toBe(0)
  })
})

it('changes, measures and goes back without a click', async () => {
  await inFolder({}, async cwd => {
    const lines = [
      'tone(f) = (f/48000 : (+ : \\(x).(x - floor(x))) ~ _) * 6.283185307179586 : sin;',
      'process = tone(100)*0.5;',
      ':wait 100ms',
      ':probe tone(100)',
      ':probe process : *(2)',
      'process = tone(100)*0.5 : *(1.0);',
      ':wait 130ms',
      ':undo',
      ':wait 70ms',
      ':quit',
    ]
    const args = ['repl', '--backend', 'null', '--record', 'live.wav']
    expect(await dspc(args, { cwd, ...script(...lines) })).toMatchObject({ code: 0, stderr: '' })
    const samples = readWav(join(cwd, 'live.wav')).channels[0]!
    // A sine of amplitude a and angular step w moves by a·w a sample at most; two of them while they fade, and the fade.
    const [amplitude, step, fade] = [0.5, (2 * Math.PI * 100) / 48_000, 0.02 * 48_000]
    const limit = Math.SQRT2 * amplitude * step + (Math.PI / 2 / fade) * 2 * amplitude
    let most = 0
    for (let i = 1; i < samples.length; i++) most = Math.max(most, Math.abs(samples[i]! - samples[i - 1]!))
    expect(samples.length).toBeGreaterThan(20_000)
    expect(most).toBeLessThan(limit)
  })
})

describe('dspc replay', () => {
  it('renders a session as it was recorded, sample for sample', async () => {
    await inFolder({ 'my.lib': 'tone(f) = (f/48000 : (+ : \\(x).(x - floor(x))) ~ _) - 0.5;' }, async cwd => {
      const lines = [
        'import("my.lib");',
        'f = hslider("f", 300, 50, 2000, 1);',
        'process = tone(f)*0.3;',
        ':wait 150ms',
        ':set f 500',
        ':wait 100ms',
        'process = tone(f)*0.3 : + ~ *(0.5);',
        ':probe tone(f)',
        ':undo',
        ':wait 100ms',
        ':quit',
      ]
      const args = ['repl', '--backend', 'null', '--record', 'live.wav', '--log', 'log.jsonl']
      const played = await dspc(args, { cwd, ...script(...lines) })
      expect(played).toMatchObject({ code: 0, stderr: '' })
      // The log holds the library too.
      const { writeFileSync } = await import('node:fs')
      writeFileSync(join(cwd, 'my.lib'), 'tone(f) = 0;')
      const replayed = await dspc(['replay', 'log.jsonl', '-o', 'again.wav'], { cwd })
      expect(replayed.code).toBe(0)
      const [live, again] = [readWav(join(cwd, 'live.wav')), readWav(join(cwd, 'again.wav'))]
      expect(live.channels[0]!.length).toBeGreaterThan(10_000)
      expect(again.channels[0]!.length).toBe(live.channels[0]!.length)
      expect(live.channels[0]!.findIndex((x, i) => x !== again.channels[0]![i])).toBe(-1)
    })
  })

  it('renders what --play played', async () => {
    const program =
      'process = (hslider("f", 300, 50, 2000, 1)/48000 : (+ : \\(x).(x - floor(x))) ~ _) - 0.5 <: _, *(0.5);'
    await inFolder({ 'p.dsp': program }, async cwd => {
      const args = [
        'p.dsp',
        '--play',
        '--backend',
        'null',
        '--duration',
        '300ms',
        '--set',
        '/p/f=441',
        '--record',
        'live.wav',
      ]
      expect((await dspc([...args, '--log', 'log.jsonl'], { cwd })).code).toBe(0)
      expect((await dspc(['replay', 'log.jsonl', '-o', 'again.wav'], { cwd })).code).toBe(0)
      const [live, again] = [readWav(join(cwd, 'live.wav')), readWav(join(cwd, 'again.wav'))]
      expect(again.channels).toEqual(live.channels)
    })
  })

  it.each([
    ['not a log', 'hello\n', 'line 1'],
    [
      'an empty performance',
      '{"log":1,"dspc":"0","sampleRate":48000,"blockSize":512}\n',
      'nothing was played',
    ],
    [
      'an odd event',
      '{"log":1,"dspc":"0","sampleRate":48000,"blockSize":512}\n{"kind":"x","frame":0}\n',
      'line 2',
    ],
  ])('refuses %s', async (_name, text, reason) => {
    await inFolder({ 'log.jsonl': text }, async cwd => {
      const ran = await dspc(['replay', 'log.jsonl', '-o', 'a.wav'], { cwd })
      expect(ran.code).toBe(3)
      expect(ran.stderr).toContain(reason)
    })
  })

  it('wants a terminal for a panel', async () => {
    const ran = await dspc(['-e', 'process = 0;', '--play', '--panel', '--backend', 'null'])
    expect(ran).toMatchObject({ code: 2 })
    expect(ran.stderr).toContain('DSP0853')
  })
})
