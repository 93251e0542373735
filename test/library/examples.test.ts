/** The programs of examples/library run, and what they print is what they promise. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { decodeWav } from '../../src/runtime/wav-read.ts'

const FOLDER = fileURLToPath(new URL('../../examples/library', import.meta.url))

interface Example {
  readonly main: (print: (line: string) => void, file?: string) => void | Promise<void>
}

async function linesOf(name: string, file?: string): Promise<string[]> {
  const example = (await import(join(FOLDER, `${name}.js`))) as Example
  const lines: string[] = []
  await example.main(line => lines.push(line), file)
  return lines
}

describe('examples/library', () => {
  it('phase-edits', async () => {
    expect(await linesOf('phase-edits')).toEqual([
      '440 Hz: 44.0 periods, phase new, no click',
      '880 Hz: 88.0 periods, phase kept, no click',
      '220 Hz: 22.0 periods, phase kept, no click',
      '440 Hz: 44.0 periods, phase kept, no click',
    ])
  })

  it('atoms-as-controls', async () => {
    const lines = await linesOf('atoms-as-controls')
    expect(lines).toHaveLength(5)
    for (const line of lines) {
      const [asked, heard, level] = [...line.matchAll(/[\d.]+/g)].map(match => Number(match[0]))
      expect(Math.abs(heard! - asked!)).toBeLessThan(8)
      expect(level).toBe(0.5)
    }
  })

  it('custom-nodes', async () => {
    const lines = await linesOf('custom-nodes')
    // The echo is 1, 0, 0, 0, 0.5 …; the mean of two of it halves the way to it each time.
    let [mean, largest] = [0, 0]
    const echo = [1, 0, 0, 0, 0.5, 0, 0, 0]
    const expected = echo.map(x => {
      mean += (x - mean) / 2
      largest = Math.max(largest, 10 * mean)
      return `mean ${mean.toFixed(4)}  largest ${largest.toFixed(2)}  changes 1`
    })
    expect(lines.slice(0, 8)).toEqual(expected)
    expect(lines.slice(8)).toEqual([
      'record: {"largest":5,"changes":1}',
      'mean: A mean of about the last `n` samples.',
      'record: The largest input so far, and how often that changed.',
    ])
  })

  it('modular-synth', async () => {
    const lines = await linesOf('modular-synth')
    expect(lines.map(line => line.replace(/level 0\.\d+, peak [\d.]+/, 'sounds'))).toEqual([
      'a clock, an envelope and an oscillator: sounds',
      '  kept -; new clock envelope tone',
      'a filter before the amplifier: sounds',
      '  kept clock envelope tone; new filter',
      'a random note at every tick, and an echo in a loop: sounds',
      '  kept clock envelope tone filter; new noise note echo',
    ])
    for (const line of lines.filter((_, i) => i % 2 === 0)) expect(line).not.toContain('level 0.00')
  })

  it('offline-render', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'dspc-example-'))
    const file = join(folder, 'string.wav')
    try {
      const lines = await linesOf('offline-render', file)
      expect(lines[0]).toMatch(/^88200 frames, peaks 0\.\d\d and 0\.\d\d$/)
      const decoded = decodeWav(new Uint8Array(readFileSync(file)))
      if (!decoded.ok) throw new Error(decoded.reason)
      const { channels, info } = decoded
      expect([channels.length, channels[0]!.length, info.sampleRate]).toEqual([2, 88200, 44100])
      for (const [i, frequency] of [220, 277.18, 329.63, 440].entries()) {
        // After the burst a string has the period that was asked for, and half a sample of the mean.
        const start = i * 22050 + 8000
        expect(44100 / period(channels[0]!, start)).toBeCloseTo(44100 / (44100 / frequency + 0.5), -1)
      }
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})

/** The shift, up to 300 samples, at which the signal is most like itself. */
function period(signal: ArrayLike<number>, start: number): number {
  let [best, found] = [-Infinity, 0]
  for (let shift = 80; shift <= 300; shift++) {
    let sum = 0
    for (let i = start; i < start + 4000; i++) sum += signal[i]! * signal[i + shift]!
    if (sum > best * 1.02 || found === 0) [best, found] = [sum, shift]
  }
  return found
}
