/**
 * The audio host, as a process: what it plays, and how it answers.
 */
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { render } from '../../src/index.ts'
import { folder, next, passes, play, program, RATE, rawSamples, samplesOf, swapIn } from './host-support.ts'

/** A counter: every frame one more, from 0 on, times 1/2^20. */
const COUNTER = 'process = (+(1)~_) - 1 : *(1/1048576);'

const SYNTH = `import("stdfaust.lib");
process = os.sawtooth(hslider("freq", 220, 50, 2000, 1)) : fi.lowpass(2, 900) : *(0.3) <: _, *(0.5);`

describe('what is played', () => {
  test.each(['.wav', '.raw'])(
    'is what is rendered, sample for sample, in a file that ends in %s',
    async end => {
      const path = join(folder(), `played${end}`)
      const player = await play({ backend: `file:${path}`, frames: RATE })
      const ended = next(player, 'ended')
      const started = performance.now()
      await swapIn(player, SYNTH)
      expect(await ended).toMatchObject({ reason: 'finished' })
      expect(performance.now() - started).toBeGreaterThan(850)
      const [left, right] = await render(await program(SYNTH), { sampleRate: RATE, frames: RATE })
      const expected = Float32Array.from({ length: 2 * RATE }, (_, i) => (i % 2 ? right! : left!)[i >> 1]!)
      const [a, b] = end === '.wav' ? samplesOf(path) : []
      const played =
        a && b ? Float32Array.from(expected, (_, i) => (i % 2 ? b : a)[i >> 1]!) : rawSamples(path)
      expect(Buffer.from(played.buffer).equals(Buffer.from(expected.buffer))).toBe(true)
    },
  )

  test('goes on with its state when the program changes', async () => {
    const path = join(folder(), 'played.raw')
    const player = await play({ backend: `file:${path}`, frames: RATE })
    const ended = next(player, 'ended')
    await swapIn(player, COUNTER)
    await passes(player, 0.2)
    const outcome = await swapIn(player, COUNTER.replace('*(1/1048576)', '*(2/1048576)'))
    expect(outcome.report.kept.length).toBeGreaterThan(0)
    expect(outcome.fadeFrames).toBe(0)
    await ended
    const samples = rawSamples(path)
    const wrong = samples.findIndex((x, n) => x * 1048576 !== (n < outcome.frame ? n : 2 * n))
    expect(wrong).toBe(-1)
  })

  test('comes from a recording that is repeated without a seam', async () => {
    const path = join(folder(), 'input.wav')
    const length = 1001
    const recorder = await play({ backend: `file:${path}`, frames: length })
    const recorded = next(recorder, 'ended')
    await swapIn(recorder, COUNTER)
    await recorded
    const out = join(folder(), 'played.raw')
    const player = await play({ backend: `file:${out}`, inputFile: path, frames: 4 * length })
    const ended = next(player, 'ended')
    await swapIn(player, 'process = _;')
    await ended
    const wrong = rawSamples(out).findIndex((x, n) => x * 1048576 !== n % length)
    expect(wrong).toBe(-1)
  })

  test('with several outputs into fewer channels: none is lost', async () => {
    const path = join(folder(), 'played.raw')
    const player = await play({ backend: `file:${path}`, frames: RATE })
    const ended = next(player, 'ended')
    await swapIn(player, 'process = 0.125, 0.25;', { audition: false })
    await swapIn(player, 'process = 0.125, 0.25, 0.0625, 0.03125;', { audition: false })
    await ended
    expect([...rawSamples(path).slice(-2)]).toEqual([0.1875, 0.28125])
  })
})

describe('controls', () => {
  test('move at once, inside their range; bargraphs are told', async () => {
    const player = await play()
    await swapIn(player, 'process = hslider("a", 1, 0, 10, 1) : hbargraph("b", 0, 10) : *(0.01);')
    const changed = next(player, 'changed')
    expect(await player.set(`${await groupOf(player)}/a`, 99)).toBe(10)
    expect((await changed).value).toBe(10)
    const status = await passes(player, 0.1)
    expect(Object.values(status.values)).toEqual([10, 10])
  })

  test('keep their values, and those that nobody moved follow the program', async () => {
    const player = await play()
    await swapIn(player, 'process = hslider("a", 1, 0, 10, 1) + hslider("b", 1, 0, 10, 1) : *(0.01);')
    const group = await groupOf(player)
    await player.set(`${group}/a`, 7)
    await swapIn(player, 'process = hslider("b", 3, 0, 10, 1) + hslider("a", 2, 0, 5, 1) : *(0.01);')
    const { values } = await passes(player, 0.1)
    expect(values).toEqual({ [`${group}/a`]: 5, [`${group}/b`]: 3 })
  })

  test('that do not exist are refused', async () => {
    const player = await play()
    await swapIn(player, 'process = hslider("a", 1, 0, 10, 1) * 0.01;')
    await expect(player.set('/b', 1)).rejects.toThrow('/b')
    await expect(player.set(`${await groupOf(player)}/a`, Number.NaN)).rejects.toThrow('number')
  })
})

/** What stands before the names of controls. */
async function groupOf(player: Awaited<ReturnType<typeof play>>): Promise<string> {
  const { values } = await next(player, 'status', status => Object.keys(status.values).length > 0)
  return Object.keys(values)[0]!.replace(/\/[^/]*$/, '')
}

describe('what must not be heard', () => {
  const BREAKS = `process = select2(t > 24000, 0.1, sqrt(0 - t)) with { t = +(1)~_; };`

  test('is muted, reported with its controls, and what was before comes back', async () => {
    const path = join(folder(), 'played.raw')
    const player = await play({ backend: `file:${path}`, frames: 2 * RATE })
    const ended = next(player, 'ended')
    await swapIn(player, 'process = 0.25 + 0 * hslider("x", 2, 0, 9, 1);', { audition: false })
    const muted = next(player, 'muted')
    const outcome = await swapIn(player, BREAKS, { audition: false })
    const event = await muted
    expect(event).toMatchObject({ reason: 'notANumber', recovered: true })
    expect(event.frame - outcome.frame).toBeGreaterThan(20_000)
    await ended
    const samples = rawSamples(path)
    expect(samples.every(Number.isFinite)).toBe(true)
    expect(samples.at(-1)).toBe(0.25)
  })

  test('leaves silence when there was nothing before', async () => {
    const player = await play()
    const muted = next(player, 'muted')
    await swapIn(player, 'process = hslider("gain", 1000, 0, 1000, 1);', { audition: false })
    const event = await muted
    expect(event).toMatchObject({ reason: 'runaway', recovered: false })
    expect(Object.values(event.values)).toEqual([1000])
    await swapIn(player, COUNTER)
    await passes(player, 0.1)
  })

  test('is found in advance, and what plays goes on', async () => {
    const player = await play()
    await swapIn(player, 'process = 0.25;')
    const refused = async (source: string) => {
      const outcome = await player.swap(await program(source))
      return outcome.ok ? 'let out' : outcome.code
    }
    expect(await refused('process = +(1)~_ : *(-1) : sqrt;')).toBe('notANumber')
    expect(await refused('process = 0.9;')).toBe('directCurrent')
    expect(await refused('process = 9 * (1 - 2 * ((+(1)~_) & 1));')).toBe('levelJump')
    const slow = 'import("stdfaust.lib"); process = os.osc(440) : seq(i, 4000, sin);'
    expect(await refused(slow)).toBe('tooExpensive')
    const before = await next(player, 'status')
    const { underruns } = await passes(player, 0.1)
    expect(underruns).toBe(before.underruns)
    expect((await player.capture(0, 4)).every(x => x === 0.25)).toBe(true)
  })
})

describe('a session', () => {
  test('goes back to a state that was', async () => {
    const player = await play()
    const counter = await program(COUNTER)
    await player.swap(counter)
    await passes(player, 0.3)
    const away = await swapIn(player, 'process = 0;')
    await passes(player, 0.5)
    const back = await player.swap(counter, { restore: away.snapshot! })
    expect(back.ok).toBe(true)
    const { frame } = await passes(player, 0.1)
    const [last] = await player.capture(0, 1)
    const count = last! * 1048576
    expect(count).toBeGreaterThanOrEqual(away.frame)
    expect(count).toBeLessThan(frame - 0.4 * RATE)
    const gone = await player.swap(counter, { restore: 12345 })
    expect(gone).toMatchObject({ ok: false, code: 'invalid' })
  })

  test('starts anew where only the state that it would take over is bad; controls stay', async () => {
    const player = await play()
    const astray = 'k = hslider("k", 1, 0, 2, 0.1); acc = 1000 : (+~_); process = acc * k * 0.000000001;'
    await swapIn(player, astray)
    await player.set('/process/k', 0.5)
    await passes(player, 0.2)
    const outcome = await swapIn(
      player,
      'k = hslider("k", 1, 0, 2, 0.1); acc = 1 : (+~_); process = acc * 0.00002 * k;',
    )
    expect(outcome.anew).toBe('its output would be more than 40 dB above full scale after 0 ms')
    expect(outcome.report.kept.filter(entry => entry.kind !== 'control')).toEqual([])
    const { values } = await passes(player, 0.1)
    expect(values['/process/k']).toBeCloseTo(0.5, 6)
    const [last] = await player.capture(0, 1)
    expect(last).toBeLessThan(1)
    const bad = await player.swap(await program('acc = 1000 : (+~_); process = acc;'))
    expect(bad).toMatchObject({ ok: false, code: 'levelJump' })
  })

  test('starts anew when asked to', async () => {
    const player = await play()
    await swapIn(player, COUNTER)
    await passes(player, 0.3)
    const outcome = await swapIn(player, COUNTER, { reset: true })
    const { frame } = await passes(player, 0.1)
    const [last] = await player.capture(0, 1)
    expect(last! * 1048576).toBeLessThanOrEqual(frame + RATE - outcome.frame)
    expect(outcome.report.kept).toEqual([])
  })

  test('keeps outputs for scopes that are not heard', async () => {
    const path = join(folder(), 'played.raw')
    const player = await play({ backend: `file:${path}` })
    await swapIn(player, `process = 0.5, (${COUNTER.slice(10, -1)});`, { audibleOutputs: 1, audition: false })
    const { peaks } = await passes(player, 0.2)
    expect(peaks).toEqual([0.5])
    const tap = await player.capture(1, 100)
    expect(tap.length).toBe(100)
    expect(tap.every((x, i) => i === 0 || (x - tap[i - 1]!) * 1048576 === 1)).toBe(true)
    await player.stop()
    expect(
      rawSamples(path)
        .slice(0, 1000)
        .every(x => x === 0.5),
    ).toBe(true)
  })

  test('is recorded while it plays', async () => {
    const place = folder()
    const player = await play({ recordFile: join(place, 'whole.wav') })
    await swapIn(player, COUNTER)
    await player.record(join(place, 'part.wav'))
    expect(existsSync(join(place, 'whole.wav'))).toBe(true)
    await passes(player, 0.2)
    expect(existsSync(join(place, 'part.wav'))).toBe(false)
    await player.record(undefined)
    const [part] = samplesOf(join(place, 'part.wav'))
    expect(part!.length).toBeGreaterThan(0.2 * RATE)
    expect(part!.every((x, i) => i === 0 || (x - part![i - 1]!) * 1048576 === 1)).toBe(true)
    await expect(player.record(join(place, 'no', 'such.wav'))).rejects.toThrow('such.wav')
  })

  test('stands still while it is paused', async () => {
    const path = join(folder(), 'played.raw')
    const player = await play({ backend: `file:${path}` })
    await swapIn(player, COUNTER)
    await passes(player, 0.2)
    await player.pause()
    const paused = await next(player, 'status', status => status.load === 0)
    const still = await next(player, 'status', status => status.load === 0)
    expect(still.frame).toBe(paused.frame)
    await player.resume()
    await passes(player, 0.1)
    await player.stop()
    const samples = rawSamples(path)
    const silence = samples.findIndex((x, i) => i > 0 && x === 0)
    const sound = samples.findIndex((x, i) => i > silence && x !== 0)
    const top = Math.max(...samples.slice(sound))
    expect(samples[silence - 1]).toBeLessThan(0.001)
    expect(top * 1048576).toBeLessThan(paused.frame + RATE)
  })

  test('ends with a fade of 20 ms, and no later than what was queued', async () => {
    const path = join(folder(), 'played.raw')
    const player = await play({ backend: `file:${path}` })
    await swapIn(player, 'process = 0.5;', { audition: false })
    await passes(player, 0.3)
    expect(await player.stop()).toMatchObject({ reason: 'stopped' })
    expect(await player.stop()).toMatchObject({ reason: 'stopped' })
    const samples = rawSamples(path)
    const fade = samples.findIndex(x => x !== 0.5)
    const silent = samples.indexOf(0)
    expect((silent - fade) / RATE).toBeCloseTo(0.02, 3)
    // With 120 ms that wait when it is told to: heard for less than 200 ms more.
    expect((samples.length - fade) / RATE).toBeLessThan(0.08)
    expect(samples.slice(fade + 1).every((x, i) => x <= samples[fade + i]!)).toBe(true)
    expect(await player.swap(await program(COUNTER))).toMatchObject({ ok: false, code: 'ended' })
  })

  test('survives the end of its process, with a message', async () => {
    const place = folder()
    const player = await play({ recordFile: join(place, 'take.wav') })
    await swapIn(player, COUNTER)
    const ended = next(player, 'ended')
    process.kill(player.processId!, 'SIGKILL')
    const event = await ended
    expect(event.reason).toBe('crash')
    expect(event.message).toContain('SIGKILL')
    expect(readdirSync(place)).toEqual([])
    expect(await player.swap(await program(COUNTER))).toMatchObject({ ok: false, code: 'ended' })
  })
})
