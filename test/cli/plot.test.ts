/**
 * Pictures of signals, compared with formulas.
 */
import { describe, expect, it } from 'vitest'
import { createCanvas, stroke } from '../../src/cli/plot/braille.ts'
import { drawSpectrum, findPeaks, fourier, levels } from '../../src/cli/plot/spectrum.ts'
import { describeSamples, framesWanted, showView } from '../../src/cli/plot/view.ts'
import { drawWave, findTrigger } from '../../src/cli/plot/wave.ts'
import type { View } from '../../src/cli/session/types.ts'

const RATE = 48_000
const sine = (frequency: number, frames: number, amplitude = 1) =>
  Float32Array.from({ length: frames }, (_, n) => amplitude * Math.sin((2 * Math.PI * frequency * n) / RATE))

const view = (more: Partial<View>): View => ({
  kind: 'scope',
  seconds: 0.01,
  trigger: undefined,
  gain: 1,
  offset: 0,
  live: false,
  ...more,
})

describe('braille', () => {
  it('numbers dots as Unicode does', () => {
    const canvas = createCanvas(1, 1)
    canvas.set(0, 0)
    canvas.set(1, 3)
    canvas.set(5, 5)
    expect(canvas.lines()).toEqual([String.fromCodePoint(0x2800 + 0x01 + 0x80)])
  })

  it('draws strokes in both directions', () => {
    const [a, b] = [createCanvas(1, 2), createCanvas(1, 2)]
    stroke(a, 0, 1, 6)
    stroke(b, 0, 6, 1)
    expect(a.lines()).toEqual(b.lines())
  })
})

describe('spectrum', () => {
  it('is the discrete Fourier transform', () => {
    const n = 16
    const x = Array.from({ length: n }, (_, i) => Math.sin(i * i) + 0.3 * i)
    const [re, im] = [Float64Array.from(x), new Float64Array(n)]
    fourier(re, im)
    for (let k = 0; k < n; k++) {
      const sum = (f: (angle: number) => number) =>
        x.reduce((s, v, i) => s + v * f((2 * Math.PI * k * i) / n), 0)
      expect(re[k]).toBeCloseTo(sum(Math.cos), 10)
      expect(im[k]).toBeCloseTo(-sum(Math.sin), 10)
    }
  })

  it.each([
    [440, 1],
    [1000, 0.5],
    [12_345, 0.1],
  ])('finds a sine of %i Hz and amplitude %f', (frequency, amplitude) => {
    const [peak] = findPeaks(levels(sine(frequency, 8192, amplitude)), RATE, 1)
    expect(Math.abs(peak!.frequency - frequency)).toBeLessThan(1)
    expect(Math.abs(peak!.level - 20 * Math.log10(amplitude))).toBeLessThan(0.2)
  })

  it('has the asked size, and an axis', () => {
    const lines = drawSpectrum(sine(440, 4096), { columns: 70, rows: 10, sampleRate: RATE })
    expect(lines).toHaveLength(12)
    expect(lines.at(-2)).toMatch(/20 .*1k .*10k/)
    expect(lines.at(-1)).toMatch(/^peaks: 4(39|40)/)
  })
})

describe('wave', () => {
  it('draws low values at the bottom and high ones at the top', () => {
    const [top, bottom] = drawWave([0, 0, 1, 1], { columns: 13, rows: 2, sampleRate: RATE }).map(l =>
      l.slice(-10),
    )
    expect([...top!].slice(0, 3).every(c => c === '⠀')).toBe(true)
    expect([...bottom!].slice(-3).every(c => c === '⠀')).toBe(true)
  })

  it('survives constants, NaN and single samples', () => {
    for (const samples of [[0.5], [1, 1, 1], [Number.NaN, 1], [Infinity, 0], []]) {
      expect(drawWave(samples, { columns: 40, rows: 4, sampleRate: RATE })).toHaveLength(5)
    }
  })

  it('triggers where the wave rises through the level', () => {
    expect(findTrigger([1, 0, -1, 0.2, 1], 0, 1)).toBe(3)
    expect(findTrigger([1, 1, 1], 0, 1)).toBeUndefined()
  })

  it('starts the scope at the trigger, and says when there is none', () => {
    const samples = sine(440, framesWanted(view({}), RATE))
    const size = { columns: 60, rows: 8 }
    const shifted = samples.subarray(37)
    const longer = Float32Array.from([...shifted, ...sine(440, 37)])
    const picture = (s: Float32Array) => showView(s, view({ trigger: 0.5 }), RATE, size)
    expect(picture(samples).at(-1)).not.toContain('not triggered')
    expect(picture(longer).at(-1)).not.toContain('not triggered')
    expect(showView(samples, view({ trigger: 2 }), RATE, size).at(-1)).toBe('(not triggered)')
  })
})

describe('probe', () => {
  it('measures range, mean and level', () => {
    const text = describeSamples(sine(480, 4800, 0.5).map(x => x + 0.25))
    expect(text).toContain('from -0.25 to 0.75')
    expect(text).toContain('mean 0.25')
    expect(text).toContain(`rms ${Number(Math.sqrt(0.125 + 0.0625).toPrecision(3))}`)
  })
})
