/**
 * Real playback through a sound server: what the sink of PulseAudio gets is what was computed, without a gap.
 *
 * Where the packages are not there (on Debian: pulseaudio, pulseaudio-utils, libasound2-plugins) the only test says so.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { dspc, finish, inFolder, start } from '../cli/support.ts'
import { speakerIsBuilt } from './alsa.ts'
import { folder } from './host-support.ts'
import { alsaPlugin, type PulseServer, pulseIsInstalled, startPulse } from './pulse.ts'

/** Every frame one more, from 1 on, times 2^-22: no sample is a rest, and a gap or a repetition shows. */
const COUNTER = 'process = 1 : (+~_) : *(1/4194304) <: _, _;'
const RATE = 48_000

const throughSpeaker = alsaPlugin() !== undefined && speakerIsBuilt()

/** Where the counter begins, how far it goes, and where it is wrong. */
function readCounter(heard: Float32Array) {
  const frames = Float64Array.from({ length: heard.length / 2 }, (_, n) => heard[2 * n]! * 4_194_304)
  const begin = frames.indexOf(1)
  const end = frames.findIndex((x, n) => n > begin && x === 0)
  const played = frames.subarray(begin, end === -1 ? undefined : end)
  return { begin, count: played.length, wrong: played.findIndex((x, n) => x !== n + 1) }
}

if (pulseIsInstalled()) {
  describe('through PulseAudio', () => {
    const home = mkdtempSync(join(tmpdir(), 'dspc-pulse-'))
    let server: PulseServer
    beforeAll(async () => {
      server = await startPulse(home)
    })
    afterAll(() => {
      server?.stop()
      rmSync(home, { recursive: true, force: true })
    })

    test.each(throughSpeaker ? ['pipe:pacat', 'speaker'] : ['pipe:pacat'])(
      '%s: every sample once, in real time',
      async backend => {
        await inFolder({}, async cwd => {
          const before = server.heard().length
          const began = performance.now()
          const args = [
            '-e',
            COUNTER,
            '--play',
            '--backend',
            backend,
            '--duration',
            '2s',
            '--latency',
            '400ms',
          ]
          const { code, stderr } = await dspc(args, { cwd, env: server.environment })
          expect(stderr).toMatch(/^played 2\.000 s through/)
          expect(code).toBe(0)
          expect((performance.now() - began) / 1000).toBeGreaterThan(2 * 0.85)
          const { begin, count, wrong } = await heardSince(server, before)
          expect(begin).toBeGreaterThanOrEqual(0)
          expect([wrong, count]).toEqual([-1, 2 * RATE])
        })
      },
    )

    test('its sink is listed, and can be asked for', async () => {
      await inFolder({}, async cwd => {
        const devices = await dspc(['devices'], { cwd, env: server.environment })
        expect(devices.stdout).toContain('dspc')
        const args = ['-e', COUNTER, '--play', '--backend', 'pipe:pacat', '--duration', '4800smp']
        const before = server.heard().length
        const { code } = await dspc([...args, '--device', 'dspc'], { cwd, env: server.environment })
        expect(code).toBe(0)
        expect((await heardSince(server, before)).count).toBe(4800)
      })
    })

    test('a server that goes away ends playing with a message', async () => {
      const other = await startPulse(folder())
      await inFolder({}, async cwd => {
        const args = ['-e', 'process = 0.1;', '--play', '--backend', 'pipe:pacat']
        const child = start(args, { cwd, env: other.environment })
        const ran = finish(child)
        while (!other.heard().includes(Math.fround(0.1)))
          await new Promise(resolve => setTimeout(resolve, 50))
        other.stop()
        const { code, stderr } = await ran
        expect(stderr).toMatch(/error\[DSP0726\]: the sound output `pacat` failed/)
        expect(code).toBe(4)
      })
    })
  })
} else {
  test('PulseAudio is not installed here: playing through it is NOT TESTED', async () => {
    console.warn('PulseAudio is not installed: playing through it is not tested here')
    const env = { PATH: '/nonexistent' }
    const { code, stderr } = await dspc(['-e', 'process = 0.1;', '--play', '--backend', 'pipe:pacat'], {
      env,
    })
    expect(stderr).toMatch(/^error\[DSP07\d\d\]/)
    expect(code).toBe(4)
  })
}

/** Waits until the recorder has what was played and a rest after it. */
async function heardSince(server: PulseServer, before: number) {
  for (let tries = 0; ; tries++) {
    const heard = server.heard().subarray(before)
    const last = heard.findLastIndex(x => x !== 0)
    if (tries > 100 || (last >= 0 && heard.length - last > RATE / 4)) return readCounter(heard)
    await new Promise(resolve => setTimeout(resolve, 50))
  }
}
