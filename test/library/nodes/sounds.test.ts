/**
 * Oscillators, noise, shapers, conversions, mixers, dynamics and reverb: values against formulas.
 */
import { describe, expect, it } from 'vitest'
import { scaleOffsets } from '../../../src/core/nodes/scale.ts'
import { decibels, gainAt, noiseSignal, RATE, run, triggersAt } from './run-node.ts'

const turns = (frequency: number) => (n: number) => {
  const phase = (n * frequency) / RATE
  return phase - Math.floor(phase)
}

/** Magnitude of the k-th harmonic of a signal with a whole number of periods. */
const harmonic = (signal: readonly number[], hertz: number) => (2 * gainAt(signal, hertz)) / signal.length

describe('oscillators', () => {
  // 375 Hz has 128 frames a period: whole periods, so that harmonics fall between none.
  const FREQUENCY = 375
  const FRAMES = 12_800

  it('phase ramps from 0, backwards too', async () => {
    expect((await run('phase', { freq: 1000, reset: 0 }, 3))[0]![2]!).toBeCloseTo(2000 / RATE, 15)
    expect((await run('phase', { freq: -12_000, reset: 0 }, 5))[0]).toEqual([0, -0.25, -0.5, -0.75, 0])
  })

  it('sine is the sine of its phase and offset', async () => {
    const [out] = await run('sine', { freq: FREQUENCY, offset: 0.25, reset: triggersAt(100) }, 200)
    const phase = turns(FREQUENCY)
    out!.forEach((x, n) => {
      const t = phase(n < 100 ? n : n - 100)
      expect(x).toBeCloseTo(Math.sin(2 * Math.PI * (t + 0.25)), 9)
    })
  })

  it.each([
    ['saw', {}, (k: number) => 2 / (Math.PI * k)],
    ['square', {}, (k: number) => (k % 2 === 1 ? 4 / (Math.PI * k) : 0)],
    ['square', { width: 0.25 }, (k: number) => Math.abs((4 / (Math.PI * k)) * Math.sin(Math.PI * k * 0.25))],
    ['tri', {}, (k: number) => (k % 2 === 1 ? 8 / (Math.PI * k) ** 2 : 0)],
  ] as const)('%s %o has the harmonics of its Fourier series', async (name, inputs, size) => {
    const [out] = await run(name, { freq: FREQUENCY, ...inputs }, FRAMES)
    for (let k = 1; k <= 8; k++) expect(harmonic(out!, k * FREQUENCY)).toBeCloseTo(size(k), 2)
    expect(Math.max(...out!.map(Math.abs))).toBeLessThanOrEqual(1.001)
  })

  it.each(['saw', 'square', 'tri'])('%s aliases far less than its naive form', async name => {
    // 5 kHz has 9.6 frames a period; its 6th harmonic aliases to 18 kHz, which is no harmonic.
    const [out] = await run(name, { freq: 5000 }, 48_000)
    const t = turns(5000)
    const naive = out!.map((_, n) => {
      if (name === 'saw') return 2 * t(n) - 1
      return name === 'square' ? (t(n) < 0.5 ? 1 : -1) : 1 - 4 * Math.abs(t(n) - 0.5)
    })
    const aliases = [3000, 8000, 13_000, 18_000]
    const power = (signal: readonly number[]) =>
      aliases.reduce((sum, hertz) => sum + harmonic(signal, hertz) ** 2, 0)
    expect(decibels(Math.sqrt(power(out!) / power(naive)))).toBeLessThan(-6)
  })

  it('saw, square and tri stand still at 0 Hz, and run backwards', async () => {
    for (const name of ['saw', 'square', 'tri']) {
      const [still] = await run(name, { freq: 0 }, 10)
      expect(still!.every(x => x === still![0] && Math.abs(x) <= 1)).toBe(true)
      const [forth] = await run(name, { freq: FREQUENCY }, 1000)
      const [back] = await run(name, { freq: -FREQUENCY }, 1000)
      // Inside a period both pass the same phases in opposite order.
      for (const n of [10, 40, 90]) expect(back![n]!).toBeCloseTo(forth![128 - n]!, 6)
    }
  })

  it('vps with its bend in the middle is a cosine; with a half turn at d, a bent one', async () => {
    const [plain] = await run('vps', { freq: FREQUENCY }, 256)
    const phase = turns(FREQUENCY)
    for (const [n, x] of plain!.entries()) expect(x).toBeCloseTo(-Math.cos(2 * Math.PI * phase(n)), 9)
    const [bent] = await run('vps', { freq: FREQUENCY, d: 0.25 }, 128)
    expect(bent![32]!).toBeCloseTo(1, 12)
    expect(bent![80]!).toBeCloseTo(-Math.cos(2 * Math.PI * 0.75), 9)
  })

  it('lfo turns where it is told', async () => {
    const [out] = await run('lfo', { freq: FREQUENCY, turn: 0.25 }, 129)
    expect([0, 16, 32, 80, 128].map(n => out![n])).toEqual([0, 0.5, 1, 0.5, 0])
  })
})

describe('noise and random', () => {
  const FRAMES = 100_000
  const mean = (x: readonly number[]) => x.reduce((a, b) => a + b, 0) / x.length

  it('noise follows its recurrence', async () => {
    const [out] = await run('noise', { seed: 5 }, 1000)
    let x = Math.imul(5, 2_654_435_769)
    out!.forEach(value => {
      x = (Math.imul(x, 1_664_525) + 1_013_904_223) | 0
      expect(value).toBe(x / 2 ** 31)
    })
  })

  it('noise is uniform and white, and other seeds are other noise', async () => {
    const [a] = await run('noise', {}, FRAMES)
    const [b] = await run('noise', { seed: 2 }, FRAMES)
    expect(Math.abs(mean(a!))).toBeLessThan(0.01)
    expect(mean(a!.map(x => x * x))).toBeCloseTo(1 / 3, 2)
    for (const lag of [1, 2, 3, 16]) {
      expect(Math.abs(mean(a!.map((x, n) => x * (a![n + lag] ?? 0))))).toBeLessThan(0.01)
    }
    expect(Math.abs(mean(a!.map((x, n) => x * b![n]!)))).toBeLessThan(0.01)
  })

  it('pink is its three filters in parallel', async () => {
    const [white] = await run('noise', {}, 3000)
    const [out] = await run('pink', {}, 3000)
    const b = [0, 0, 0]
    const coefficients = [
      [0.99765, 0.099046],
      [0.963, 0.2965164],
      [0.57, 1.0526913],
    ] as const
    white!.forEach((w, n) => {
      coefficients.forEach(([pole, gain], i) => {
        b[i] = pole * b[i]! + gain * w
      })
      expect(out![n]!).toBeCloseTo(b[0]! + b[1]! + b[2]! + 0.1848 * w, 9)
    })
  })

  it('random holds one uniform value a trigger', async () => {
    const [out] = await run('random', { trig: n => n % 2 }, 20_000)
    expect(out![0]).toBe(0)
    const values = out!.filter((_, n) => n % 2 === 1)
    expect(out!.filter((_, n) => n % 2 === 0).slice(1)).toEqual(values.slice(0, -1))
    expect(new Set(values).size).toBeGreaterThan(9900)
    expect(mean(values)).toBeCloseTo(0.5, 1)
    expect(Math.min(...values)).toBeGreaterThanOrEqual(0)
    expect(Math.max(...values)).toBeLessThan(1)
  })

  it('dust has its density', async () => {
    const [out] = await run('dust', { density: 480 }, FRAMES)
    const count = out!.filter(x => x !== 0).length
    expect(Math.abs(count - 1000)).toBeLessThan(100)
    expect(mean(out!.filter(x => x !== 0))).toBeCloseTo(0.5, 1)
  })
})

describe('shapers', () => {
  const input = noiseSignal(500).map(x => 5 * x)

  it.each([
    ['drive', { gain: 0.5 }, (x: number) => Math.tanh(0.5 * x)],
    ['softclip', {}, (x: number) => (Math.abs(x) >= 1 ? Math.sign(x) : 1.5 * x - 0.5 * x ** 3)],
    ['clip', { low: -2, high: 0.5 }, (x: number) => Math.max(-2, Math.min(x, 0.5))],
    ['fold', {}, (x: number) => (2 / Math.PI) * Math.asin(Math.sin((Math.PI / 2) * x))],
    ['crush', { bits: 4 }, (x: number) => Math.floor(x * 8 + 0.5) / 8],
    ['quant', { step: 0.3 }, (x: number) => Math.floor(x / 0.3 + 0.5) * 0.3],
    ['quant', { step: 0 }, (x: number) => x],
    ['wrap', { low: -1, high: 2 }, (x: number) => -1 + ((((x + 1) % 3) + 3) % 3)],
    ['map', { from0: -1, from1: 1, to0: 10, to1: 30 }, (x: number) => 20 + 10 * x],
  ] as const)('%s %o', async (name, inputs, formula) => {
    const [out] = await run(name, { input, ...inputs }, input.length)
    for (const [n, y] of out!.entries()) expect(y).toBeCloseTo(formula(input[n]!), 9)
  })

  it('decimate holds at the lower rate', async () => {
    const [out] = await run('decimate', { input: n => n, freq: RATE / 4 }, 12)
    expect(out).toEqual([0, 0, 0, 0, 4, 4, 4, 4, 8, 8, 8, 8])
  })
})

describe('conversions and quantisers', () => {
  it.each([
    ['mtof', 'note', [69, 57, 60], [440, 220, 261.6255653005986]],
    ['ftom', 'freq', [440, 880, 27.5], [69, 81, 21]],
    ['dbtoa', 'db', [0, -20, 6, -89.9, -90], [1, 0.1, 1.9952623149688795, 10 ** (-89.9 / 20), 0]],
    ['atodb', 'gain', [1, 0.1, -2, 0.00003, 0], [0, -20, 6.020599913279624, -90, -90]],
  ] as const)('%s', async (name, input, values, expected) => {
    const [out] = await run(name, { [input]: [...values] }, values.length)
    for (const [i, value] of expected.entries()) expect(out![i]!).toBeCloseTo(value, 9)
  })

  it('scale finds the nearest note, the lower of two', async () => {
    const notes = [60, 61, 61.6, 63, 66, 70, 71.4, 48.5]
    const [major] = await run('scale', { note: notes }, notes.length)
    expect(major).toEqual([60, 60, 62, 62, 65, 69, 71, 48])
    // Only C and F sharp: every note is at most three semitones away.
    expect(scaleOffsets(0b0000_0100_0001)).toEqual([0, -1, -2, -3, 2, 1, 0, -1, -2, -3, 2, 1])
    expect(scaleOffsets(0)).toEqual(new Array(12).fill(0))
  })
})

describe('mixing', () => {
  const a = noiseSignal(100, 3)
  const b = noiseSignal(100, 4)
  const mix = (n: number) => n / 99

  it('xfade is linear, xfade~ keeps the power', async () => {
    const [linear] = await run('xfade', { a, b, mix }, 100)
    const [power] = await run('xfade~', { a, b, mix }, 100)
    for (let n = 0; n < 100; n++) {
      expect(linear![n]!).toBeCloseTo(a[n]! * (1 - mix(n)) + b[n]! * mix(n), 12)
      const angle = (mix(n) * Math.PI) / 2
      expect(power![n]!).toBeCloseTo(a[n]! * Math.cos(angle) + b[n]! * Math.sin(angle), 9)
    }
  })

  it('pan keeps the power', async () => {
    const [left, right] = await run('pan', { input: 1, pan: n => -1.5 + n / 33 }, 100)
    for (let n = 0; n < 100; n++) expect(left![n]! ** 2 + right![n]! ** 2).toBeCloseTo(1, 9)
    expect([left![0], right![99]!]).toEqual([1, expect.closeTo(1, 12)])
    expect(left![50]! - right![50]!).toBeLessThan(0)
  })
})

describe('dynamics and reverb', () => {
  it('comp reduces what is above the threshold to a part, with its times', async () => {
    const inputs = { threshold: -20, ratio: 4, attack: 0.01, release: 0.1 }
    const [out, reduction] = await run('comp', { input: n => (n < 24_000 ? 1 : 0.1), ...inputs }, 48_000)
    expect(reduction![479]!).toBeCloseTo(15 * (1 - Math.exp(-1)), 9)
    expect(decibels(out![23_999]!)).toBeCloseTo(-15, 6)
    expect(reduction![23_999 + 4800]! / reduction![23_999]!).toBeCloseTo(Math.exp(-1), 6)
    const [quiet] = await run('comp', { input: 0.05, ...inputs }, 100)
    expect(quiet!.every(x => x === 0.05)).toBe(true)
  })

  it('plate has its first taps where the paper puts them', async () => {
    // At its reference rate lengths are whole samples. The shortest way to the left output passes the four diffusers'
    // direct gains and tap 266 of the second half's first delay, behind the direct gain of its moving all-pass.
    const options = { sampleRate: 29_761 }
    const [left, right] = await run('plate', { left: [2], bandwidth: 1, decay: 0.5 }, 30_000, options)
    const direct = 0.75 * 0.75 * 0.625 * 0.625
    expect(left!.slice(0, 266).every(x => x === 0)).toBe(true)
    expect(left![266]!).toBeCloseTo(0.6 * direct * -0.7, 9)
    expect(right!.slice(0, 353).every(x => x === 0)).toBe(true)
    expect(right![353]!).toBeCloseTo(0.6 * direct * -0.7, 9)
  })

  it('plate dies away the faster the less comes round again, and never grows', async () => {
    const energy = async (decay: number) => {
      const [left] = await run('plate', { left: [1], decay, damping: 0.2 }, 96_000)
      return left!.slice(72_000).reduce((sum, x) => sum + x * x, 0)
    }
    const [short, long, longest] = [await energy(0.3), await energy(0.7), await energy(0.95)]
    expect(short).toBeLessThan(long / 10)
    expect(long).toBeLessThan(longest / 10)
    const [loud] = await run('plate', { left: noiseSignal(96_000), decay: 1 }, 96_000)
    expect(Math.max(...loud!.map(Math.abs))).toBeLessThan(50)
  })
})
