/**
 * Every example plays by itself: five seconds of its plain rendering are finite, at a sensible level, without a
 * constant part; and each does what its description says, measured by one property of its own.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import {
  allFinite,
  bandLevel,
  correlation,
  dc,
  decibels,
  dominantFrequency,
  envelope,
  onsets,
  peak,
  rms,
  spectralCentroid,
} from '../support/analysis.ts'
import { sampleDifference } from '../support/compare.ts'
import { compileWithLibrary, renderSource } from '../support/render.ts'

const RATE = 44_100
const FOLDER = new URL('../../examples/', import.meta.url)
const names = readdirSync(FOLDER).filter(file => file.endsWith('.dsp'))
const sourceOf = (name: string) => readFileSync(new URL(`${name}.dsp`, FOLDER), 'utf8')

/** Seconds of an example, with controls by the last part of their address. */
async function play(name: string, seconds = 5, controls: Readonly<Record<string, number>> = {}) {
  const source = sourceOf(name)
  const { controls: known } = await compileWithLibrary(source)
  const entries = Object.entries(controls).map(([label, value]) => {
    const control = known.find(({ address }) => address.endsWith(`/${label}`))
    if (!control) throw new Error(`${name} has no control ${label}`)
    return [control.address, value] as const
  })
  return renderSource(source, { frames: seconds * RATE, controls: Object.fromEntries(entries) })
}

/** Part of a channel, in seconds. */
const part = (samples: Float64Array, from: number, to: number) =>
  samples.subarray(Math.round(from * RATE), Math.round(to * RATE))
const midiToHertz = (key: number) => 440 * 2 ** ((key - 69) / 12)

describe.each(names)('%s', file => {
  const name = file.replace('.dsp', '')

  it('sounds at a sensible level by itself', async () => {
    const channels = await play(name)
    expect(channels.length).toBeLessThanOrEqual(2)
    for (const channel of channels) {
      expect(allFinite(channel)).toBe(true)
      expect(peak(channel)).toBeGreaterThan(0.05)
      expect(peak(channel)).toBeLessThan(1)
      expect(rms(channel)).toBeGreaterThan(0.02)
      expect(rms(channel)).toBeLessThan(0.4)
      expect(Math.abs(dc(channel))).toBeLessThan(0.01)
      // Something sounds in each second.
      const seconds = envelope(channel, RATE)
      expect(Math.min(...seconds)).toBeGreaterThan(0.002)
    }
  })

  it('sounds the same with the official compiler', async () => {
    const options = { frames: RATE }
    const ours = await renderSource(sourceOf(name), options)
    const official = await renderSource(sourceOf(name), { ...options, compiler: 'official' })
    expect(sampleDifference(ours, official, { relative: 1e-6 })).toBeUndefined()
  })

  it('names itself, its author, its licence and its controls', async () => {
    const source = sourceOf(name)
    const program = await compileWithLibrary(source)
    const metadata = Object.fromEntries(program.metadata)
    expect(metadata).toMatchObject({ name: expect.any(String), license: 'MIT', author: expect.any(String) })
    expect(metadata.description).toMatch(/\w+ \w+/)
    expect(source).toMatch(/^\/\/ \w.*\n\/\/\n(\/\/ .*\n){3,}declare name /)
    expect(program.controls.length).toBeGreaterThanOrEqual(4)
    const outside = program.controls.filter(c => !(c.init >= c.min && c.init <= c.max))
    expect(outside).toEqual([])
  })
})

describe('what each example is about', () => {
  it('subtractive-synth: the envelope opens the filter, the chords change', async () => {
    const [left, right] = await play('subtractive-synth', 9)
    // A note of 60/112/4 seconds: bright at its start, dark at its end.
    const step = 60 / 112 / 4
    const brightness = (from: number) => spectralCentroid(part(left!, from, from + 0.05))
    expect(brightness(4 * step + 0.005)).toBeGreaterThan(1.3 * brightness(4.6 * step))
    // The first bar stands on A (55 Hz an octave below), the second on F.
    const bar = 16 * step
    const bass = (from: number) => dominantFrequency(part(left!, from, from + bar), RATE, [38, 60])
    expect(bass(0.02) / midiToHertz(33)).toBeCloseTo(1, 1)
    expect(bass(bar + 0.02) / midiToHertz(29)).toBeCloseTo(1, 1)
    expect(correlation(left!, right!)).toBeLessThan(0.95)
  })

  it('fm-bell: partials at the ratio 1.4 that fade to a pure tone', async () => {
    const [left] = await play('fm-bell', 5, { tempo: 20 })
    const carrier = midiToHertz(69)
    const strike = part(left!, 0.05, 0.6)
    // Sidebands: |1 − 1.4| and 1 + 1.4 times the carrier.
    for (const partial of [0.4, 2.4]) {
      const hertz = partial * carrier
      expect(dominantFrequency(strike, RATE, [hertz - 40, hertz + 40])).toBeCloseTo(hertz, -1)
    }
    expect(spectralCentroid(part(left!, 0.02, 0.3))).toBeGreaterThan(
      1.5 * spectralCentroid(part(left!, 2.2, 2.9)),
    )
  })

  it('karplus-strong-harp: strings in tune that die away', async () => {
    const [left, right] = await play('karplus-strong-harp', 4, { speed: 0.5, decay: 2 })
    const both = left!.map((x, i) => x + right![i]!)
    // One pluck every two seconds: C3, then G3.
    const first = dominantFrequency(part(both, 0.1, 1.5), RATE, [100, 160])
    const second = dominantFrequency(part(both, 2.1, 3.5), RATE, [170, 220])
    expect(first / midiToHertz(48)).toBeCloseTo(1, 2)
    expect(second / midiToHertz(55)).toBeCloseTo(1, 2)
    expect(rms(part(both, 1.5, 2))).toBeLessThan(0.3 * rms(part(both, 0.1, 0.6)))
  })

  it('freeverb: the room rings on after the phrase, longer when it is larger', async () => {
    const tail = async (size: number) => {
      const [left] = await play('freeverb', 4, { room_size: size, mix: 100 })
      return decibels(rms(part(left!, 1.9, 2)) / rms(part(left!, 1.2, 1.4)))
    }
    const [small, large] = [await tail(0), await tail(1)]
    expect(large).toBeGreaterThan(small + 10)
    const [left, right] = await play('freeverb', 2, { mix: 100 })
    expect(Math.abs(correlation(left!, right!))).toBeLessThan(0.5)
  })

  it('ping-pong-delay: echoes alternate between the sides, a delay apart, softer each', async () => {
    const [left, right] = await play('ping-pong-delay', 2, { time: 250, mix: 100, feedback: 70 })
    const louder: string[] = []
    const levels: number[] = []
    for (let echo = 1; echo <= 5; echo++) {
      const [l, r] = [left!, right!].map(channel => rms(part(channel, echo * 0.25 + 0.01, echo * 0.25 + 0.1)))
      louder.push(l! > 3 * r! ? 'left' : r! > 3 * l! ? 'right' : 'both')
      levels.push(Math.max(l!, r!))
    }
    expect(louder).toEqual(['left', 'right', 'left', 'right', 'left'])
    levels.slice(1).forEach((level, i) => {
      expect(level).toBeLessThan(0.9 * levels[i]!)
    })
  })

  it('phaser: the brightness goes up and down with the slow oscillator', async () => {
    const moves = async (depth: number) => {
      // The first chord sounds for two seconds; 2 Hz make four sweeps in it.
      const [left] = await play('phaser', 2, { speed: 2, depth })
      const levels = Array.from({ length: 30 }, (_, i) => {
        const from = 0.3 + i * 0.05
        return spectralCentroid(part(left!, from, from + 0.1))
      })
      return Math.max(...levels) / Math.min(...levels)
    }
    expect(await moves(1)).toBeGreaterThan(1.15 * (await moves(0)))
  })

  it('compressor: lowers the peaks, more so with a higher ratio', async () => {
    const settings = { 'make-up': 0, attack: 0.1, release: 50 }
    const loudest = async (more: Readonly<Record<string, number>>) => {
      const [left] = await play('compressor', 5, { ...settings, ...more })
      return decibels(peak(left!))
    }
    const bypassed = await loudest({ bypass: 1 })
    const gentle = await loudest({ ratio: 2 })
    const hard = await loudest({ ratio: 20 })
    expect(gentle).toBeLessThan(bypassed - 2)
    expect(hard).toBeLessThan(gentle - 2)
  })

  it('drum-machine: kicks on the beat at the tempo', async () => {
    const mute = { snare: -60, hats: -60, clap: -60, kick_decay: 0.05 }
    const [left] = await play('drum-machine', 4, { ...mute, tempo: 120 })
    const kicks = onsets(left!, RATE, { floor: 0.3, ratio: 1.5 })
    // Beats each half second, and one more on the last sixteenth of each bar.
    const expected = [0, 0.5, 1, 1.5, 1.875, 2, 2.5, 3, 3.5, 3.875]
    expect(kicks.length).toBe(expected.length)
    kicks.forEach((seconds, i) => {
      expect(Math.abs(seconds - expected[i]!)).toBeLessThan(0.015)
    })
  })

  it('drum-machine: hi-hats are bright and stand to the right', async () => {
    const mute = { kick: -60, snare: -60, clap: -60, hats: 0 }
    const [left, right] = await play('drum-machine', 2, mute)
    expect(spectralCentroid(right!)).toBeGreaterThan(6000)
    expect(rms(right!)).toBeGreaterThan(1.5 * rms(left!))
  })

  it('drone: harmonics of the root, never twice the same', async () => {
    const [left] = await play('drone', 6, { root: 110, drift: 0, bright: 0, space: 0 })
    const sound = part(left!, 2, 6)
    for (const harmonic of [1, 2, 3]) {
      const hertz = 110 * harmonic
      expect(dominantFrequency(sound, RATE, [hertz - 20, hertz + 20])).toBeCloseTo(hertz, 0)
    }
    // Between the harmonics there is little.
    expect(bandLevel(sound, 120, 210)).toBeLessThan(bandLevel(sound, 100, 120) - 30)
  })

  it('shepard-tone: every voice rises, the whole does not', async () => {
    // At a fifth of an octave a second all is as before after five seconds.
    const [left, right] = await play('shepard-tone', 8, { speed: 0.2 })
    const both = left!.map((x, i) => x + right![i]!)
    const strongest = (from: number, low: number) =>
      dominantFrequency(part(both, from, from + 0.2), RATE, [low, 2 * low])
    const start = strongest(1, 300)
    const later = strongest(2, start * 1.02)
    expect(Math.log2(later / start)).toBeCloseTo(0.2, 1)
    const centroid = (from: number) => spectralCentroid(part(both, from, from + 0.5))
    expect(centroid(7) / centroid(2)).toBeCloseTo(1, 1)
  })

  it('granular-texture: a cloud without beats, an octave higher by pitch', async () => {
    const quiet = { scatter: 0, spread: 0.5 }
    const [left] = await play('granular-texture', 6, quiet)
    const [high] = await play('granular-texture', 6, { ...quiet, pitch: 12 })
    const centre = (samples: Float64Array) => spectralCentroid(part(samples, 2, 6))
    expect(centre(high!)).toBeGreaterThan(1.5 * centre(left!))
    const levels = envelope(part(left!, 2, 6), RATE / 4)
    expect(Math.max(...levels) / Math.min(...levels)).toBeLessThan(6)
  })

  it('waveshaper: the polynomials make the harmonics that are asked for', async () => {
    const none = { '2nd': 0, '3rd': 0, '4th': 0, '5th': 0, drive: 0, bias: 0 }
    const root = midiToHertz(33)
    const harmonic = (samples: Float64Array, n: number) =>
      bandLevel(part(samples, 0.02, 0.2), n * root - 20, n * root + 20)
    const [plain] = await play('waveshaper', 1, none)
    const [third] = await play('waveshaper', 1, { ...none, '3rd': 1 })
    expect(harmonic(third!, 3)).toBeGreaterThan(harmonic(plain!, 3) + 12)
    expect(harmonic(third!, 2)).toBeLessThan(harmonic(third!, 3) - 12)
  })

  it('vocoder-voice: speaks in syllables, with the chord as its pitch', async () => {
    const [left, right] = await play('vocoder-voice', 6, { noise: 0 })
    const both = left!.map((x, i) => x + right![i]!)
    const levels = envelope(both, Math.round(0.05 * RATE))
    expect(Math.min(...levels.slice(4))).toBeLessThan(0.2 * Math.max(...levels))
    // The first chord is A minor: A3, C4, E4; its lowest note is A2.
    const syllable = part(both, 0.1, 0.5)
    const strongest = dominantFrequency(syllable, RATE, [100, 1500])
    const nearest = [45, 57, 60, 64].map(key => {
      const harmonics = strongest / midiToHertz(key)
      return Math.abs(harmonics - Math.round(harmonics)) / harmonics
    })
    expect(Math.min(...nearest)).toBeLessThan(0.012)
  })

  it('wavetable-pad: the morph makes it brighter, the chord is in tune', async () => {
    const still = { movement: 0, detune: 0, attack: 0.01 }
    const [soft] = await play('wavetable-pad', 3, { ...still, morph: 0 })
    const [bright] = await play('wavetable-pad', 3, { ...still, morph: 1 })
    expect(spectralCentroid(part(bright!, 1, 3))).toBeGreaterThan(1.5 * spectralCentroid(part(soft!, 1, 3)))
    for (const key of [45, 60, 64, 71]) {
      const hertz = midiToHertz(key)
      const found = dominantFrequency(part(soft!, 0.5, 2.5), RATE, [hertz * 0.97, hertz * 1.03])
      expect(found / hertz).toBeCloseTo(1, 2)
    }
  })

  it('acid-bass: a line of A, squelching', async () => {
    const [left] = await play('acid-bass', 2)
    expect(dominantFrequency(part(left!, 0, 0.23), RATE, [40, 70])).toBeCloseTo(midiToHertz(33), -1)
    // An accented note is brighter than the one after it: steps 0 and 1 are the same note.
    const step = 60 / 128 / 4
    const brightness = (n: number) => spectralCentroid(part(left!, n * step + 0.005, n * step + 0.06))
    expect(brightness(16)).toBeGreaterThan(1.2 * brightness(17))
  })

  it('chorus-strings: the ensemble makes them wide, the chord stays in tune', async () => {
    const [plainLeft, plainRight] = await play('chorus-strings', 2, { ensemble: 0 })
    const [left, right] = await play('chorus-strings', 2, { ensemble: 1 })
    expect(correlation(plainLeft!, plainRight!)).toBeGreaterThan(0.999)
    expect(correlation(left!, right!)).toBeLessThan(0.8)
    expect(dominantFrequency(part(left!, 0.5, 2), RATE, [200, 235]) / midiToHertz(57)).toBeCloseTo(1, 1)
  })
})
