/**
 * A spectrum as text.
 *
 * Comes in: samples. Goes out: levels by frequency, the strongest peaks, and a drawing with a logarithmic axis of
 * frequency and decibels upwards.
 *
 * Fast Fourier transform after J. W. Cooley, J. W. Tukey, Math. Comp. 19, 1965, in place, radix 2. Window of
 * J. von Hann; peaks between bins by the parabola through three levels in decibels (J. O. Smith, Spectral Audio
 * Signal Processing, "Quadratic interpolation of spectral peaks").
 */
import { createCanvas, stroke } from './braille.ts'

export interface Peak {
  readonly frequency: number
  /** In decibels; a sine of amplitude 1 has 0 dB. */
  readonly level: number
}

/** Transforms in place; the length is a power of two. */
export function fourier(real: Float64Array, imaginary: Float64Array): void {
  const n = real.length
  for (let i = 1, j = 0; i < n; i++) {
    let bit = n >> 1
    for (; j & bit; bit >>= 1) j ^= bit
    j ^= bit
    if (i >= j) continue
    ;[real[i], real[j]] = [real[j]!, real[i]!]
    ;[imaginary[i], imaginary[j]] = [imaginary[j]!, imaginary[i]!]
  }
  for (let size = 2; size <= n; size *= 2) {
    for (let k = 0; k < size / 2; k++) {
      const angle = (-2 * Math.PI * k) / size
      const [c, s] = [Math.cos(angle), Math.sin(angle)]
      for (let i = k; i < n; i += size) butterfly(real, imaginary, i, i + size / 2, c, s)
    }
  }
}

function butterfly(re: Float64Array, im: Float64Array, i: number, j: number, c: number, s: number): void {
  const x = re[j]! * c - im[j]! * s
  const y = re[j]! * s + im[j]! * c
  re[j] = re[i]! - x
  im[j] = im[i]! - y
  re[i] = re[i]! + x
  im[i] = im[i]! + y
}

const FLOOR = 1e-12

/** Levels in decibels from 0 Hz to half the sample rate, over the last power of two of the samples. */
export function levels(samples: ArrayLike<number>): Float64Array {
  const size = 2 ** Math.floor(Math.log2(Math.max(2, samples.length)))
  const [real, imaginary] = [new Float64Array(size), new Float64Array(size)]
  const first = samples.length - size
  for (let i = 0; i < size; i++) {
    real[i] = (samples[first + i] ?? 0) * (0.5 - 0.5 * Math.cos((2 * Math.PI * i) / size))
  }
  fourier(real, imaginary)
  // The window halves a sine, whose half lies at the negative frequency.
  return Float64Array.from({ length: size / 2 }, (_, k) => {
    return 20 * Math.log10(Math.max(FLOOR, (4 * Math.hypot(real[k]!, imaginary[k]!)) / size))
  })
}

export function findPeaks(spectrum: Float64Array, sampleRate: number, most: number): Peak[] {
  const peaks: Peak[] = []
  const spacing = sampleRate / (2 * spectrum.length)
  for (let k = 1; k < spectrum.length - 1; k++) {
    const [a, b, c] = [spectrum[k - 1]!, spectrum[k]!, spectrum[k + 1]!]
    if (b <= a || b < c || b < -100) continue
    const shift = (0.5 * (a - c)) / (a - 2 * b + c)
    peaks.push({ frequency: (k + shift) * spacing, level: b - 0.25 * (a - c) * shift })
  }
  return peaks.sort((x, y) => y.level - x.level).slice(0, most)
}

export interface SpectrumOptions {
  readonly columns: number
  readonly rows: number
  readonly sampleRate: number
}

const AXIS_COLUMNS = 8
const TOP_DB = 6
const BOTTOM_DB = -96
const LOWEST_HZ = 20
const MARKS = [20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000]

export function drawSpectrum(samples: ArrayLike<number>, options: SpectrumOptions): string[] {
  const { columns, rows, sampleRate } = options
  const spectrum = levels(samples)
  const width = Math.max(10, columns - AXIS_COLUMNS)
  const canvas = createCanvas(width, rows)
  const ratio = sampleRate / 2 / LOWEST_HZ
  const frequencyAt = (x: number) => LOWEST_HZ * ratio ** (x / canvas.width)
  const rowOf = (level: number) => Math.round(((TOP_DB - level) / (TOP_DB - BOTTOM_DB)) * (canvas.height - 1))
  const spacing = sampleRate / (2 * spectrum.length)
  for (let x = 0; x < canvas.width; x++) {
    const from = Math.round(frequencyAt(x) / spacing)
    const to = Math.max(from, Math.round(frequencyAt(x + 1) / spacing) - 1)
    let level = -Infinity
    for (let k = from; k <= Math.min(to, spectrum.length - 1); k++) level = Math.max(level, spectrum[k]!)
    if (level > BOTTOM_DB) stroke(canvas, x, rowOf(level), canvas.height - 1)
  }
  const axis = Array.from({ length: rows }, (_, i) => {
    const level = TOP_DB - ((TOP_DB - BOTTOM_DB) * i) / Math.max(1, rows - 1)
    const text = i % 3 === 0 || i === rows - 1 ? `${Math.round(level)} dB` : ''
    return text.padStart(AXIS_COLUMNS - 1)
  })
  const peaks = findPeaks(spectrum, sampleRate, 4).map(describePeak)
  return [
    ...canvas.lines().map((line, i) => `${axis[i]} ${line}`),
    frequencyAxis(width, ratio),
    `peaks: ${peaks.length > 0 ? peaks.join(', ') : 'none above -100 dB'}`,
  ]
}

function describePeak({ frequency, level }: Peak): string {
  return `${Number(frequency.toPrecision(5))} Hz ${level.toFixed(1)} dB`
}

/** Names frequencies below their columns, as many as fit. */
function frequencyAxis(width: number, ratio: number): string {
  let line = ''
  for (const mark of MARKS) {
    const at = Math.round((Math.log(mark / LOWEST_HZ) / Math.log(ratio)) * width)
    const text = mark >= 1000 ? `${mark / 1000}k` : `${mark}`
    if (at < line.length || at + text.length > width) continue
    line = `${line.padEnd(at)}${text} `
  }
  return ' '.repeat(AXIS_COLUMNS) + line.trimEnd()
}
