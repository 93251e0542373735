/** Mean, level, range, spectrum and independence of `no`. */
import { describe, expect, it } from 'vitest'
import { bandLevel, correlation, dc, peak, rms, spectralSlope } from '../support/analysis.ts'
import { renderAll } from '../support/render.ts'

const LONG = { frames: 1 << 17 }

describe('white noise', () => {
  it('is uniform between −1 and 1', async () => {
    const [noise] = await renderAll(['no.noise'], LONG)
    expect(dc(noise!)).toBeCloseTo(0, 2)
    expect(rms(noise!)).toBeCloseTo(1 / Math.sqrt(3), 2)
    expect(peak(noise!)).toBeLessThanOrEqual(1)
    // Every tenth of the range is met as often.
    for (let low = -1; low < 0.95; low += 0.2) {
      const met = noise!.filter(x => x >= low && x < low + 0.2).length / noise!.length
      expect(met).toBeCloseTo(0.1, 2)
    }
    expect(spectralSlope(noise!, 50, 12_800)).toBeCloseTo(0, 0)
    expect(correlation(noise!.subarray(1), noise!.subarray(0, -1))).toBeCloseTo(0, 1)
  })

  it('is the generator r ← 1103515245·r + 12345', async () => {
    const [noise] = await renderAll(['no.noise'], { frames: 50 })
    let state = 0
    noise!.forEach(x => {
      state = (Math.imul(1_103_515_245, state) + 12_345) | 0
      expect(x).toBe(state * (1 / 2_147_483_647))
    })
  })

  it('comes in kinds that have nothing in common', async () => {
    const noises = await renderAll(['no.multinoise(4)', 'no.noises(4, 2)'], LONG)
    noises.slice(0, 4).forEach((a, i) => {
      expect(rms(a)).toBeCloseTo(1 / Math.sqrt(3), 2)
      for (const b of noises.slice(i + 1, 4)) expect(Math.abs(correlation(a, b))).toBeLessThan(0.02)
    })
    expect(noises[4]).toEqual(noises[2])
  })

  it('can be normal, with variance 1', async () => {
    const [normal] = await renderAll(['no.gnoise(8)'], LONG)
    expect(rms(normal!)).toBeCloseTo(1, 1)
    expect(normal!.filter(x => Math.abs(x) < 1).length / normal!.length).toBeCloseTo(0.68, 1)
  })
})

describe('coloured noise', () => {
  it('has its slope', async () => {
    const [pink, red, tilted, blue] = await renderAll(
      [
        'no.pink_noise',
        'no.colored_noise(10, -1)',
        'no.colored_noise(10, -0.5)',
        'no.colored_noise(10, 0.5)',
      ],
      LONG,
    )
    // Of the density, in dB an octave.
    expect(spectralSlope(pink!, 100, 12_800)).toBeCloseTo(-3, 0)
    expect(spectralSlope(tilted!, 100, 6400) / -3).toBeCloseTo(1, 0)
    expect(spectralSlope(red!, 100, 6400) / -6).toBeCloseTo(1, 0)
    expect(spectralSlope(blue!, 100, 6400) / 3).toBeCloseTo(1, 0)
  })
})

describe('slow and sparse noise', () => {
  it('holds, and moves smoothly', async () => {
    const [held, smooth] = await renderAll(['no.lfnoise0(100)', 'no.lfnoise(100)'], { frames: 44_100 })
    const changes = held!.filter((x, n) => n > 0 && x !== held![n - 1]).length
    expect(Math.abs(changes - 100)).toBeLessThanOrEqual(1)
    expect(bandLevel(smooth!, 400, 20_000)).toBeLessThan(bandLevel(smooth!, 0, 100) - 40)
  })

  it('has as many impulses as it is asked for', async () => {
    const [sparse, velvet] = await renderAll(['no.sparse_noise(1000)', 'no.velvet_noise(0.5, 1000)'], {
      frames: 4 * 44_100,
    })
    const count = (x: Float64Array) => x.filter(value => value !== 0).length
    expect(count(sparse!) / 4000).toBeCloseTo(1, 1)
    expect(peak(sparse!)).toBeLessThanOrEqual(1)
    expect(Math.abs(count(velvet!) - 4000)).toBeLessThan(20)
    expect(new Set(velvet!)).toEqual(new Set([0, 0.5, -0.5]))
  })
})
