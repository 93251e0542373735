/**
 * Measures sound.
 *
 * Comes in: samples. Goes out: level, frequency, spectrum and onsets as numbers that tests compare with formulas.
 * Written here with plain loops, so that what judges the compiled programs shares no code with them.
 */

/** Largest size of a sample. */
export function peak(samples: ArrayLike<number>): number {
  let largest = 0
  for (let i = 0; i < samples.length; i++) largest = Math.max(largest, Math.abs(samples[i]!))
  return largest
}

/** Root of the mean square. */
export function rms(samples: ArrayLike<number>): number {
  let sum = 0
  for (let i = 0; i < samples.length; i++) sum += samples[i]! ** 2
  return Math.sqrt(sum / samples.length)
}

/** Mean. */
export function dc(samples: ArrayLike<number>): number {
  let sum = 0
  for (let i = 0; i < samples.length; i++) sum += samples[i]!
  return sum / samples.length
}

export function allFinite(samples: ArrayLike<number>): boolean {
  for (let i = 0; i < samples.length; i++) if (!Number.isFinite(samples[i]!)) return false
  return true
}

/** A factor in decibels. */
export function decibels(factor: number): number {
  return 20 * Math.log10(factor)
}

export interface Complex {
  readonly re: Float64Array
  readonly im: Float64Array
}

/**
 * Discrete Fourier transform in place, for lengths that are powers of two.
 * Radix 2, decimation in time (J. W. Cooley, J. W. Tukey, Math. Comp. 19, 1965).
 */
export function fft({ re, im }: Complex): void {
  const n = re.length
  if ((n & (n - 1)) !== 0) throw new RangeError('fft: the length must be a power of two')
  reverseBits(re, im)
  for (let half = 1; half < n; half *= 2) {
    for (let start = 0; start < n; start += 2 * half) butterflies(re, im, start, half)
  }
}

function butterflies(re: Float64Array, im: Float64Array, start: number, half: number): void {
  for (let k = 0; k < half; k++) {
    const angle = (-Math.PI * k) / half
    const [c, s] = [Math.cos(angle), Math.sin(angle)]
    const [a, b] = [start + k, start + k + half]
    const [x, y] = [c * re[b]! - s * im[b]!, s * re[b]! + c * im[b]!]
    re[b] = re[a]! - x
    im[b] = im[a]! - y
    re[a] = re[a]! + x
    im[a] = im[a]! + y
  }
}

function reverseBits(re: Float64Array, im: Float64Array): void {
  for (let i = 1, j = 0; i < re.length; i++) {
    let bit = re.length >> 1
    for (; j & bit; bit >>= 1) j ^= bit
    j ^= bit
    if (i >= j) continue
    ;[re[i], re[j]] = [re[j]!, re[i]!]
    ;[im[i], im[j]] = [im[j]!, im[i]!]
  }
}

/** Magnitudes of bins 0 … n/2 of the first n samples under a Hann window; a sine of amplitude 1 gives about 1. */
export function spectrum(
  samples: ArrayLike<number>,
  n = 2 ** Math.floor(Math.log2(samples.length)),
): Float64Array {
  const window = (i: number) => 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / n)
  const re = Float64Array.from({ length: n }, (_, i) => (samples[i] ?? 0) * window(i))
  const im = new Float64Array(n)
  fft({ re, im })
  return Float64Array.from({ length: n / 2 + 1 }, (_, k) => (4 / n) * Math.hypot(re[k]!, im[k]!))
}

/**
 * Frequency (Hz) of the strongest component, between bins by a parabola through the logarithms of the three
 * magnitudes around it. With `low` and `high`, the strongest within that range.
 */
export function dominantFrequency(
  samples: ArrayLike<number>,
  sampleRate = 44_100,
  [low, high]: readonly [number, number] = [0, sampleRate / 2],
): number {
  const magnitudes = spectrum(samples)
  const width = sampleRate / 2 / (magnitudes.length - 1)
  let best = 0
  for (let k = 1; k < magnitudes.length - 1; k++) {
    const inside = k * width >= low && k * width <= high
    if (inside && (best === 0 || magnitudes[k]! > magnitudes[best]!)) best = k
  }
  const [a, b, c] = [best - 1, best, best + 1].map(k => Math.log(magnitudes[k]! + 1e-300)) as [
    number,
    number,
    number,
  ]
  const shift = a - 2 * b + c === 0 ? 0 : (0.5 * (a - c)) / (a - 2 * b + c)
  return (best + shift) * width
}

/** Mean frequency (Hz), weighted by magnitude: how bright a sound is. */
export function spectralCentroid(samples: ArrayLike<number>, sampleRate = 44_100): number {
  const magnitudes = spectrum(samples)
  const width = sampleRate / 2 / (magnitudes.length - 1)
  let [sum, weighted] = [0, 0]
  magnitudes.forEach((magnitude, k) => {
    sum += magnitude
    weighted += magnitude * k * width
  })
  return sum === 0 ? 0 : weighted / sum
}

/** Level (dB) of the spectrum between two frequencies, by energy. */
export function bandLevel(
  samples: ArrayLike<number>,
  low: number,
  high: number,
  sampleRate = 44_100,
): number {
  const magnitudes = spectrum(samples)
  const width = sampleRate / 2 / (magnitudes.length - 1)
  let energy = 0
  magnitudes.forEach((magnitude, k) => {
    if (k * width >= low && k * width < high) energy += magnitude ** 2
  })
  return 10 * Math.log10(energy + 1e-300)
}

/** Root mean square of each block of `size` samples. */
export function envelope(samples: ArrayLike<number>, size: number): number[] {
  const whole = Array.from(samples)
  return Array.from({ length: Math.floor(whole.length / size) }, (_, i) =>
    rms(whole.slice(i * size, (i + 1) * size)),
  )
}

/**
 * Times (s) where the level rises suddenly: blocks of 5 ms that are `ratio` times louder than the loudest of the
 * last 15 ms, and above a part of the loudest block of all. Onsets less than 50 ms apart count once.
 */
export function onsets(
  samples: ArrayLike<number>,
  sampleRate = 44_100,
  { ratio = 2, floor = 0.1 }: { readonly ratio?: number; readonly floor?: number } = {},
): number[] {
  const size = Math.round(0.005 * sampleRate)
  const levels = envelope(samples, size)
  const limit = floor * Math.max(...levels)
  const found: number[] = []
  levels.forEach((level, i) => {
    const before = Math.max(1e-9, ...levels.slice(Math.max(0, i - 3), i))
    const seconds = (i * size) / sampleRate
    const isNew = found.length === 0 || seconds - found.at(-1)! > 0.05
    if (level > limit && level > ratio * before && isNew) found.push(seconds)
  })
  return found
}

/** Gain of a filter at a frequency, from its impulse response: |Σ h[n]·e^(−jωn)|. */
export function gainAt(impulseResponse: ArrayLike<number>, hertz: number, sampleRate = 44_100): number {
  const { re, im } = responseAt(impulseResponse, hertz, sampleRate)
  return Math.hypot(re, im)
}

/** Phase (radians, −π … π) of a filter at a frequency, from its impulse response. */
export function phaseAt(impulseResponse: ArrayLike<number>, hertz: number, sampleRate = 44_100): number {
  const { re, im } = responseAt(impulseResponse, hertz, sampleRate)
  return Math.atan2(im, re)
}

function responseAt(h: ArrayLike<number>, hertz: number, sampleRate: number): { re: number; im: number } {
  const w = (2 * Math.PI * hertz) / sampleRate
  let [re, im] = [0, 0]
  for (let n = 0; n < h.length; n++) {
    re += h[n]! * Math.cos(w * n)
    im -= h[n]! * Math.sin(w * n)
  }
  return { re, im }
}

/** Frequency (Hz) from rising crossings of zero, between samples by a straight line. */
export function crossingFrequency(samples: ArrayLike<number>, sampleRate = 44_100): number {
  const at: number[] = []
  for (let i = 1; i < samples.length; i++) {
    const [a, b] = [samples[i - 1]!, samples[i]!]
    if (a < 0 && b >= 0) at.push(i - 1 + a / (a - b))
  }
  return at.length < 2 ? 0 : ((at.length - 1) / (at.at(-1)! - at[0]!)) * sampleRate
}

/** Correlation coefficient of two signals, −1 … 1. */
export function correlation(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const [ma, mb] = [dc(a), dc(b)]
  let [ab, aa, bb] = [0, 0, 0]
  for (let i = 0; i < a.length; i++) {
    ab += (a[i]! - ma) * (b[i]! - mb)
    aa += (a[i]! - ma) ** 2
    bb += (b[i]! - mb) ** 2
  }
  return aa === 0 || bb === 0 ? 0 : ab / Math.sqrt(aa * bb)
}

/** Slope (dB an octave) of the spectrum between two frequencies, by octave bands. */
export function spectralSlope(
  samples: ArrayLike<number>,
  low: number,
  high: number,
  sampleRate = 44_100,
): number {
  const octaves = Math.floor(Math.log2(high / low))
  const level = (i: number) =>
    // Power in an octave over its width: the density.
    bandLevel(samples, low * 2 ** i, low * 2 ** (i + 1), sampleRate) - 10 * Math.log10(low * 2 ** i)
  return (level(octaves - 1) - level(0)) / (octaves - 1)
}
