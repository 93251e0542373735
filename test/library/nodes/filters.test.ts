/**
 * Filters against their transfer functions: of the analogue prototype where the bilinear transform keeps it.
 */
import { describe, expect, it } from 'vitest'
import { decibels, gainAt, noiseSignal, RATE, run } from './run-node.ts'

const FRAMES = 1 << 14
const IMPULSE = [1]

async function responses(name: string, inputs: Record<string, number>): Promise<number[][]> {
  return run(name, { input: IMPULSE, ...inputs }, FRAMES)
}

/** Frequency of the analogue prototype that the bilinear transform puts at `hertz`, for a filter tuned to `cutoff`. */
const warped = (hertz: number, cutoff: number) =>
  Math.tan((Math.PI * hertz) / RATE) / Math.tan((Math.PI * cutoff) / RATE)

const PROBES = [50, 300, 1000, 2500, 7000, 15_000]
const CUTOFF = 1000

describe('one pole', () => {
  it('lp1: (1 - b) / |1 - b e^-iω|, b = e^(-2π f / rate)', async () => {
    const [h] = await responses('lp1', { freq: CUTOFF })
    const b = Math.exp((-2 * Math.PI * CUTOFF) / RATE)
    for (const hertz of PROBES) {
      const omega = (2 * Math.PI * hertz) / RATE
      const expected = (1 - b) / Math.hypot(1 - b * Math.cos(omega), b * Math.sin(omega))
      expect(gainAt(h!, hertz)).toBeCloseTo(expected, 10)
    }
  })

  it('hp1: nothing at 0 Hz, all at half the rate', async () => {
    const [h] = await responses('hp1', { freq: CUTOFF })
    const b = Math.exp((-2 * Math.PI * CUTOFF) / RATE)
    expect(gainAt(h!, 0)).toBeCloseTo(0, 10)
    expect(gainAt(h!, RATE / 2)).toBeCloseTo(1, 10)
    const omega = (2 * Math.PI * CUTOFF) / RATE
    const numerator = ((1 + b) / 2) * 2 * Math.sin(omega / 2)
    expect(gainAt(h!, CUTOFF)).toBeCloseTo(
      numerator / Math.hypot(1 - b * Math.cos(omega), b * Math.sin(omega)),
      10,
    )
  })

  it('tpt1: 1 / √(1 + Ω²) and Ω / √(1 + Ω²)', async () => {
    const [lp, hp] = await responses('tpt1', { freq: CUTOFF })
    for (const hertz of PROBES) {
      const w = warped(hertz, CUTOFF)
      expect(gainAt(lp!, hertz)).toBeCloseTo(1 / Math.hypot(1, w), 10)
      expect(gainAt(hp!, hertz)).toBeCloseTo(w / Math.hypot(1, w), 10)
    }
  })

  it('ap1: gain 1 everywhere, a quarter turn at its frequency', async () => {
    const [h] = await responses('ap1', { freq: CUTOFF })
    for (const hertz of PROBES) expect(gainAt(h!, hertz)).toBeCloseTo(1, 10)
    const period = RATE / CUTOFF
    const [y] = await run('ap1', { input: n => Math.sin((2 * Math.PI * n) / period), freq: CUTOFF }, 4800)
    // Later by 90°: where the input is at its top, the output crosses 0.
    expect(y![4800 - period + period / 4]!).toBeCloseTo(0, 9)
    expect(y![4800 - period / 2]!).toBeCloseTo(1, 9)
  })

  it('dcblock: nothing at 0 Hz, (1 + r) / 2 · … above', async () => {
    const [h] = await responses('dcblock', {})
    expect(gainAt(h!, 0)).toBeCloseTo(0, 9)
    expect(gainAt(h!, RATE / 2)).toBeCloseTo(2 / 1.995, 9)
    const [fast] = await run('dcblock', { input: IMPULSE }, FRAMES, { sampleRate: 96_000 })
    expect(fast![1]!).toBeCloseTo(0.9965 - 1, 12)
  })
})

describe('second order', () => {
  const q = 2.5

  /** |prototype(iΩ)| for b₀ + b₁ s + b₂ s² over 1 + s / q + s². */
  const analogue = (b: readonly [number, number, number], w: number, poles = 1 / q) =>
    Math.hypot(b[0] - b[2] * w * w, b[1] * w) / Math.hypot(1 - w * w, poles * w)

  it.each([
    ['lp2', [1, 0, 0]],
    ['hp2', [0, 0, 1]],
    ['bp2', [0, 1 / q, 0]],
    ['notch', [1, 0, 1]],
  ] as const)('%s is its analogue prototype, warped', async (name, numerator) => {
    const [h] = await responses(name, { freq: CUTOFF, q })
    for (const hertz of PROBES) {
      expect(gainAt(h!, hertz)).toBeCloseTo(analogue(numerator, warped(hertz, CUTOFF)), 9)
    }
  })

  it.each([-12, 6])('peakeq of %i dB is its analogue prototype, warped', async gain => {
    const [h] = await responses('peakeq', { freq: CUTOFF, q, gain })
    const a = 10 ** (gain / 40)
    for (const hertz of PROBES) {
      const expected = analogue([1, a / q, 1], warped(hertz, CUTOFF), 1 / (a * q))
      expect(gainAt(h!, hertz)).toBeCloseTo(expected, 9)
    }
    expect(decibels(gainAt(h!, CUTOFF))).toBeCloseTo(gain, 9)
  })

  it.each([-9, 9])(
    'shelves of %i dB: all on their side, half at their frequency, nothing beyond',
    async gain => {
      const [low] = await responses('lowshelf', { freq: CUTOFF, gain })
      const [high] = await responses('highshelf', { freq: CUTOFF, gain })
      for (const [h, full, none] of [
        [low!, 0, RATE / 2],
        [high!, RATE / 2, 0],
      ] as const) {
        expect(decibels(gainAt(h, full))).toBeCloseTo(gain, 9)
        expect(decibels(gainAt(h, CUTOFF))).toBeCloseTo(gain / 2, 9)
        expect(decibels(gainAt(h, none))).toBeCloseTo(0, 9)
      }
    },
  )

  it('svf: six responses of one prototype', async () => {
    const res = 0.6
    const k = 2 - 1.989 * res
    const all = await responses('svf', { freq: CUTOFF, res })
    const numerators = [
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
      [1, 0, 1],
      [1, 0, -1],
      [1, -k, 1],
    ] as const
    for (const hertz of PROBES) {
      const w = warped(hertz, CUTOFF)
      for (const [i, b] of numerators.entries()) {
        expect(gainAt(all[i]!, hertz)).toBeCloseTo(analogue(b, w, k), 9)
      }
    }
  })

  it('reson: close to 0 dB at its peak, -3 dB half a bandwidth away', async () => {
    const [h] = await run('reson', { input: IMPULSE, freq: 3000, bandwidth: 40 }, 1 << 16)
    expect(decibels(gainAt(h!, 3000))).toBeCloseTo(0, 1)
    expect(decibels(gainAt(h!, 3020))).toBeCloseTo(-3.01, 1)
    expect(decibels(gainAt(h!, 2980))).toBeCloseTo(-3.01, 1)
  })
})

describe('ladder', () => {
  /** Small enough for tanh to be linear to 1e-8. */
  const QUIET = 1e-4

  it.each([0, 0.5])('is four poles in a loop for quiet signals, resonance %f', async res => {
    const [lp, lp12] = await run('ladder', { input: [QUIET], freq: CUTOFF, res }, FRAMES)
    for (const hertz of PROBES) {
      const w = warped(hertz, CUTOFF)
      // 1 / ((1 + iΩ)⁴ + 4 res): real and imaginary part of the fourth power.
      const real = 1 - 6 * w * w + w ** 4 + 4 * res
      const imaginary = 4 * w - 4 * w ** 3
      const whole = 1 / Math.hypot(real, imaginary)
      expect(gainAt(lp!, hertz) / QUIET).toBeCloseTo(whole, 6)
      expect(gainAt(lp12!, hertz) / QUIET).toBeCloseTo(whole * (1 + w * w), 6)
    }
  })

  it('oscillates by itself above a resonance of 1, without growing', async () => {
    const [lp] = await run('ladder', { input: IMPULSE, freq: CUTOFF, res: 1.1 }, 48_000)
    const late = lp!.slice(40_000)
    const top = Math.max(...late)
    expect(top).toBeGreaterThan(0.05)
    expect(top).toBeLessThan(1)
    const crossings = late.filter((y, n) => n > 0 && y >= 0 && late[n - 1]! < 0).length
    expect(crossings / (late.length / RATE)).toBeGreaterThan(0.9 * CUTOFF)
    expect(crossings / (late.length / RATE)).toBeLessThan(1.1 * CUTOFF)
  })
})

describe('all filters', () => {
  const modulated = ['lp1', 'hp1', 'tpt1', 'ap1', 'svf', 'ladder']
  const direct = ['lp2', 'hp2', 'bp2', 'notch', 'peakeq', 'lowshelf', 'highshelf', 'reson']

  it.each([...modulated, ...direct])('%s: stable at any cutoff, sensible or not', async name => {
    for (const freq of [-5, 0, 0.1, 30, 12_000, 23_999, 24_000, 1e6]) {
      const outputs = await run(name, { input: noiseSignal(2000), freq }, 2000)
      for (const out of outputs) expect(Math.max(...out.map(Math.abs))).toBeLessThan(10)
    }
  })

  it.each(modulated)('%s: stable while the cutoff jumps', async name => {
    const jumps = noiseSignal(4000, 7).map(x => 10 ** (2 + 3 * x))
    const outputs = await run(name, { input: noiseSignal(4000), freq: n => jumps[n >> 6]! }, 4000)
    for (const out of outputs) expect(Math.max(...out.map(Math.abs))).toBeLessThan(20)
  })
})
