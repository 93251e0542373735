/**
 * `--watch`: whatever way an editor saves, the next program is heard, once; errors change nothing.
 */
import type { ChildProcess } from 'node:child_process'
import {
  mkdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { watchFiles } from '../../src/cli/watch/files.ts'
import { dspc, finish, inFolder, type Ran, type RunOptions, readWav, start } from './support.ts'

const sleep = (milliseconds: number) => new Promise(resolve => setTimeout(resolve, milliseconds))
const NULL = ['--play', '--watch', '--backend', 'null']

interface Session {
  /** What is said from now on until this is said; then forgets it. */
  says(pattern: RegExp): Promise<string>
  /** What was said and not waited for. */
  rest(): string
  stop(signal?: NodeJS.Signals): Promise<Ran>
}

function session(args: readonly string[], options: RunOptions = {}): Session {
  const child: ChildProcess = start(args, options)
  const ran = finish(child)
  let said = ''
  child.stderr!.on('data', chunk => {
    said += chunk
  })
  const says = async (pattern: RegExp) => {
    let over = false
    void ran.then(() => {
      over = true
    })
    while (!pattern.test(said)) {
      if (over) throw new Error(`ended before ${pattern}: ${said}`)
      await sleep(10)
    }
    const text = said
    said = ''
    return text
  }
  const stop = (signal: NodeJS.Signals = 'SIGINT') => {
    child.kill(signal)
    return ran
  }
  return { says, rest: () => said, stop }
}

/** A sound, and never the same: a sine and a delay line with a name. */
const tone = (frequency: number) => `import("stdfaust.lib");
echo = @(4800) : *(0.5);
process = os.osc(${frequency}) * 0.1 <: _, echo :> _;
`

describe('while it plays', () => {
  test('every way to save is noticed once, and state goes on', async () => {
    await inFolder({ 'a.dsp': tone(220) }, async cwd => {
      const file = join(cwd, 'a.dsp')
      const live = session(['a.dsp', ...NULL], { cwd })
      await live.says(/playing a\.dsp/)
      const ways: Record<string, (text: string) => unknown> = {
        'in place': text => writeFileSync(file, text),
        'a new file in its place': text => {
          writeFileSync(`${file}.tmp`, text)
          renameSync(`${file}.tmp`, file)
        },
        'twice, the second in pieces': async text => {
          writeFileSync(file, '')
          await sleep(2)
          writeFileSync(file, text.slice(0, 40))
          writeFileSync(file, text)
        },
        'moved away, then written': async text => {
          renameSync(file, `${file}~`)
          await sleep(20)
          writeFileSync(file, text)
        },
        'removed and made again later': async text => {
          unlinkSync(file)
          await sleep(80)
          writeFileSync(file, text)
        },
      }
      let frequency = 220
      for (const [way, save] of Object.entries(ways)) {
        frequency += 10
        await save(tone(frequency))
        const said = await live.says(/heard from.*\n/)
        expect(said, way).toMatch(
          /^a\.dsp: kept \d+, new 0, dropped 0; compiled in \d+ ms, heard from \d+\.\d{3} s \(frame \d+\)\n$/,
        )
      }
      const { code, stdout } = await live.stop()
      expect(code).toBe(130)
      expect(stdout).toBe('')
    })
  })

  test('nothing is said of a save without change, little of one that sounds the same', async () => {
    await inFolder({ 'a.dsp': tone(220) }, async cwd => {
      const file = join(cwd, 'a.dsp')
      const live = session(['a.dsp', ...NULL], { cwd })
      await live.says(/playing/)
      writeFileSync(file, tone(220))
      utimesSync(file, new Date(), new Date())
      await sleep(1500)
      expect(live.rest()).toBe('')
      writeFileSync(file, `${tone(220)}// a remark\n`)
      expect(await live.says(/\n/)).toMatch(/^a\.dsp: sounds the same, plays on; compiled in \d+ ms\n$/)
      expect((await live.stop('SIGTERM')).code).toBe(130)
    })
  })

  test('errors change nothing; it says when it is fine again', async () => {
    await inFolder({ 'a.dsp': tone(220) }, async cwd => {
      const file = join(cwd, 'a.dsp')
      const live = session(['a.dsp', ...NULL], { cwd })
      await live.says(/playing/)
      writeFileSync(file, 'process = nonsense;')
      const error = await live.says(/plays on\n/)
      expect(error).toMatch(/error\[DSP03\d\d\].*nonsense/)
      expect(error).toContain('--> a.dsp:1:11')
      writeFileSync(file, tone(220))
      expect(await live.says(/ms/)).toMatch(/a\.dsp: fine again: sounds the same, plays on/)
      unlinkSync(file)
      expect(await live.says(/plays on\n/)).toMatch(/error\[DSP08\d\d\].*a\.dsp/)
      writeFileSync(file, tone(330))
      expect(await live.says(/heard from/)).toMatch(/a\.dsp: fine again: kept/)
      writeFileSync(file, 'process = 1 : !;')
      expect(await live.says(/plays on\n/)).toMatch(/output/)
      writeFileSync(file, 'process = 3;')
      expect(await live.says(/plays on\n/)).toMatch(/error\[DSP0731\]/)
      expect((await live.stop()).code).toBe(130)
    })
  })

  test('controls keep their values, inside the new range', async () => {
    const slider = (most: number) => `process = hslider("g", 0.5, 0, ${most}, 0.01);`
    await inFolder({ 'a.dsp': slider(1) }, async cwd => {
      const args = ['a.dsp', ...NULL, '--no-audition', '--set', '/a/g=0.9', '--record', 'take.wav']
      const live = session(args, { cwd })
      await live.says(/playing/)
      writeFileSync(join(cwd, 'a.dsp'), slider(0.6))
      await live.says(/heard from/)
      await sleep(100)
      await live.stop()
      const heard = new Set(Array.from(readWav(join(cwd, 'take.wav')).channels[0]!))
      expect(heard).toContain(Math.fround(0.9))
      expect(heard).toContain(Math.fround(0.6))
      expect(heard).not.toContain(0.5)
    })
  })

  test('warnings are shown once', async () => {
    const text = (gain: number) => `process = soundfile("a [url:{'missing.wav'}]", 1) : !, !, *(${gain});`
    await inFolder({ 'a.dsp': text(0.5) }, async cwd => {
      const live = session(['a.dsp', ...NULL, '--no-audition'], { cwd })
      expect(await live.says(/playing/)).toMatch(/warning\[/)
      writeFileSync(join(cwd, 'a.dsp'), text(0.25))
      expect(await live.says(/heard from/)).not.toMatch(/warning/)
      expect((await live.stop()).code).toBe(130)
    })
  })

  test('waits for a first program without errors', async () => {
    await inFolder({ 'a.dsp': 'process = ;' }, async cwd => {
      const live = session(['a.dsp', ...NULL], { cwd })
      expect(await live.says(/waiting for a\.dsp/)).toContain('error[DSP02')
      writeFileSync(join(cwd, 'a.dsp'), tone(220))
      expect(await live.says(/compiled/)).toMatch(/a\.dsp: plays/)
      expect((await live.stop()).code).toBe(130)
    })
  })

  test('imported libraries, those that come to lie before them, and those that were missing', async () => {
    const files = { 'a.dsp': 'import("gain.lib"); process = 0.25 * gain;' }
    await inFolder(files, async cwd => {
      mkdirSync(join(cwd, 'first'))
      mkdirSync(join(cwd, 'second'))
      const write = (name: string, gain: number) => writeFileSync(join(cwd, name), `gain = ${gain};`)
      write('second/gain.lib', 0.5)
      const args = ['a.dsp', ...NULL, '-I', 'second', '-I', 'first', '--no-audition']
      const live = session(args, { cwd })
      await live.says(/playing/)
      write('second/gain.lib', 0.25)
      expect(await live.says(/heard from/)).toMatch(/^second\/gain\.lib: /)
      write('first/gain.lib', 0.125)
      expect(await live.says(/heard from/)).toMatch(/^first\/gain\.lib: /)
      rmSync(join(cwd, 'first'), { recursive: true })
      expect(await live.says(/heard from/)).toMatch(/^first\/gain\.lib: /)
      unlinkSync(join(cwd, 'second/gain.lib'))
      expect(await live.says(/plays on\n/)).toMatch(/gain\.lib/)
      write('gain.lib', 0.75)
      expect(await live.says(/heard from/)).toMatch(/gain\.lib: fine again: /)
      expect((await live.stop()).code).toBe(130)
    })
  })

  test.each([0, 40, 150])('ends at Ctrl-C %i ms after a save', async delay => {
    await inFolder({ 'a.dsp': tone(220) }, async cwd => {
      const live = session(['a.dsp', ...NULL], { cwd })
      await live.says(/playing a\.dsp/)
      await sleep(200)
      writeFileSync(join(cwd, 'a.dsp'), tone(330))
      await sleep(delay)
      expect((await live.stop()).code).toBe(130)
    })
  })

  test('ends by itself', async () => {
    await inFolder({ 'a.dsp': tone(220) }, async cwd => {
      expect((await dspc(['a.dsp', ...NULL, '--duration', '200ms'], { cwd })).code).toBe(0)
    })
  })
})

describe('without playing', () => {
  test('renders again, also after errors', async () => {
    await inFolder({ 'a.dsp': 'process = 0.25;' }, async cwd => {
      const live = session(['a.dsp', '--watch', '-o', 'a.wav', '--duration', '10smp', '--bits', '32f'], {
        cwd,
      })
      await live.says(/watching a\.dsp/)
      expect(readWav(join(cwd, 'a.wav')).channels[0]![0]).toBe(0.25)
      writeFileSync(join(cwd, 'a.dsp'), 'process = ;')
      expect(await live.says(/watching/)).toContain('error[DSP02')
      const before = statSync(join(cwd, 'a.wav')).ino
      writeFileSync(join(cwd, 'a.dsp'), 'process = 0.5;')
      expect(await live.says(/watching/)).toMatch(/a\.dsp changed/)
      expect(statSync(join(cwd, 'a.wav')).ino).not.toBe(before)
      expect(readWav(join(cwd, 'a.wav')).channels[0]![0]).toBe(0.5)
      expect((await live.stop()).code).toBe(130)
    })
  })

  test.each([
    [['-e', 'process = 0;', '--watch'], '-e'],
    [['-', '--watch'], '-'],
    [['a.dsp', '--watch', '-o', '-'], '-o -'],
  ])('%s is refused', async (args, second) => {
    const { code, stderr } = await dspc(args)
    expect(code).toBe(2)
    expect(stderr).toContain(`\`--watch\` and \`${second}\` do not go together`)
  })
})

describe('noticing files', () => {
  /** Counts calls; resolves when there were more. */
  const counting = () => {
    let count = 0
    const more = async (than: number) => {
      while (count <= than) await sleep(5)
      return count
    }
    return { call: () => count++, more, count: () => count }
  }

  test.each([[true], [false]])('with events: %s', async events => {
    await inFolder({ 'a.txt': '1', 'other.txt': '1' }, async folder => {
      const calls = counting()
      const path = (name: string) => join(folder, name)
      const files = watchFiles(calls.call, { events })
      files.follow([path('a.txt'), path('later/b.txt')])
      await sleep(20)
      writeFileSync(path('other.txt'), '22')
      await sleep(300)
      expect(calls.count()).toBe(0)
      writeFileSync(path('a.txt'), '22')
      let count = await calls.more(0)
      await sleep(300)
      count = calls.count()
      mkdirSync(path('later'))
      writeFileSync(path('later/b.txt'), '1')
      await calls.more(count)
      files.close()
    })
  })

  test('where a link leads to', async () => {
    await inFolder({ 'real.txt': '1' }, async folder => {
      mkdirSync(join(folder, 'links'))
      symlinkSync(join(folder, 'real.txt'), join(folder, 'links/a.txt'))
      const calls = counting()
      const files = watchFiles(calls.call)
      files.follow([join(folder, 'links/a.txt')])
      writeFileSync(join(folder, 'real.txt'), '22')
      await calls.more(0)
      files.close()
    })
  })
})
