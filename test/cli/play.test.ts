/**
 * `dspc FILE --play`, `dspc devices`, `dspc doctor`: options, streams, exit codes.
 */
import { chmodSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { decodeWav } from '../../src/runtime/wav-read.ts'
import { dspc, finish, inFolder, readWav, start } from './support.ts'

const COUNTER = ['-e', 'process = 1 : (+~_) : *(1/1048576);']
const NULL = ['--play', '--backend', 'null']
/** A PATH with no programs that play. */
const PATH = dirname(process.execPath)

const isCounter = (samples: ArrayLike<number>) =>
  Array.from(samples).every((x, i) => Math.round(x * 1048576) === i + 1)

describe('where it plays to', () => {
  test('nowhere, for as long as it is told', async () => {
    const { code, stdout } = await dspc([...COUNTER, ...NULL, '--duration', '100ms'])
    expect(code).toBe(0)
    expect(stdout).toBe('')
  })

  test('a WAV file', async () => {
    await inFolder({}, async cwd => {
      const args = [
        ...COUNTER,
        '--play',
        '--backend',
        'file:a.wav',
        '--duration',
        '5000smp',
        '--rate',
        '8000',
      ]
      expect((await dspc(args, { cwd })).code).toBe(0)
      const { info, channels } = readWav(join(cwd, 'a.wav'))
      expect(info).toMatchObject({ channels: 1, sampleRate: 8000, float: true, frames: 5000 })
      expect(isCounter(channels[0]!)).toBe(true)
    })
  })

  test('a WAV on standard output, nothing else there', async () => {
    const args = [...COUNTER, '--play', '--backend', 'stdout', '--duration', '6000smp']
    const { code, bytes } = await dspc(args)
    expect(code).toBe(0)
    const result = decodeWav(bytes)
    expect(result.ok && result.info).toMatchObject({ channels: 1, sampleRate: 48_000, frames: 6000 })
    expect(result.ok && isCounter(result.channels[0]!)).toBe(true)
  })

  test('standard output without a known end, until nobody reads any more', async () => {
    const child = start([...COUNTER, '--play', '--backend', 'stdout'])
    const pieces: Buffer[] = []
    const closed = new Promise<number | null>(resolve => child.on('close', resolve))
    let bytes = 0
    child.stdout!.on('data', (piece: Buffer) => {
      pieces.push(piece)
      bytes += piece.length
      if (bytes > 40_000) child.stdout!.destroy()
    })
    expect(await closed).toBe(0)
    const result = decodeWav(Buffer.concat(pieces))
    expect(result.ok && isCounter(result.channels[0]!)).toBe(true)
  })

  test('a program that reads samples, which gets them all', async () => {
    await inFolder({ aplay: '#!/bin/sh\necho "$@" > arguments\nexec cat > samples\n' }, async cwd => {
      chmodSync(join(cwd, 'aplay'), 0o755)
      const args = [...COUNTER, '--play', '--backend', 'aplay', '--device', 'hw:1', '--duration', '9000smp']
      const { code } = await dspc(args, { cwd, env: { PATH: `${cwd}:/usr/bin:/bin` } })
      expect(code).toBe(0)
      const given = readFileSync(join(cwd, 'arguments'), 'utf8')
      expect(given).toMatch(/-D hw:1 -t raw -f FLOAT_LE -r 48000 -c 2/)
      const bytes = readFileSync(join(cwd, 'samples'))
      const samples = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length))
      expect(samples.length).toBe(18_000)
      expect(isCounter(samples.filter((_, i) => i % 2 === 1))).toBe(true)
    })
  })

  test.each([
    ['exits with what it says', 'echo "audio open error: No such device" >&2; exit 1', 'No such device'],
    ['goes away while it plays', 'head -c 90000 > /dev/null; echo gone >&2', 'gone'],
    ['takes nothing any more', 'exec sleep 30', 'it takes no more sound'],
  ])('a program that %s', async (_, script, message) => {
    await inFolder({ pacat: `#!/bin/sh\n${script}\n` }, async cwd => {
      chmodSync(join(cwd, 'pacat'), 0o755)
      const env = { PATH: `${cwd}:/usr/bin:/bin` }
      const { code, stderr } = await dspc([...COUNTER, '--play', '--backend', 'pipe:pacat'], { cwd, env })
      expect(stderr).toMatch(/^error\[DSP0726\]: the sound output `pacat` failed/m)
      expect(stderr).toContain(message)
      expect(code).toBe(4)
    })
  })

  test('the first program that works, where there is no sound card', async () => {
    const files = {
      'none.conf': '# no devices\n',
      pactl: '#!/bin/sh\nexit 1\n',
      pacat: '#!/bin/sh\nexec cat > pacat.raw\n',
      sox: '#!/bin/sh\nexec cat > sox.raw\n',
    }
    await inFolder(files, async cwd => {
      for (const name of ['pactl', 'pacat', 'sox']) chmodSync(join(cwd, name), 0o755)
      const env = { PATH: `${cwd}:/bin:/usr/bin`, ALSA_CONFIG_PATH: join(cwd, 'none.conf') }
      const { code, stderr } = await dspc([...COUNTER, '--play', '--duration', '3000smp'], { cwd, env })
      expect(stderr).toMatch(/^played 0\.063 s through pipe:sox/)
      expect(code).toBe(0)
      expect(readFileSync(join(cwd, 'sox.raw')).length).toBe(3000 * 8)
      expect(existsSync(join(cwd, 'pacat.raw'))).toBe(false)
    })
  })

  test('a program that is not there', async () => {
    const { code, stderr } = await dspc([...COUNTER, '--play', '--backend', 'sox'], { env: { PATH } })
    expect(stderr).toMatch(/^error\[DSP0725\]: the command `sox` is not installed/)
    expect(code).toBe(4)
  })

  test.each([
    [['--backend', 'file:/nowhere/a.wav']],
    [['--backend', 'file:/nowhere/a.raw']],
    [['--backend', 'null', '--record', '/nowhere/a.wav']],
  ])('a file in a directory that does not exist (%s)', async args => {
    const { code, stderr } = await dspc([...COUNTER, '--play', ...args])
    expect(stderr).toMatch(/^error\[DSP0806\]: cannot write `\/nowhere\/a\..*`: there is no such directory/)
    expect(code).toBe(3)
  })
})

describe('how it ends', () => {
  /** Waits until a recording has begun. */
  const recording = async (folder: string) => {
    while (!readdirSync(folder).some(name => name.endsWith('.part'))) {
      await new Promise(resolve => setTimeout(resolve, 20))
    }
    await new Promise(resolve => setTimeout(resolve, 300))
  }

  test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    '%s: fades out, completes the recording',
    async signal => {
      await inFolder({}, async cwd => {
        const child = start(['-e', 'process = 0.25;', ...NULL, '--record', 'take.wav'], { cwd })
        const ran = finish(child)
        await recording(cwd)
        child.kill(signal)
        expect((await ran).code).toBe(130)
        const { channels } = readWav(join(cwd, 'take.wav'))
        expect(channels[0]![0]).toBe(0.25)
        expect(channels[0]!.at(-1)).toBe(0)
        expect(readdirSync(cwd)).toEqual(['take.wav'])
      })
    },
  )

  test('when it is killed, nobody stays behind, and the recording is complete', async () => {
    await inFolder({}, async cwd => {
      const child = start(['-e', 'process = 0.25;', ...NULL, '--record', 'take.wav'], { cwd })
      await recording(cwd)
      child.kill('SIGKILL')
      while (!existsSync(join(cwd, 'take.wav'))) await new Promise(resolve => setTimeout(resolve, 20))
      expect(readWav(join(cwd, 'take.wav')).channels[0]!.at(-1)).toBe(0)
    })
  })

  test('with a fault when the output had to be muted', async () => {
    const args = ['-e', 'process = hslider("gain", 500, 0, 500, 1);', ...NULL, '--no-audition']
    const { code, stderr } = await dspc(args)
    expect(stderr).toMatch(/error\[DSP0730\]: muted at 0\.000 s: .*with \/code\/gain = 500/)
    expect(code).toBe(5)
  })

  test('before it begins when the program would be no sound', async () => {
    const { code, stderr } = await dspc(['-e', 'process = 1;', ...NULL])
    expect(stderr).toMatch(/^error\[DSP0731\]: the program is not let out/)
    expect(code).toBe(5)
  })

  test('with the errors of the program, before anything else', async () => {
    const { code, stderr } = await dspc(['-e', 'process = nothing;', '--play', '--backend', 'sox'])
    expect(stderr).toMatch(/^error\[DSP0301\]/)
    expect(stderr).not.toContain('sox')
    expect(code).toBe(1)
  })
})

describe('the command line', () => {
  test.each([
    [['--backend', 'nul', '--play'], /expected one of auto, speaker, [\s\S]*did you mean `null`/],
    [['--latency', '100', '--play'], /did you mean `100ms`/],
    [['--latency', '11s', '--play'], /a time up to 10s/],
    [['--latency', '100ms'], /`--latency` is for playing, and there is no `--play`/],
    [['--play', '-o', 'a.wav'], /`--play`.*`-o`|--record FILE.wav/],
    [['--play', '--emit', 'wat'], /--emit/],
    [['--play', '--in', '-'], /--in -/],
  ])('%s is refused', async (args, message) => {
    const { code, stderr } = await dspc([...COUNTER, ...args])
    expect(stderr).toMatch(message)
    expect(code).toBe(2)
  })

  test('settings and input reach the program', async () => {
    await inFolder({}, async cwd => {
      const make = ['-e', 'process = 0.25;', '-o', 'in.wav', '--bits', '32f', '--duration', '10smp']
      await dspc([...make, '--rate', '8000'], { cwd })
      const args = ['-e', 'process = *(hslider("g", 1, 0, 2, 0.5));', '--in', 'in.wav', '--set', '/code/g=9']
      const to = ['--play', '--backend', 'file:a.wav', '--duration', '1000smp']
      const { code, stderr } = await dspc([...args, ...to], { cwd })
      expect(stderr).toContain('9')
      expect(code).toBe(0)
      const { info, channels } = readWav(join(cwd, 'a.wav'))
      expect(info.sampleRate).toBe(8000)
      expect(channels[0]!.every(x => x === 0.5)).toBe(true)
    })
  })

  test('an input that is no WAV is told at once', async () => {
    await inFolder({ 'a.wav': 'nothing' }, async cwd => {
      const { code, stderr } = await dspc(['-e', 'process = _;', ...NULL, '--in', 'a.wav'], { cwd })
      expect(stderr).toMatch(/^error\[DSP0808\]/)
      expect(code).toBe(3)
    })
  })
})

describe('dspc devices and dspc doctor', () => {
  const PACTL = `#!/bin/sh
[ "$1" = info ] && exit 0
echo '[{"name":"hall","description":"The hall","state":"IDLE"}]'
`
  const APLAY = `#!/bin/sh
[ "$1" = -l ] && exit 1
printf 'null\\n    Discard all samples\\nhw:CARD=PCH\\n    HDA Intel\\n    Direct\\n'
`
  const folder = { pactl: PACTL, aplay: APLAY, pacat: '#!/bin/sh\n' }
  const withTools = (run: (cwd: string, env: Readonly<Record<string, string>>) => Promise<void>) =>
    inFolder(folder, async cwd => {
      for (const name of Object.keys(folder)) chmodSync(join(cwd, name), 0o755)
      writeFileSync(join(cwd, 'none.conf'), '# no devices\n')
      await run(cwd, { PATH: `${cwd}:${PATH}:/bin`, ALSA_CONFIG_PATH: join(cwd, 'none.conf') })
    })

  test('list what the sound systems list', async () => {
    await withTools(async (cwd, env) => {
      const { code, stdout } = await dspc(['devices', '--json'], { cwd, env })
      expect(code).toBe(0)
      expect(JSON.parse(stdout)).toEqual([
        { backend: 'pipe:pacat', device: 'hall', description: 'The hall' },
        { backend: 'speaker', device: 'null', description: 'Discard all samples' },
        { backend: 'speaker', device: 'hw:CARD=PCH', description: 'HDA Intel; Direct' },
      ])
      expect((await dspc(['devices'], { cwd, env })).stdout).toContain('pipe:pacat  hall  The hall\n')
    })
  })

  test('say what works, what fails and what is missing', async () => {
    await withTools(async (cwd, env) => {
      const { code, stdout } = await dspc(['doctor', '--json'], { cwd, env })
      const { ok, findings } = JSON.parse(stdout) as {
        ok: boolean
        findings: { what: string; state: string }[]
      }
      const states = Object.fromEntries(findings.map(({ what, state }) => [what, state]))
      expect(states).toMatchObject({ 'pipe:pacat': 'works', 'pipe:aplay': 'fails', 'pipe:sox': 'missing' })
      expect(states.speaker).not.toBe('works')
      expect(ok).toBe(true)
      expect(code).toBe(0)
    })
  })

  test('doctor ends with 4 where nothing can play, and does not crash', async () => {
    await inFolder({ 'none.conf': '# no devices\n' }, async cwd => {
      const env = { PATH, ALSA_CONFIG_PATH: join(cwd, 'none.conf') }
      const { code, stdout, stderr } = await dspc(['doctor'], { cwd, env })
      expect(stdout).toContain('Nothing can play here')
      expect(stderr).toBe('')
      expect(code).toBe(4)
    })
  })
})
