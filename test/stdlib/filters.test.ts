/** Responses of `fi` against formulas. */
import { describe, expect, it } from 'vitest'
import { decibels, gainAt } from '../support/analysis.ts'
import { hash } from '../support/machine.ts'
import { applyEach, impulseResponses, renderAll, renderSource } from '../support/render.ts'

const RATE = 44_100
/** Long enough for every filter here to die away. */
const FRAMES = 8192
const gains = (h: Float64Array, hertz: readonly number[]) => hertz.map(f => gainAt(h, f))
/** Where the bilinear transform with the corner fc puts the analog frequency (in units of the corner) f. */
const warped = (f: number, fc: number) => Math.tan((Math.PI * f) / RATE) / Math.tan((Math.PI * fc) / RATE)

describe('Butterworth filters', () => {
  const orders = [1, 2, 3, 4, 5, 8]
  const some = [50, 300, 900, 1000, 1500, 4000, 12_000]

  it('lowpass is 1/√(1 + ω²ᴺ), −3 dB at the corner', async () => {
    const responses = await impulseResponses(
      orders.map(n => `fi.lowpass(${n}, 1000)`),
      FRAMES,
    )
    responses.forEach((h, i) => {
      gains(h, some).forEach((gain, k) => {
        const expected = 1 / Math.sqrt(1 + warped(some[k]!, 1000) ** (2 * orders[i]!))
        expect(gain).toBeCloseTo(expected, 9)
      })
      expect(decibels(gainAt(h, 1000))).toBeCloseTo(-3.0103, 3)
    })
  })

  it('highpass is its mirror', async () => {
    const responses = await impulseResponses(
      orders.map(n => `fi.highpass(${n}, 1000)`),
      FRAMES,
    )
    responses.forEach((h, i) => {
      gains(h, some).forEach((gain, k) => {
        const expected = 1 / Math.sqrt(1 + warped(some[k]!, 1000) ** (-2 * orders[i]!))
        expect(gain).toBeCloseTo(expected, 9)
      })
    })
  })

  it.each([1, 2, 3, 4])('bandpass and bandstop of half order %d are −3 dB at both corners', async order => {
    const codes = ['bandpass', 'bandstop'].map(name => `fi.${name}(${order}, 500, 2000)`)
    const [pass, stop] = await impulseResponses(codes, FRAMES)
    for (const h of [pass!, stop!]) {
      expect(decibels(gainAt(h, 500))).toBeCloseTo(-3.0103, 3)
      expect(decibels(gainAt(h, 2000))).toBeCloseTo(-3.0103, 3)
    }
    const tangent = (f: number) => Math.tan((Math.PI * f) / RATE)
    const centre = (Math.atan(Math.sqrt(tangent(500) * tangent(2000))) * RATE) / Math.PI
    expect(gainAt(pass!, centre)).toBeCloseTo(1, 6)
    expect(gainAt(stop!, centre)).toBeCloseTo(0, 6)
    expect(gainAt(pass!, 0)).toBeCloseTo(0, 6)
    expect(gainAt(stop!, 0)).toBeCloseTo(1, 6)
  })

  it('Linkwitz-Riley halves sum to an allpass and cross at −6 dB', async () => {
    const [low, high, sum] = await impulseResponses(
      ['fi.lowpassLR4(1000)', 'fi.highpassLR4(1000)', 'fi.crossover2LR4(1000) :> _'],
      FRAMES,
    )
    expect(decibels(gainAt(low!, 1000))).toBeCloseTo(-6.0206, 3)
    expect(decibels(gainAt(high!, 1000))).toBeCloseTo(-6.0206, 3)
    for (const gain of gains(sum!, some)) expect(gain).toBeCloseTo(1, 6)
  })
})

describe('banks', () => {
  const flat = async (code: string) => {
    const [sum] = await impulseResponses([`${code} :> _`], FRAMES)
    for (const gain of gains(sum!, [0, 60, 400, 1000, 3000, 9000, 20_000])) expect(gain).toBeCloseTo(1, 6)
  }

  it('of odd order sum to an allpass', async () => {
    await flat('fi.filterbank(3, (500, 2000, 6000))')
    await flat('fi.filterbank(5, (300, 1000))')
  })

  it('sum to an allpass when every second band is inverted', async () => {
    await flat('fi.filterbanki(3, (500, 2000))')
    await flat('fi.filterbanki(3, (300, 1000, 4000))')
  })

  it('give the highest band first', async () => {
    const source = 'import("stdfaust.lib"); process = fi.filterbank(3, (500, 2000, 6000));'
    const bands = await renderSource(source, { frames: FRAMES, input: [[1]] })
    const centres = [12_000, 3500, 1000, 100]
    bands.forEach((h, band) => {
      const levels = gains(h, centres)
      expect(levels.indexOf(Math.max(...levels))).toBe(band)
    })
  })
})

describe('resonators', () => {
  it('have their gain at the corner, at 0 Hz and far above', async () => {
    const [lp, hp, bp] = await impulseResponses(
      ['fi.resonlp(1000, 5, 0.5)', 'fi.resonhp(1000, 5, 0.5)', 'fi.resonbp(1000, 5, 0.5)'],
      FRAMES,
    )
    expect(gainAt(lp!, 0)).toBeCloseTo(0.5, 6)
    expect(gainAt(lp!, 1000)).toBeCloseTo(2.5, 6)
    expect(gainAt(hp!, 0)).toBeCloseTo(0, 6)
    expect(gainAt(hp!, RATE / 2)).toBeCloseTo(0.5, 6)
    expect(gainAt(bp!, 1000)).toBeCloseTo(2.5, 6)
    expect(gainAt(bp!, 0)).toBeCloseTo(0, 6)
  })

  it('notchw takes one frequency away, with its width', async () => {
    const [notch] = await impulseResponses(['fi.notchw(100, 1000)'], FRAMES)
    expect(gainAt(notch!, 1000)).toBeCloseTo(0, 6)
    expect(gainAt(notch!, 0)).toBeCloseTo(1, 3)
    expect(decibels(gainAt(notch!, 951.2))).toBeCloseTo(-3, 0)
    expect(decibels(gainAt(notch!, 1051.2))).toBeCloseTo(-3, 0)
  })

  it('nlf2 rings at its frequency', async () => {
    const [, q] = await renderAll(['os.impulse : fi.nlf2(1000, 0.999)'], { frames: FRAMES })
    const levels = gains(q!, [900, 990, 1000, 1010, 1100])
    expect(levels.indexOf(Math.max(...levels))).toBe(2)
  })
})

describe('direct forms', () => {
  it('are one filter in four forms, given by its coefficients', async () => {
    const coefficients = '0.3, 0.2, 0.1, -0.5, 0.25'
    const responses = await impulseResponses(
      ['tf2', 'tf21', 'tf22', 'tf22t'].map(name => `fi.${name}(${coefficients})`),
      200,
    )
    const y: number[] = []
    for (let n = 0; n < 200; n++) {
      const direct = [0.3, 0.2, 0.1][n] ?? 0
      y.push(direct + 0.5 * (y[n - 1] ?? 0) - 0.25 * (y[n - 2] ?? 0))
    }
    for (const h of responses) expect(Math.max(...h.map((x, n) => Math.abs(x - y[n]!)))).toBeLessThan(1e-12)
  })

  it('convolve', async () => {
    const noise = Array.from({ length: 50 }, (_, n) => hash(2, n))
    const [fir, conv, partial] = await applyEach(
      ['fi.fir((1, -2, 3))', 'fi.conv((1, -2, 3))', 'fi.convN(2, (1, -2, 3))'],
      noise,
    )
    noise.forEach((x, n) => {
      const two = x - 2 * (noise[n - 1] ?? 0)
      expect(partial![n]).toBeCloseTo(two, 12)
      expect(fir![n]).toBeCloseTo(two + 3 * (noise[n - 2] ?? 0), 12)
      expect(conv![n]).toBe(fir![n])
    })
  })

  it('dcblocker takes the mean away and leaves sound', async () => {
    const [plain, at] = await impulseResponses(['fi.dcblocker', 'fi.dcblockerat(20)'], 65_536)
    expect(gainAt(plain!, 0)).toBeCloseTo(0, 6)
    expect(gainAt(at!, 0)).toBeCloseTo(0, 6)
    expect(decibels(gainAt(at!, 20))).toBeCloseTo(-3.01, 1)
    expect(gainAt(plain!, 1000)).toBeCloseTo(1, 2)
    expect(gainAt(at!, 1000)).toBeCloseTo(1, 2)
  })

  it.each([
    ['fi.lptau(0.01)', Math.exp(-1)],
    ['fi.lpt60(0.01)', 10 ** (-60 / 20)],
    ['fi.lpt19(0.01)', 10 ** (-19 / 20)],
    ['fi.lptN(40, 0.01)', 10 ** (-40 / 20)],
  ])('%s falls as far as it says', async (code, left) => {
    const [h] = await impulseResponses([code], 1000)
    expect(h![441]! / h![0]! / left).toBeCloseTo(1, 9)
  })
})

describe('combs and allpasses', () => {
  it.each([
    'fi.allpass_comb(64, 50, 0.6)',
    'fi.rev2(64, 50, 0.6)',
    'fi.svf.ap(1000, 2)',
    'fi.highpass_plus_lowpass(3, 1000)',
  ])('%s has a flat magnitude', async code => {
    const [h] = await impulseResponses([code], FRAMES)
    for (const gain of gains(h!, [0, 100, 441, 1000, 5000, 21_000])) expect(gain).toBeCloseTo(1, 6)
  })

  it('combs have their teeth at multiples of SR/N', async () => {
    const N = 50
    const [forward, back] = await impulseResponses(
      [`fi.ff_comb(64, ${N}, 1, 0.5)`, `fi.fb_comb(64, ${N}, 1, -0.5)`],
      FRAMES,
    )
    const tooth = RATE / N
    expect(gains(forward!, [tooth, 1.5 * tooth]).map(g => +g.toFixed(6))).toEqual([1.5, 0.5])
    expect(gains(back!, [tooth, 1.5 * tooth]).map(g => +g.toFixed(6))).toEqual([2, +(1 / 1.5).toFixed(6)])
  })
})

describe('equalizers', () => {
  it('have their levels where they should be, and none elsewhere', async () => {
    const [peakEq, dip, cq, rm, bell, low, high, ls, hs] = await impulseResponses(
      [
        'fi.peak_eq(6, 1000, 200)',
        'fi.peak_eq(-6, 1000, 200)',
        'fi.peak_eq_cq(6, 1000, 5)',
        'fi.peak_eq_rm(6, 1000, tan(ma.PI*200/ma.SR))',
        'fi.svf.bell(1000, 2, 6)',
        'fi.low_shelf(6, 1000)',
        'fi.high_shelf(-6, 1000)',
        'fi.svf.ls(1000, 0.7, 6)',
        'fi.svf.hs(1000, 0.7, -6)',
      ],
      16_384,
    )
    const levels = (h: Float64Array | undefined) =>
      [0, 1000, RATE / 2].map(f => Math.round(decibels(gainAt(h!, f)) * 100) / 100 + 0)
    expect(levels(peakEq)).toEqual([0, 6, 0])
    expect(levels(dip)).toEqual([0, -6, 0])
    expect(levels(cq)).toEqual([0, 6, 0])
    expect(levels(rm)).toEqual([0, 6, 0])
    expect(levels(bell)).toEqual([0, 6, 0])
    expect([levels(low)[0], levels(low)[2]]).toEqual([6, 0])
    expect([levels(high)[0], levels(high)[2]]).toEqual([0, -6])
    expect([levels(ls)[0], levels(ls)[2]]).toEqual([6, 0])
    expect([levels(hs)[0], levels(hs)[2]]).toEqual([0, -6])
    // A dip undoes the peak of the same height.
    for (const f of [300, 950, 1100, 5000]) {
      expect(gainAt(peakEq!, f) * gainAt(dip!, f)).toBeCloseTo(1, 9)
    }
  })

  it('tilt by the slope that is asked for', async () => {
    for (const alpha of [-0.5, 0.5, -1]) {
      const [h] = await impulseResponses([`fi.spectral_tilt(10, 20, 20000, ${alpha})`], 65_536)
      const slope = decibels(gainAt(h!, 4000) / gainAt(h!, 250)) / 4
      expect(slope / (20 * Math.log10(2) * alpha)).toBeCloseTo(1, 1)
    }
  })
})
