/**
 * A wave as text: oscilloscope and plot.
 *
 * Comes in: samples and how to look at them. Goes out: lines with an axis. Many samples to a column are drawn as the
 * stroke from their least to their largest, so that nothing falls between the dots.
 */
import { createCanvas, stroke } from './braille.ts'

export interface WaveOptions {
  /** In characters, axis included. */
  readonly columns: number
  readonly rows: number
  readonly sampleRate: number
  /** Time of the first sample, in seconds. */
  readonly start?: number
  /** Values at the bottom and at the top; by default what the samples need. */
  readonly range?: readonly [low: number, high: number]
}

const AXIS_COLUMNS = 9

export function drawWave(samples: ArrayLike<number>, options: WaveOptions): string[] {
  const { columns, rows, sampleRate, start = 0 } = options
  const [low, high] = options.range ?? rangeOf(samples)
  const canvas = createCanvas(Math.max(10, columns - AXIS_COLUMNS), rows)
  const rowOf = (value: number) => Math.round(((high - value) / (high - low)) * (canvas.height - 1))
  if (low < 0 && high > 0) for (let x = 0; x < canvas.width; x += 4) canvas.set(x, rowOf(0))
  const step = (samples.length - 1) / Math.max(1, canvas.width - 1)
  for (let x = 0; x < canvas.width; x++) {
    // One sample more than its own, so that strokes of neighbours meet.
    const from = Math.max(0, Math.floor(x * step))
    const to = Math.min(samples.length - 1, Math.max(from, Math.ceil((x + 1) * step)))
    const [least, most] = extremes(samples, from, to)
    if (least <= most) stroke(canvas, x, clampRow(rowOf(least)), clampRow(rowOf(most)))
  }
  const axis = axisLabels(low, high, rows)
  const end = start + samples.length / sampleRate
  const times = [formatTime(start), formatTime((start + end) / 2), formatTime(end)]
  return [...canvas.lines().map((line, i) => `${axis[i]} ${line}`), timeAxis(times, canvas.width / 2)]
}

/** Far outside of the picture is as good as just outside. */
const clampRow = (row: number) => (Number.isNaN(row) ? -1 : Math.max(-1, Math.min(1e6, row)))

function extremes(samples: ArrayLike<number>, from: number, to: number): [number, number] {
  let [least, most] = [Infinity, -Infinity]
  for (let i = from; i <= to; i++) {
    const value = samples[i]!
    if (value < least) least = value
    if (value > most) most = value
  }
  return [least, most]
}

/** What the samples need, at least a little. */
function rangeOf(samples: ArrayLike<number>): [number, number] {
  let [low, high] = extremes(samples, 0, samples.length - 1)
  if (!(low <= high) || !Number.isFinite(high - low)) return [-1, 1]
  if (high - low < 1e-9 * Math.max(1, Math.abs(high))) {
    const margin = Math.max(Math.abs(high) * 0.1, 1e-3)
    ;[low, high] = [low - margin, high + margin]
  }
  return [low, high]
}

function axisLabels(low: number, high: number, rows: number): string[] {
  const width = AXIS_COLUMNS - 1
  return Array.from({ length: rows }, (_, i) => {
    const isLabelled = i === 0 || i === rows - 1 || (i === Math.floor(rows / 2) && rows > 4)
    const value = high - ((high - low) * i) / Math.max(1, rows - 1)
    return (isLabelled ? shortNumber(value) : '').padStart(width)
  })
}

export function shortNumber(value: number): string {
  const size = Math.abs(value)
  if (size !== 0 && (size < 1e-3 || size >= 1e5)) return value.toExponential(1)
  return String(Number(value.toPrecision(3)))
}

export function formatTime(seconds: number): string {
  if (Math.abs(seconds) < 1e-12) return '0'
  if (Math.abs(seconds) < 1) return `${Number((seconds * 1000).toPrecision(4))} ms`
  return `${Number(seconds.toPrecision(4))} s`
}

function timeAxis([first, middle, last]: readonly string[], width: number): string {
  const left = first!.padEnd(Math.max(0, Math.floor(width / 2 - middle!.length / 2))) + middle!
  const gap = Math.max(1, Math.floor(width) - left.length - last!.length)
  return `${' '.repeat(AXIS_COLUMNS)}${left}${' '.repeat(gap)}${last}`
}

/** Where the wave first rises through a level, looking from `from`; undefined when it does not. */
export function findTrigger(samples: ArrayLike<number>, level: number, from: number): number | undefined {
  for (let i = Math.max(1, from); i < samples.length; i++) {
    if (samples[i - 1]! < level && samples[i]! >= level) return i
  }
  return undefined
}
