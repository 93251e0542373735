/** Filters to be swept: `fi.svf` and the ladders of `ve`, against formulas and under modulation. */
import { describe, expect, it } from 'vitest'
import { allFinite, decibels, gainAt, peak, phaseAt, rms } from '../support/analysis.ts'
import { impulseResponses, renderAll } from '../support/render.ts'

const RATE = 44_100
const FRAMES = 8192
const gains = (h: Float64Array, hertz: readonly number[]) => hertz.map(f => gainAt(h, f))
/** Where the bilinear transform with the corner fc puts the analog frequency (in units of the corner) f. */
const warped = (f: number, fc: number) => Math.tan((Math.PI * f) / RATE) / Math.tan((Math.PI * fc) / RATE)

describe('state variable filter', () => {
  const q = 2
  // With s = jω/ω₀: H = N(s)/(s² + s/q + 1).
  const responses: Readonly<Record<string, (w: number) => number>> = {
    lp: () => 1,
    bp: w => w,
    hp: w => w * w,
    notch: w => Math.abs(1 - w * w),
    peak: w => 1 + w * w,
  }

  it.each(Object.entries(responses))('%s has its analog response', async (name, numerator) => {
    const [h] = await impulseResponses([`fi.svf.${name}(1000, ${q})`], FRAMES)
    for (const f of [100, 700, 1000, 1600, 8000]) {
      const w = warped(f, 1000)
      expect(gainAt(h!, f)).toBeCloseTo(numerator(w) / Math.hypot(1 - w * w, w / q), 6)
    }
  })

  it('stays calm under fast modulation', async () => {
    const codes = ['lp', 'bp', 'hp'].map(name => `no.noise : fi.svf.${name}(2000 + 1900*os.osc(700), 10)`)
    for (const channel of await renderAll(codes, { frames: RATE })) {
      expect(allFinite(channel)).toBe(true)
      expect(peak(channel)).toBeLessThan(20)
    }
  })
})

describe('ladder filters', () => {
  it('fall by 24 dB an octave and ring at the corner', async () => {
    const names = ['moog_vcf', 'moog_vcf_2b', 'moog_vcf_2bn']
    const dry = await impulseResponses(
      names.map(name => `ve.${name}(0, 500)`),
      FRAMES,
    )
    const ringing = await impulseResponses(
      names.map(name => `ve.${name}(0.9, 500)`),
      FRAMES,
    )
    dry.forEach((h, i) => {
      expect(gainAt(h, 0), names[i]).toBeCloseTo(1, 2)
      // Four poles at the corner.
      expect(Math.abs(decibels(gainAt(h, 500)) + 12), names[i]).toBeLessThan(1)
      expect(decibels(gainAt(h, 4000) / gainAt(h, 2000)), names[i]).toBeLessThan(-20)
    })
    ringing.forEach((h, i) => {
      const around = gains(h, [250, 450, 500, 550, 1000])
      expect(Math.max(...around.slice(1, 4)), names[i]).toBeGreaterThan(2 * Math.max(around[0]!, around[4]!))
    })
    const phases = [dry[1]!, dry[2]!].map(h => phaseAt(h, 700))
    expect(phases[0]).toBeCloseTo(phases[1]!, 6)
  })

  it('stay finite at full resonance', async () => {
    const names = ['moog_vcf', 'moog_vcf_2b', 'moog_vcf_2bn']
    const outputs = await renderAll(
      names.map(name => `no.noise*0.1 : ve.${name}(1, 1000)`),
      { frames: RATE },
    )
    for (const channel of outputs) {
      expect(allFinite(channel)).toBe(true)
      expect(rms(channel)).toBeLessThan(2)
    }
  })
})
