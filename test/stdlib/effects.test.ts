/** Reverberators of `re`, panners of `sp`, distortion of `ef`, voices of `sy`. */
import { describe, expect, it } from 'vitest'
import {
  allFinite,
  bandLevel,
  correlation,
  dc,
  dominantFrequency,
  onsets,
  peak,
  rms,
} from '../support/analysis.ts'
import { applyEach, renderAll, renderSource } from '../support/render.ts'

const RATE = 44_100

describe('reverberators', () => {
  /** Seconds for a decay by 60 dB, from the levels of two stretches of the impulse response. */
  const decayTime = (h: Float64Array, from: number, to: number) => {
    const level = (seconds: number) => bandLevel(h.subarray(seconds * RATE, seconds * RATE + 8192), 300, 2000)
    return (60 * (to - from)) / (level(from) - level(to))
  }

  it.each([1, 2, 4])('zita_rev1_stereo decays in the %d s that it is asked for', async seconds => {
    const source = `import("stdfaust.lib"); process = re.zita_rev1_stereo(20, 100, 20000, ${seconds}, ${seconds}, 48000);`
    const [left, right] = await renderSource(source, { frames: 4 * RATE, input: [[1], []] })
    for (const h of [left!, right!]) {
      expect(Math.abs(decayTime(h, 0.4, 0.4 + seconds / 2) / seconds - 1)).toBeLessThan(0.1)
    }
    expect(Math.abs(correlation(left!.subarray(8820), right!.subarray(8820)))).toBeLessThan(0.2)
  })

  it('zita_rev1_stereo keeps low frequencies longer, and loses high ones sooner', async () => {
    const source = 'import("stdfaust.lib"); process = re.zita_rev1_stereo(20, 300, 3000, 4, 1, 48000);'
    const [left] = await renderSource(source, { frames: 3 * RATE, input: [[1], []] })
    const level = (from: number, low: number, high: number) =>
      bandLevel(left!.subarray(from * RATE, from * RATE + 16_384), low, high)
    const fall = (low: number, high: number) => level(0.3, low, high) - level(1.3, low, high)
    expect(fall(20, 100)).toBeLessThan(fall(600, 1500) - 15)
    expect(fall(4000, 8000)).toBeGreaterThan(fall(600, 1500) + 15)
  })

  it('zita_rev1_stereo works at each sample rate', async () => {
    const source = 'import("stdfaust.lib"); process = re.zita_rev1_stereo(20, 200, 6000, 2, 2, 192000);'
    for (const sampleRate of [8000, 96_000]) {
      const channels = await renderSource(source, { frames: sampleRate, sampleRate, input: [[1], [1]] })
      expect(channels.every(allFinite)).toBe(true)
      expect(Math.max(...channels.map(peak))).toBeGreaterThan(0.001)
    }
  })

  it('freeverb begins after its shortest comb and decays faster with less feedback', async () => {
    const [bright, dull] = await renderAll(
      ['os.impulse : re.mono_freeverb(0.9, 0.5, 0.2, 0)', 'os.impulse : re.mono_freeverb(0.7, 0.5, 0.2, 0)'],
      { frames: 2 * RATE },
    )
    expect(bright!.findIndex(x => x !== 0)).toBe(1116)
    expect(rms(dull!.subarray(RATE))).toBeLessThan(0.01 * rms(bright!.subarray(RATE)))
  })

  it('dattorro_rev decays, and its sides differ', async () => {
    const [left, right] = await renderAll(['os.impulse, os.impulse : re.dattorro_rev_default'], {
      frames: 3 * RATE,
    })
    expect(rms(left!.subarray(2 * RATE))).toBeLessThan(0.02 * rms(left!.subarray(0, RATE)))
    expect(Math.abs(correlation(left!, right!))).toBeLessThan(0.3)
  })
})

describe('panners', () => {
  it('panner splits, constantPowerPan keeps the power', async () => {
    const places = [-1, -0.5, 0, 0.3, 1]
    const source =
      'import("stdfaust.lib"); process = \\(p).(1 : sp.constantPowerPan(p)), \\(p).(1 : sp.panner(0.5 + 0.5*p));'
    const [l, r, a, b] = await renderSource(source, { frames: 5, input: [places, places] })
    places.forEach((place, i) => {
      expect(l![i]! ** 2 + r![i]! ** 2).toBeCloseTo(1, 12)
      expect(a![i]! + b![i]!).toBeCloseTo(1, 12)
      expect(b![i]!).toBeCloseTo(0.5 + 0.5 * place, 12)
    })
    expect([l![0], r![4]]).toEqual([1, 1])
  })

  it('spat puts all sound on the nearest speaker', async () => {
    const channels = await renderAll(['1 : sp.spat(4, 0.25, 1)'], { frames: 4 * RATE })
    expect(channels.map(channel => +channel.at(-1)!.toFixed(3))).toEqual([0, 1, 0, 0])
  })

  it('stereo_width goes from mono to the signal as it is', async () => {
    const [a, b, c, d] = await renderAll(['1, 0 : ef.stereo_width(0)', '1, 0 : ef.stereo_width(1)'], {
      frames: 1,
    })
    expect([a![0], b![0]]).toEqual([1, 1])
    expect([c![0], d![0]]).toEqual([1, 0])
  })
})

describe('distortion', () => {
  const args = Array.from({ length: 81 }, (_, i) => (i - 40) / 20)

  it('follows its curves', async () => {
    const [cubic, soft] = await applyEach(['ef.cubicnl(0, 0)', 'ef.softclipQuadratic'], args)
    args.forEach((x, i) => {
      const u = Math.max(-1, Math.min(1, x))
      expect(cubic![i]).toBeCloseTo(u - u ** 3 / 3, 12)
      const size = Math.abs(x)
      const bent = size < 1 / 3 ? 2 * size : size < 2 / 3 ? (3 - (2 - 3 * size) ** 2) / 3 : 1
      expect(soft![i]).toBeCloseTo(Math.sign(x) * bent, 12)
    })
  })

  it('cubicnl_nodc has no mean', async () => {
    const [driven] = await renderAll(['os.osc(441) : ef.cubicnl_nodc(0.5, 0.4)'], { frames: 2 * RATE })
    expect(dc(driven!.subarray(RATE))).toBeCloseTo(0, 3)
  })

  it('speakerbp keeps the middle', async () => {
    const [h] = await renderAll(['no.noise : ef.speakerbp(200, 3000)'], { frames: 1 << 16 })
    const middle = bandLevel(h!, 500, 1500)
    expect(bandLevel(h!, 10, 60)).toBeLessThan(middle - 25)
    expect(bandLevel(h!, 10_000, 20_000)).toBeLessThan(middle - 25)
  })
})

describe('voices', () => {
  it('sound at their frequency while the gate is open, and end', async () => {
    const gate = '(ba.time < ma.SR)'
    const codes = [
      `sy.dubDub(220, 1500, 2, ${gate})`,
      `sy.sawTrombone(220, 0.5, ${gate})`,
      `sy.combString(220, 1, ${gate})`,
    ]
    for (const channel of await renderAll(codes, { frames: 3 * RATE })) {
      const sounding = channel.subarray(RATE * 0.2, RATE * 0.9)
      expect(dominantFrequency(sounding, RATE, [150, 300]) / 220).toBeCloseTo(1, 1)
      expect(rms(channel.subarray(2.8 * RATE))).toBeLessThan(0.02 * rms(sounding))
    }
  })

  it('combString dies away in its time', async () => {
    const [string] = await renderAll(['sy.combString(110, 2, 1)'], { frames: 3 * RATE })
    const level = (from: number) => bandLevel(string!.subarray(from * RATE, (from + 0.5) * RATE), 80, 140)
    expect(level(0.5) - level(1.5)).toBeGreaterThan(27)
    expect(level(0.5) - level(1.5)).toBeLessThan(36)
  })

  it('fm has its sidebands', async () => {
    const [voice] = await renderAll(['sy.fm((1000, 200), (200))'], { frames: RATE })
    for (const hertz of [800, 1000, 1200]) {
      expect(dominantFrequency(voice!, RATE, [hertz - 50, hertz + 50])).toBeCloseTo(hertz, 0)
    }
  })

  it('drums answer each trigger once', async () => {
    const trigger = 'ba.pulse(int(ma.SR/2))'
    const codes = [
      `sy.kick(50, 0.02, 0.001, 0.2, 2, ${trigger})`,
      `sy.clap(1200, 0.001, 0.1, ${trigger})`,
      `sy.hat(320, 7000, 0.001, 0.05, ${trigger})`,
    ]
    for (const channel of await renderAll(codes, { frames: 2 * RATE })) {
      const found = onsets(channel, RATE, { floor: 0.3 })
      expect(found.length).toBe(4)
      expect(peak(channel)).toBeLessThan(2.5)
    }
  })
})
