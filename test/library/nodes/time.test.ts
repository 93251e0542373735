/**
 * Triggers, clocks, holds, slews, delays and envelopes: what happens in which frame.
 */
import { describe, expect, it } from 'vitest'
import { framesOfTriggers, gainAt, noiseSignal, RATE, run, triggersAt } from './run-node.ts'

const gateBetween = (start: number, end: number) => (n: number) => (n >= start && n < end ? 1 : 0)

describe('triggers and gates', () => {
  it('trig fires above 0.5, once, and again after 0.25', async () => {
    const input = [0, 0.5, 0.50001, 0.6, 0.3, 0.25, 0.6, 0.26, 0.6, 0.2, 0.51]
    const [out] = await run('trig', { input }, input.length)
    expect(framesOfTriggers(out!)).toEqual([2, 6, 10])
  })

  it('gate opens and closes at its two thresholds', async () => {
    const input = [0.3, 0.8, 0.5, 0.4, 0.39, 0.7, 0.71, 0.4]
    const [out] = await run('gate', { input, low: 0.39, high: 0.7 }, input.length)
    expect(out).toEqual([0, 1, 1, 1, 0, 0, 1, 1])
  })

  it('pulse lasts ⌈time · rate⌉ frames, and starts anew', async () => {
    const [out] = await run('pulse', { trig: triggersAt(10, 300, 320), time: 0.002 }, 600)
    const expected = gateBetween(10, 10 + 96)
    const again = gateBetween(300, 320 + 96)
    expect(out).toEqual(Array.from({ length: 600 }, (_, n) => expected(n) + again(n)))
  })

  it('change fires on moves that are large enough', async () => {
    const [out] = await run('change', { input: [0, 0, 1e-8, 0.5, 0.5, 0.9, 0.04], by: 0.45 }, 7)
    expect(framesOfTriggers(out!)).toEqual([0, 3, 6])
  })

  it('toggle turns at each trigger', async () => {
    const [out] = await run('toggle', { trig: triggersAt(1, 3, 5), reset: triggersAt(7) }, 9)
    expect(out).toEqual([0, 1, 1, 0, 0, 1, 1, 0, 0])
  })

  it('divide passes the first of three', async () => {
    const trig = triggersAt(1, 3, 5, 7, 9, 11, 13)
    const [out] = await run('divide', { trig, by: 3, reset: triggersAt(10) }, 15)
    expect(framesOfTriggers(out!)).toEqual([1, 7, 11])
  })

  it('count goes round', async () => {
    const trig = (n: number) => n % 2
    const [count, wrap] = await run('count', { trig, steps: 3, reset: triggersAt(10) }, 13)
    expect(count).toEqual([0, 1, 1, 2, 2, 0, 0, 1, 1, 2, 0, 1, 1])
    expect(framesOfTriggers(wrap!)).toEqual([5])
  })
})

describe('clocks', () => {
  it('clock beats every 60 / bpm seconds, from the start', async () => {
    const [trig, phase] = await run('clock', { bpm: 125 }, 100_000)
    // 0.48 s are 23 040 frames; a rounding of the phase may move a beat by one.
    framesOfTriggers(trig!).forEach((frame, i) => {
      expect(Math.abs(frame - 23_040 * i)).toBeLessThanOrEqual(1)
    })
    expect(framesOfTriggers(trig!)).toHaveLength(5)
    expect(phase![11_520]!).toBeCloseTo(0.5, 9)
  })

  it('clock starts over with its reset', async () => {
    const [trig] = await run('clock', { bpm: 600, reset: triggersAt(1000) }, 6000)
    expect(framesOfTriggers(trig!).slice(0, 3)).toEqual([0, 1000, 5800])
  })

  it('syncphase ramps at the pace of the last two triggers', async () => {
    const [phase] = await run('syncphase', { trig: triggersAt(5, 15, 35) }, 70)
    expect(phase!.slice(0, 15).every(x => x === 0)).toBe(true)
    expect(phase!.slice(15, 25)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9].map(n => n / 10))
    expect(phase![30]).toBe(1)
    expect(phase![45]).toBe(0.5)
  })

  it('period measures', async () => {
    const [period, frequency] = await run('period', { trig: triggersAt(5, 485) }, 600)
    expect([period![400], frequency![400]]).toEqual([0, 0])
    expect(period![500]!).toBeCloseTo(0.01, 12)
    expect(frequency![500]).toBe(100)
  })
})

describe('sample and hold', () => {
  it('s&h takes a value at a rise', async () => {
    const [out] = await run('s&h', { input: n => n, set: gateBetween(3, 8) }, 12)
    expect(out).toEqual([0, 0, 0, 3, 3, 3, 3, 3, 3, 3, 3, 3])
  })

  it('t&h follows while its gate is open', async () => {
    const [out] = await run('t&h', { input: n => n + 1, gate: gateBetween(2, 5) }, 8)
    expect(out).toEqual([0, 0, 3, 4, 5, 5, 5, 5])
  })
})

describe('slew and smoothing', () => {
  it('slew moves 1 in its time, up and down', async () => {
    const [out] = await run('slew', { input: gateBetween(0, 900), rise: 0.01, fall: 0.005 }, 1500)
    expect(out![239]!).toBeCloseTo(0.5, 9)
    expect(out![500]).toBe(1)
    expect(out![900 + 59]!).toBeCloseTo(0.75, 9)
    expect(out![1200]).toBe(0)
    const [free] = await run('slew', { input: [0, 5, -5], rise: 0, fall: 0.0001 }, 3)
    expect(free).toEqual([0, 5, -5])
  })

  it('smooth is within 1/e after its time', async () => {
    const [out] = await run('smooth', { input: 1, time: 0.01 }, 1000)
    expect(out![479]!).toBeCloseTo(1 - Math.exp(-1), 12)
    expect((await run('smooth', { input: 3, time: 0 }, 2))[0]).toEqual([3, 3])
  })

  it('ramp arrives when it must, exactly', async () => {
    const [out] = await run('ramp', { target: n => (n < 5 ? 0 : n < 600 ? 0.3 : -1), time: 0.01 }, 1200)
    expect(out![4]).toBe(0)
    expect(out![5 + 239]!).toBeCloseTo(0.15, 12)
    expect(out![5 + 478]).not.toBe(0.3)
    expect(out![5 + 479]).toBe(0.3)
    expect(out![600 + 479]).toBe(-1)
  })
})

describe('delays', () => {
  const input = noiseSignal(3000)
  const at = (n: number) => input[n] ?? 0

  it('z1 is one sample', async () => {
    expect((await run('z1', { input: [1, 2, 3] }, 4))[0]).toEqual([0, 1, 2, 3])
  })

  it('delay takes the nearest sample', async () => {
    const [out] = await run('delay', { input, time: 700.4 / RATE }, 3000)
    expect(out).toEqual(input.map((_, n) => at(n - 700)))
    expect((await run('delay', { input, time: 0 }, 3000))[0]).toEqual(input)
  })

  it('delays stay within their longest', async () => {
    const [out] = await run('delay', { input, time: 99, max: 0.01 }, 3000)
    expect(out).toEqual(input.map((_, n) => at(n - 480)))
  })

  it('delay~ goes straight between samples', async () => {
    const [out] = await run('delay~', { input, time: n => (500.25 + n / 8) / RATE }, 3000)
    for (let n = 900; n < 3000; n += 97) {
      const d = 500.25 + n / 8
      const whole = Math.floor(d)
      const expected = at(n - whole) * (1 - (d - whole)) + at(n - whole - 1) * (d - whole)
      expect(out![n]!).toBeCloseTo(expected, 9)
    }
  })

  it('delay3 is exact for cubics, and passes through samples', async () => {
    const cubic = (x: number) => 1e-7 * x ** 3 - 2e-4 * x ** 2 + 0.03 * x
    const [out] = await run('delay3', { input: n => cubic(n), time: 100.3 / RATE }, 1000)
    // Catmull-Rom reproduces quadratics; of the cubic only the rest of its slopes' error is left.
    expect(Math.abs(out![700]! - cubic(700 - 100.3))).toBeLessThan(1e-7)
    const [whole] = await run('delay3', { input, time: 50 / RATE }, 3000)
    expect(whole![1234]!).toBeCloseTo(at(1234 - 50), 9)
  })

  it('comb echoes with g, g², g³, …', async () => {
    const [out] = await run('comb', { input: [1], time: 100 / RATE, gain: 0.5 }, 401)
    expect([100, 200, 300, 400].map(n => out![n]!)).toEqual([0.5, 0.25, 0.125, 0.0625])
    expect(out!.filter(x => x !== 0)).toHaveLength(5)
  })

  it('ffcomb echoes once', async () => {
    const [out] = await run('ffcomb', { input: [1], time: 100 / RATE, gain: -0.25 }, 401)
    expect([out![0], out![100], out!.filter(x => x !== 0).length]).toEqual([1, -0.25, 2])
  })

  it('allpass is as loud at every frequency, and begins with -g and 1 - g²', async () => {
    const [out] = await run('allpass', { input: [1], time: 37 / RATE, gain: 0.6 }, 4000)
    expect(out![0]).toBe(-0.6)
    expect(out![37]!).toBeCloseTo(1 - 0.36, 12)
    for (const hertz of [100, 1234, 9000]) expect(gainAt(out!, hertz)).toBeCloseTo(1, 9)
  })
})

describe('envelopes', () => {
  it('ad rises and falls in straight lines, and tells its end', async () => {
    const [env, end] = await run('ad', { trig: triggersAt(10), attack: 0.005, decay: 0.01 }, 1000)
    expect(env![9]).toBe(0)
    expect(env![9 + 120]!).toBeCloseTo(0.5, 9)
    expect(Math.max(...env!)).toBe(1)
    const top = env!.indexOf(1)
    expect(Math.abs(top - (9 + 240))).toBeLessThanOrEqual(1)
    expect(env![top + 120]!).toBeCloseTo(0.75, 9)
    const [last] = framesOfTriggers(end!)
    expect(Math.abs(last! - top - 480)).toBeLessThanOrEqual(1)
    expect(env!.slice(last).every(x => x === 0)).toBe(true)
  })

  it('ad bends by powers', async () => {
    const straight = await run('ad', { trig: triggersAt(0) }, 3000)
    const bent = await run('ad', { trig: triggersAt(0), curve: 2 }, 3000)
    bent[0]!.forEach((x, n) => {
      expect(x).toBeCloseTo(straight[0]![n]! ** 4, 12)
    })
  })

  it('adsr: straight attack, -60 dB in the times of decay and release', async () => {
    const times = { attack: 0.01, decay: 0.02, sustain: 0.5, release: 0.05 }
    const [env] = await run('adsr', { gate: gateBetween(0, 9600), ...times }, 14_400)
    expect(env![239]!).toBeCloseTo(0.5, 9)
    const top = env!.indexOf(1)
    expect(Math.abs(top - 479)).toBeLessThanOrEqual(1)
    expect((env![top + 960]! - 0.5) / 0.5).toBeCloseTo(0.001, 9)
    expect(env![9599]!).toBeCloseTo(0.5, 6)
    expect(env![9599 + 2400]! / env![9599]!).toBeCloseTo(0.001, 9)
  })

  it('follow rises with one time constant and falls with the other', async () => {
    const input = (n: number) => (n < 1000 ? (n % 2 === 0 ? 0.8 : -0.8) : 0)
    const [level] = await run('follow', { input, attack: 0.002, release: 0.02 }, 3000)
    expect(level![95]!).toBeCloseTo(0.8 * (1 - Math.exp(-1)), 12)
    expect(level![999 + 960]! / level![999]!).toBeCloseTo(Math.exp(-1), 12)
  })
})
