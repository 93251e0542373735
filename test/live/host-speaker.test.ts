/**
 * Real playback: the command line, the audio host, the package `speaker` and libasound, with a reader in place of the
 * card that takes samples in real time.
 *
 * Where `speaker` could not be built (Linux without libasound2-dev, for one) none of this can run. The last test says
 * so, and fails where it must not happen: on the machines that decide about changes.
 */
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { render } from '../../src/index.ts'
import { dspc, finish, inFolder, readWav, start } from '../cli/support.ts'
import { fakeCard, noCard, speakerIsBuilt } from './alsa.ts'
import { program, RATE } from './host-support.ts'

/** Stereo, 32-bit floats. */
const BYTES_PER_SECOND = RATE * 8

const SYNTH = `import("stdfaust.lib");
process = os.sawtooth(220) : fi.lowpass(2, 900) : *(0.3) <: _, *(0.5);`

const isLinux = process.platform === 'linux'

if (isLinux && speakerIsBuilt()) {
  describe('through speaker and libasound', () => {
    test('what is played is what is rendered, in real time', async () => {
      await inFolder({ 'synth.dsp': SYNTH }, async cwd => {
        const card = fakeCard(cwd, BYTES_PER_SECOND)
        const args = [
          'synth.dsp',
          '--play',
          '--backend',
          'speaker',
          '--duration',
          '3s',
          '--record',
          'take.wav',
        ]
        const { code, stderr } = await dspc(args, { cwd, env: card.environment })
        expect(stderr).not.toContain('error')
        expect(code).toBe(0)
        const [left, right] = await render(await program(SYNTH), { sampleRate: RATE, frames: 3 * RATE })
        const played = card.played()
        expect(played.length).toBe(6 * RATE)
        const wrong = played.findIndex((x, i) => x !== Math.fround((i % 2 ? right! : left!)[i >> 1]!))
        expect(wrong).toBe(-1)
        expect(Math.abs(card.seconds() / 3 - 1)).toBeLessThan(0.15)
        const { info, channels } = readWav(join(cwd, 'take.wav'))
        expect(info).toMatchObject({ channels: 2, sampleRate: RATE, float: true, frames: 3 * RATE })
        expect(channels[1]!.findIndex((x, i) => x !== Math.fround(right![i]!))).toBe(-1)
      })
    })

    test('one channel goes to both sides', async () => {
      await inFolder({}, async cwd => {
        const card = fakeCard(cwd, BYTES_PER_SECOND)
        const args = ['-e', 'process = 1 : (+~_) : *(1/1048576);', '--play', '--duration', '4800smp']
        const { code } = await dspc([...args, '--backend', 'speaker'], { cwd, env: card.environment })
        expect(code).toBe(0)
        expect(card.played().every((x, i) => x * 1048576 === (i >> 1) + 1)).toBe(true)
      })
    })

    test('Ctrl-C fades out in 20 ms and ends within what was queued', async () => {
      await inFolder({}, async cwd => {
        const card = fakeCard(cwd, BYTES_PER_SECOND)
        const args = ['-e', 'process = 0.5;', '--play', '--backend', 'speaker', '--no-audition']
        const child = start(args, { cwd, env: card.environment })
        const ran = finish(child)
        await playedAtLeast(card, RATE / 2)
        child.kill('SIGINT')
        expect((await ran).code).toBe(130)
        const played = card.played()
        const fade = played.findIndex(x => x !== 0.5)
        const silence = played.indexOf(0)
        expect((silence - fade) / 2 / RATE).toBeCloseTo(0.02, 3)
        expect((played.length - fade) / 2 / RATE).toBeLessThan(0.08)
      })
    })

    test('a device that goes away ends playing with a message', async () => {
      await inFolder({}, async cwd => {
        const card = fakeCard(cwd, BYTES_PER_SECOND)
        const child = start(['-e', 'process = 0.1;', '--play', '--backend', 'speaker'], {
          cwd,
          env: card.environment,
        })
        const ran = finish(child)
        await playedAtLeast(card, RATE / 4)
        card.unplug()
        const { code, stderr } = await ran
        expect(stderr).toMatch(/error\[DSP0726\]: the sound output `speaker` failed/)
        expect(code).toBe(4)
      })
    })

    test('PULSE_LATENCY_MSEC does not reach the device: small values hang for ever', async () => {
      const { environmentForHost } = await import('../../src/runtime/host-process.ts')
      expect(environmentForHost({ PULSE_LATENCY_MSEC: '50', A: '1' })).toEqual({ A: '1' })
      expect(environmentForHost({ PULSE_LATENCY_MSEC: '200' })).toEqual({ PULSE_LATENCY_MSEC: '200' })
    })
  })

  describe('without a device', () => {
    test.each([[['--backend', 'auto']], [['--backend', 'speaker']]])(
      'a message and exit code 4 (%s)',
      async backend => {
        await inFolder({}, async cwd => {
          const args = ['-e', 'process = 0.1;', '--play', ...backend]
          const { code, stderr } = await dspc(args, { cwd, env: noCard(cwd) })
          expect(stderr).toMatch(/^error\[DSP0724\]: no sound device can be opened: ALSA says/)
          expect(stderr).not.toMatch(/Assertion|\n\s+at /)
          expect(code).toBe(4)
        })
      },
    )

    test('a device of another name', async () => {
      await inFolder({}, async cwd => {
        const card = fakeCard(cwd, BYTES_PER_SECOND)
        const args = ['-e', 'process = 0.1;', '--play', '--backend', 'speaker', '--device', 'nowhere']
        const { code, stderr } = await dspc(args, { cwd, env: card.environment })
        expect(stderr).toMatch(/^error\[DSP0724\]: no sound device can be opened/)
        expect(code).toBe(4)
      })
    })
  })
} else if (isLinux) {
  test('speaker is not built here: real playback is NOT TESTED (apt install libasound2-dev; npm ci)', async () => {
    console.warn('speaker is not built: real playback is not tested here')
    expect(process.env.CI, 'speaker must be built where changes are decided about').toBeUndefined()
    const { code, stderr } = await dspc(['-e', 'process = 0.1;', '--play', '--backend', 'speaker'])
    expect(stderr).toMatch(/^error\[DSP072[23]\]/)
    expect(code).toBe(4)
  })
}

/** Waits until the card has got so many frames. */
async function playedAtLeast(card: ReturnType<typeof fakeCard>, frames: number): Promise<void> {
  for (;;) {
    try {
      if (card.played().length >= 2 * frames) return
    } catch {}
    await new Promise(resolve => setTimeout(resolve, 20))
  }
}
