/** Frequency, amplitude, phase, mean and aliases of `os`. */
import { describe, expect, it } from 'vitest'
import {
  bandLevel,
  crossingFrequency,
  dc,
  decibels,
  dominantFrequency,
  peak,
  rms,
  spectrum,
} from '../support/analysis.ts'
import { renderAll } from '../support/render.ts'

const RATE = 44_100
const SECOND = { frames: RATE }

describe('sines', () => {
  const sines = [
    'osc',
    'oscsin',
    'osccos',
    'osci',
    'm_oscsin',
    'm_osccos',
    'oscrs',
    'oscrc',
    'oscs',
    'oscw',
    'oscwc',
    'oscws',
  ]

  it.each([55, 441, 3333.3, 9000])('have the right frequency and amplitude at %d Hz', async hertz => {
    const channels = await renderAll(
      sines.map(name => `os.${name}(${hertz})`),
      SECOND,
    )
    channels.forEach((channel, i) => {
      expect(crossingFrequency(channel) / hertz, sines[i]).toBeCloseTo(1, 4)
      expect(rms(channel) * Math.SQRT2, sines[i]).toBeCloseTo(1, 1)
    })
  })

  it('follow sin and cos sample by sample', async () => {
    const hertz = 1234.5
    const [osc, osci, cosine, mathematical, rotated, quadratureC, quadratureS] = await renderAll(
      ['osc', 'osci', 'osccos', 'm_oscsin', 'oscrc', 'quadosc'].map(name => `os.${name}(${hertz})`),
      { frames: 4000 },
    )
    for (let n = 0; n < 4000; n++) {
      const phase = (2 * Math.PI * hertz * n) / RATE
      expect(Math.abs(osc![n]! - Math.sin(phase))).toBeLessThan(2e-4)
      expect(Math.abs(osci![n]! - Math.sin(phase))).toBeLessThan(3e-9)
      expect(Math.abs(cosine![n]! - Math.cos(phase))).toBeLessThan(2e-4)
      expect(Math.abs(mathematical![n]! - Math.sin(phase))).toBeLessThan(1e-9)
      expect(Math.abs(rotated![n]! - Math.cos(phase))).toBeLessThan(1e-9)
      expect(Math.abs(quadratureC![n]! - Math.cos(phase))).toBeLessThan(1e-9)
      expect(Math.abs(quadratureS![n]! - Math.sin(phase))).toBeLessThan(1e-9)
    }
  })

  it('keep their amplitude for long', async () => {
    const channels = await renderAll(['os.quadosc(440)', 'os.oscrq(440)', 'os.oscs(440)', 'os.oscw(440)'], {
      frames: 20 * RATE,
    })
    for (const channel of channels) expect(rms(channel.subarray(-RATE)) * Math.SQRT2).toBeCloseTo(1, 2)
  })

  it('take a phase, and restart', async () => {
    const [shifted, restarted] = await renderAll(
      ['os.oscp(100, ma.PI/2)', 'os.hs_oscsin(100, ba.time == 1000)'],
      { frames: 1200 },
    )
    expect(shifted![0]).toBeCloseTo(1, 9)
    expect(restarted![1000]).toBe(0)
    expect(restarted![1110]).toBeCloseTo(1, 3)
  })
})

describe('plain shapes', () => {
  it('have the values of their definitions', async () => {
    // Eight samples a period.
    const hertz = RATE / 8
    const names = [
      'lf_sawpos',
      'lf_saw',
      'lf_trianglepos',
      'lf_triangle',
      'lf_squarewave',
      'lf_squarewavepos',
    ]
    const [sawpos, saw, trianglepos, triangle, square, squarepos, train] = await renderAll(
      [...names.map(name => `os.${name}(${hertz})`), `os.lf_imptrain(${hertz})`],
      { frames: 9 },
    )
    const eighths = [0, 1, 2, 3, 4, 5, 6, 7, 0].map(n => n / 8)
    eighths.forEach((phase, n) => {
      expect(sawpos![n]).toBeCloseTo(phase, 12)
      expect(saw![n]).toBeCloseTo(2 * phase - 1, 12)
      expect(trianglepos![n]).toBeCloseTo(1 - Math.abs(2 * phase - 1), 12)
      expect(triangle![n]).toBeCloseTo(1 - 2 * Math.abs(2 * phase - 1), 12)
      expect(square![n]).toBe(phase <= 0.5 ? 1 : -1)
      expect(squarepos![n]).toBe(phase <= 0.5 ? 1 : 0)
    })
    expect([...train!]).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 1])
  })

  it('run backwards, with a phase, and restart', async () => {
    const [backwards, phased, reset, set] = await renderAll(
      [
        `os.phasor(1, ${-RATE / 8})`,
        `os.lf_sawpos_phase(${RATE / 8}, 0.5)`,
        `os.lf_sawpos_reset(${RATE / 8}, ba.time == 3)`,
        `os.hsp_phasor(1, ${RATE / 8}, ba.time == 3, 0.25)`,
      ],
      { frames: 5 },
    )
    expect([...backwards!]).toEqual([0, 0.875, 0.75, 0.625, 0.5])
    expect([...phased!]).toEqual([0.5, 0.625, 0.75, 0.875, 0])
    expect([...reset!]).toEqual([0, 0.125, 0.25, 0, 0.125])
    expect([...set!]).toEqual([0.25, 0.375, 0.5, 0.25, 0.375])
  })
})

describe('band-limited shapes', () => {
  const shapes = [
    { name: 'sawtooth', level: 1 / Math.sqrt(3) },
    { name: 'saw3', level: 1 / Math.sqrt(3) },
    { name: 'saw4', level: 1 / Math.sqrt(3) },
    { name: 'saw2dpw', level: 1 / Math.sqrt(3) },
    { name: 'polyblep_saw', level: 1 / Math.sqrt(3) },
    { name: 'square', level: 1 },
    { name: 'polyblep_square', level: 1 },
    { name: 'triangle', level: 1 / Math.sqrt(3) },
    { name: 'polyblep_triangle', level: 1 / Math.sqrt(3) },
  ]

  it.each([110, 1000])('have the frequency, level and no mean at %d Hz', async hertz => {
    const channels = await renderAll(
      shapes.map(({ name }) => `os.${name}(${hertz})`),
      { frames: 2 * RATE },
    )
    channels.forEach((channel, i) => {
      const { name, level } = shapes[i]!
      const settled = channel.subarray(RATE)
      expect(dominantFrequency(settled) / hertz, name).toBeCloseTo(1, 3)
      expect(rms(settled) / level, name).toBeCloseTo(1, 1)
      expect(Math.abs(dc(settled)), name).toBeLessThan(0.003)
      expect(peak(settled), name).toBeLessThan(1.06)
    })
  })

  it('alias less than the plain sawtooth, the more the higher the order', async () => {
    const hertz = 3517
    const channels = await renderAll(
      ['saw1', 'saw2', 'saw3', 'saw4'].map(name => `os.${name}(${hertz})`),
      SECOND,
    )
    // Below the first harmonic everything is alias.
    const aliases = channels.map(channel => bandLevel(channel.subarray(2000), 100, hertz - 200))
    expect(aliases[1]).toBeLessThan(aliases[0]! - 12)
    expect(aliases[2]).toBeLessThan(aliases[1]! - 6)
    expect(aliases[3]).toBeLessThan(aliases[2]! - 6)
  })

  it('have the harmonics of a sawtooth', async () => {
    const hertz = 220
    const [saw] = await renderAll([`os.sawtooth(${hertz})`], { frames: 65_536, sampleRate: 65_536 })
    const lines = spectrum(saw!, 65_536)
    // 2/(πn), less what the two-sample mean takes away.
    for (const n of [1, 2, 3, 10]) expect(decibels(lines[n * hertz]! / (2 / (Math.PI * n)))).toBeCloseTo(0, 1)
  })

  it('give a pulse its width and its jump of 2', async () => {
    const channels = await renderAll(
      [0.1, 0.25, 0.5].map(duty => `os.pulsetrain(100, ${duty})`),
      SECOND,
    )
    channels.forEach((channel, i) => {
      const duty = [0.1, 0.25, 0.5][i]!
      const high = channel.filter(x => x > 0).length / RATE
      expect(high === 0 ? 0 : Math.min(high, 1 - high)).toBeCloseTo(duty, 2)
      expect(Math.max(...channel) - Math.min(...channel)).toBeCloseTo(2, 2)
      expect(dc(channel)).toBeCloseTo(0, 3)
    })
  })

  it('make impulses of height 1', async () => {
    const [train] = await renderAll(['os.imptrain(441)'], { frames: 4410 })
    const settled = train!.subarray(200)
    expect(Math.max(...settled)).toBeCloseTo(1 - 441 / RATE, 2)
    expect(settled.filter(x => x > 0.4).length / (4210 / 100)).toBeCloseTo(1, 0)
  })
})

describe('phase distortion', () => {
  it('begins as a cosine and gets brighter', async () => {
    const codes = ['CZsaw', 'CZsquare', 'CZpulse'].flatMap(name =>
      [0, 0.8].map(index => `os.${name}(os.lf_sawpos(441), ${index})`),
    )
    const channels = await renderAll(codes, SECOND)
    for (let i = 0; i < channels.length; i += 2) {
      const [pure, rich] = [channels[i]!, channels[i + 1]!]
      pure.slice(0, 300).forEach((x, n) => {
        expect(x).toBeCloseTo(Math.cos((2 * Math.PI * 441 * n) / RATE), 9)
      })
      expect(bandLevel(rich, 1500, 5000)).toBeGreaterThan(bandLevel(pure, 1500, 5000) + 40)
    }
  })

  it('puts the resonance where it is asked for', async () => {
    const [resonant] = await renderAll(['os.CZresTrap(os.lf_sawpos(100), 12.5)'], SECOND)
    expect(dominantFrequency(resonant!)).toBeGreaterThan(1150)
    expect(dominantFrequency(resonant!)).toBeLessThan(1350)
  })
})
