/** Times and levels of `en`, followers of `an`, gains of `co` and the gate of `ef`. */
import { describe, expect, it } from 'vitest'
import { decibels, peak, rms } from '../support/analysis.ts'
import { renderAll } from '../support/render.ts'

/** A thousand samples a second: a sample is a millisecond. */
const MILLISECONDS = { frames: 200, sampleRate: 1000 }
const gate = '(ba.time >= 10) & (ba.time < 60)'

describe('straight envelopes', () => {
  it('adsr takes its times and levels', async () => {
    const [env] = await renderAll([`en.adsr(0.01, 0.02, 0.5, 0.04, ${gate})`], MILLISECONDS)
    const at = (ms: number) => env![ms]
    expect(at(9)).toBe(0)
    expect(at(14)).toBeCloseTo(0.5, 9)
    expect(at(19)).toBeCloseTo(1, 9)
    expect(at(29)).toBeCloseTo(0.75, 9)
    expect(at(39)).toBeCloseTo(0.5, 9)
    expect(at(59)).toBeCloseTo(0.5, 9)
    expect(at(79)).toBeCloseTo(0.25, 9)
    expect(at(99)).toBeCloseTo(0, 9)
    expect(at(150)).toBe(0)
  })

  it('adsr releases from where it is', async () => {
    const [env] = await renderAll(
      ['en.adsr(0.02, 0.02, 0.5, 0.02, (ba.time >= 10) & (ba.time < 20))'],
      MILLISECONDS,
    )
    expect(env![19]).toBeCloseTo(0.5, 9)
    expect(env![29]).toBeCloseTo(0.25, 9)
    expect(env![39]).toBeCloseTo(0, 9)
  })

  it('asr and ar', async () => {
    const [asr, ar] = await renderAll(
      [`en.asr(0.01, 0.8, 0.02, ${gate})`, 'en.ar(0.01, 0.02, ba.time == 10)'],
      MILLISECONDS,
    )
    expect([14, 19, 59, 69, 79].map(ms => +asr![ms]!.toFixed(9))).toEqual([0.4, 0.8, 0.8, 0.4, 0])
    expect([9, 14, 19, 29, 39].map(ms => +ar![ms]!.toFixed(9))).toEqual([0, 0.5, 1, 0.5, 0])
  })

  it('takes no time for times of 0', async () => {
    const [env] = await renderAll([`en.adsr(0, 0, 0.5, 0, ${gate})`], MILLISECONDS)
    expect([9, 10, 11, 59, 60].map(ms => env![ms])).toEqual([0, 1, 0.5, 0.5, 0])
  })
})

describe('exponential envelopes', () => {
  it('come within 60 dB in their time', async () => {
    const options = { frames: 2000, sampleRate: 10_000 }
    const long = '(ba.time >= 100) & (ba.time < 1100)'
    const [adsre, asre, are] = await renderAll(
      [
        `en.adsre(0.03, 0.03, 0.5, 0.05, ${long})`,
        `en.asre(0.03, 0.8, 0.05, ${long})`,
        `en.are(0.03, 0.05, ${long})`,
      ],
      options,
    )
    expect(adsre![398]).toBeCloseTo(1, 2)
    expect(adsre![700]! - 0.5).toBeCloseTo(0.0005, 3)
    for (const [env, level] of [
      [adsre!, 0.5],
      [asre!, 0.8],
      [are!, 1],
    ] as const) {
      expect(env[1099]).toBeCloseTo(level, 3)
      expect(decibels(env[1599]! / level)).toBeCloseTo(-60, 0)
    }
  })

  it('smoothEnvelope reaches 1 − 1/e in its time', async () => {
    const [env] = await renderAll(['en.smoothEnvelope(0.05, 1)'], MILLISECONDS)
    expect(env![49]).toBeCloseTo(1 - Math.exp(-1), 9)
  })
})

describe('followers', () => {
  it('measure a sine', async () => {
    const sine = '0.5*os.osc(441)'
    const names = ['abs_envelope_rect', 'abs_envelope_tau', 'ms_envelope_rect', 'ms_envelope_tau']
    const [abs, absTau, ms, msTau, root, rootTau] = await renderAll(
      [...names, 'rms_envelope_rect', 'rms_envelope_tau'].map(name => `${sine} : an.${name}(0.1)`),
      { frames: 44_100 },
    )
    const last = (channel: Float64Array | undefined) => channel!.at(-1)!
    expect(last(abs)).toBeCloseTo(1 / Math.PI, 3)
    expect(last(absTau)).toBeCloseTo(1 / Math.PI, 2)
    expect(last(ms)).toBeCloseTo(1 / 8, 3)
    expect(last(msTau)).toBeCloseTo(1 / 8, 2)
    expect(last(root)).toBeCloseTo(0.5 / Math.SQRT2, 3)
    expect(last(rootTau)).toBeCloseTo(0.5 / Math.SQRT2, 2)
  })

  it('rise and fall with their time constants', async () => {
    const step = '(ba.time >= 10) & (ba.time < 110)'
    const [peaks, both, switched] = await renderAll(
      ['amp_follower(0.02)', 'amp_follower_ud(0.01, 0.02)', 'amp_follower_ar(0.01, 0.02)'].map(
        code => `float(${step}) : an.${code}`,
      ),
      MILLISECONDS,
    )
    expect(peaks![10]).toBe(1)
    expect(peaks![129]).toBeCloseTo(Math.exp(-1), 9)
    for (const channel of [both!, switched!]) expect(channel[19]).toBeCloseTo(1 - Math.exp(-1), 9)
    expect(switched![129]).toBeCloseTo(Math.exp(-1), 4)
  })
})

describe('compressors', () => {
  it('lower what exceeds the threshold by 1 − 1/ratio', async () => {
    const levels = [-40, -20, -10, 0]
    const gains = await renderAll(
      levels.map(dB => `ba.db2linear(${dB}) : co.compression_gain_mono(4, -20, 0.01, 0.1)`),
      { frames: 44_100 },
    )
    gains.forEach((gain, i) => {
      const over = Math.max(0, levels[i]! + 20)
      expect(decibels(gain.at(-1)!)).toBeCloseTo(-over * 0.75, 6)
    })
  })

  it('give both channels one gain', async () => {
    const [left, right, mono] = await renderAll(
      [
        'os.osc(441), 0.1*os.osc(300) : co.compressor_stereo(8, -20, 0.001, 0.1)',
        'os.osc(441) : co.compressor_mono(8, -20, 0.001, 0.1)',
      ],
      { frames: 44_100 },
    )
    const part = (channel: Float64Array | undefined) => rms(channel!.subarray(22_050))
    expect(part(right) / part(left)).toBeCloseTo(0.1, 2)
    expect(part(mono)).toBeLessThan(0.3)
  })

  it('gate opens above its threshold, holds, and closes', async () => {
    const sound = '0.5*os.osc(100)*((ba.time > 200) & (ba.time < 500))'
    const [gain, quiet] = await renderAll(
      [
        `${sound} : ef.gate_gain_mono(-20, 0.005, 0.1, 0.02)`,
        `0.01*${sound} : ef.gate_gain_mono(-20, 0.005, 0.1, 0.02)`,
      ],
      { frames: 1000, sampleRate: 1000 },
    )
    expect(gain![150]).toBe(0)
    expect(gain![300]).toBeGreaterThan(0.99)
    expect(gain![580]).toBeGreaterThan(0.99)
    expect(gain![950]).toBeLessThan(0.01)
    expect(peak(quiet!)).toBe(0)
  })
})
