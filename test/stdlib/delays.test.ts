/** Delays of `de`: whole, fractional, gliding; `pf` and `ef` built on them. */
import { describe, expect, it } from 'vitest'
import { crossingFrequency, gainAt, peak, phaseAt } from '../support/analysis.ts'
import { applyEach, impulseResponses, renderAll } from '../support/render.ts'

const RATE = 44_100

describe('whole delays', () => {
  it('delay, and keep to their limits', async () => {
    const codes = ['de.delay(8, 3)', 'de.delay(8, 0)', 'de.delay(8, 100)', 'de.delay(8, -5)']
    const responses = await impulseResponses(codes, 16)
    expect(responses.map(h => h.indexOf(1))).toEqual([3, 0, 8, 0])
  })

  it('sdelay crossfades without a jump', async () => {
    const signal = Array.from({ length: 2000 }, (_, n) => n / 2000)
    const [moved] = await applyEach(['de.sdelay(512, 200, select2(ba.time > 1000, 100, 400))'], signal)
    // A ramp delayed by 100, then by 400 samples.
    expect(moved![900]! - signal[800]!).toBeCloseTo(0, 9)
    expect(moved![1900]! - signal[1500]!).toBeCloseTo(0, 9)
    const steps = Array.from(moved!)
      .slice(601)
      .map((x, i) => Math.abs(x - moved![600 + i]!))
    expect(Math.max(...steps)).toBeLessThan(0.002)
  })
})

describe('fractional delays', () => {
  /** Delay (samples) at a frequency, from the phase. */
  const delayAt = (h: Float64Array, hertz: number, near: number) => {
    const turns = -phaseAt(h, hertz) / (2 * Math.PI)
    const period = RATE / hertz
    return (turns + Math.round(near / period - turns)) * period
  }

  it.each([
    ['de.fdelay(64, D)', 1e-3, 0.02],
    ['de.fdelay1(64, D)', 1e-3, 0.02],
    ['de.fdelay2(64, D)', 2e-3, 0.01],
    ['de.fdelay3(64, D)', 1e-4, 0.001],
    ['de.fdelay4(64, D)', 1e-5, 0.001],
    ['de.fdelay5(64, D)', 1e-6, 0.0001],
    ['de.fdelay1a(64, D)', 0.01, 1e-9],
    ['de.fdelay2a(64, D)', 1e-3, 1e-9],
    ['de.fdelay3a(64, D)', 1e-4, 1e-9],
    ['de.fdelay4a(64, D)', 1e-5, 1e-9],
  ] as const)('%s is right at 1 kHz', async (code, delayError, gainError) => {
    const delays = [20, 20.25, 20.5, 20.9]
    const responses = await impulseResponses(
      delays.map(d => code.replace('D', String(d))),
      4096,
    )
    responses.forEach((h, i) => {
      expect(Math.abs(delayAt(h, 1000, delays[i]!) - delays[i]!)).toBeLessThan(delayError)
      expect(Math.abs(gainAt(h, 1000) - 1)).toBeLessThan(gainError)
    })
  })

  it('give a polynomial of their order exactly', async () => {
    const cubic = (t: number) => 1 + 0.1 * t - 0.02 * t * t + 0.001 * t ** 3
    const signal = Array.from({ length: 60 }, (_, n) => cubic(n))
    const [third, fourth] = await applyEach(['de.fdelay3(32, 10.37)', 'de.fdelay4(32, 10.37)'], signal)
    for (let n = 20; n < 60; n++) {
      expect(third![n]!).toBeCloseTo(cubic(n - 10.37), 9)
      expect(fourth![n]!).toBeCloseTo(cubic(n - 10.37), 9)
    }
  })

  it('chooses lengths without common factors', async () => {
    const channels = await renderAll(['de.prime_power_delays(8, 5, 40)'], { frames: 1 })
    const lengths = channels.map(channel => channel[0]!)
    lengths.forEach((length, i) => {
      expect(Number.isInteger(length)).toBe(true)
      for (const other of lengths.slice(i + 1)) expect(greatestCommonDivisor(length, other)).toBe(1)
    })
  })

  const greatestCommonDivisor = (a: number, b: number): number =>
    b === 0 ? a : greatestCommonDivisor(b, a % b)
})

describe('effects with delays', () => {
  it('echo repeats at its time, softer each', async () => {
    const [h] = await impulseResponses(['ef.echo(0.1, 0.01, 0.5)'], 2000)
    const found = Array.from(h!).flatMap((x, n) => (x === 0 ? [] : [[n, x]]))
    expect(found).toEqual([0, 1, 2, 3, 4].map(k => [441 * k, 0.5 ** k]))
  })

  it('transpose shifts by semitones', async () => {
    for (const semitones of [-12, 7, 12]) {
      const [shifted] = await renderAll([`os.osc(440) : ef.transpose(2000, 400, ${semitones})`], {
        frames: RATE,
      })
      const expected = 440 * 2 ** (semitones / 12)
      expect(crossingFrequency(shifted!.subarray(4000)) / expected).toBeCloseTo(1, 1)
    }
  })

  it('flanger is a comb of its delay', async () => {
    const [normal, inverted] = await impulseResponses(
      ['pf.flanger_mono(128, 50, 1, 0, 1)', 'pf.flanger_mono(128, 50, 1, 0, 0)'],
      4096,
    )
    const tooth = RATE / 50
    expect(gainAt(normal!, tooth)).toBeCloseTo(1, 6)
    expect(gainAt(normal!, 1.5 * tooth)).toBeCloseTo(0, 6)
    expect(gainAt(inverted!, tooth)).toBeCloseTo(0, 6)
    expect(gainAt(inverted!, 1.5 * tooth)).toBeCloseTo(1, 6)
  })

  it('phaser has as many notches as it is asked for, and vibrato alone is an allpass', async () => {
    const code = (depth: number) => `pf.phaser2_mono(3, 0, 500, 400, 2, 400, 0, ${depth}, 0, 0)`
    const [notched, vibrato] = await impulseResponses([code(1), code(2)], 16_384)
    const levels = Array.from({ length: 400 }, (_, i) => gainAt(notched!, 100 * 1.0145 ** i))
    const notches = levels.filter((x, i) => x < 0.2 && x < (levels[i - 1] ?? 0) && x < (levels[i + 1] ?? 0))
    expect(notches.length).toBe(3)
    for (const f of [100, 800, 1600, 3200, 10_000]) expect(gainAt(vibrato!, f)).toBeCloseTo(1, 6)
  })

  it('flanger and phaser stay below their feedback’s bound', async () => {
    const codes = [
      'no.noise : pf.flanger_mono(512, 200 + 199*os.osc(3), 1, 0.9, 0)',
      'no.noise : pf.phaser2_mono(4, 0, 500, 100, 1.5, 2000, 5, 1, 0.9, 0)',
    ]
    for (const channel of await renderAll(codes, { frames: RATE })) expect(peak(channel)).toBeLessThan(10)
  })
})
