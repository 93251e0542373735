/**
 * Values of options: from text to what the commands use.
 *
 * Comes in: what stands on the command line. Goes out: numbers and choices, or a usage error that says what was
 * expected. Pure, apart from the errors.
 */
import { BACKEND_NAMES, backendName } from '../runtime/outputs/names.ts'
import { SAMPLE_FORMATS, type SampleFormat } from '../runtime/wav.ts'
import { didYouMean } from '../suggest.ts'
import { failUsage } from './failure.ts'

export type Duration = { readonly seconds: number } | { readonly frames: number }

const UNITS: Readonly<Record<string, number>> = { ms: 0.001, s: 1, min: 60, h: 3600 }

/** `2s`, `500ms`, `1.5min`, `96000smp`. */
export const parseDuration = (value: string) => parseLength('--duration', value)

export function parseLength(option: string, value: string): Duration {
  const match = /^(\d+\.?\d*|\.\d+)\s*([a-z]*)$/i.exec(value)
  const amount = Number(match?.[1])
  const unit = match?.[2]?.toLowerCase() ?? ''
  const expected = 'a length such as 2s, 500ms, 1.5min or 96000smp'
  const wrong = (help?: string): never => failUsage('badOptionValue', { option, value, expected }, help)
  if (!match || !(amount > 0)) return wrong()
  if (unit === '') return wrong(`did you mean \`${value}s\` (seconds) or \`${value}smp\` (frames)?`)
  if (unit === 'smp') return Number.isSafeInteger(amount) ? { frames: amount } : wrong()
  const scale = UNITS[unit]
  return scale === undefined ? wrong() : { seconds: amount * scale }
}

/** As a length, or none. */
export const parseFade = (value: string): Duration =>
  /^0+(\.0*)?\s*(ms|s|smp)?$/i.test(value) ? { seconds: 0 } : parseLength('--fade', value)

export function framesOf(duration: Duration, sampleRate: number): number {
  return 'frames' in duration ? duration.frames : Math.max(1, Math.round(duration.seconds * sampleRate))
}

export function parseWhole(option: string, low: number, high: number): (value: string) => number {
  return value => {
    const number = /^\d+$/.test(value) ? Number(value) : Number.NaN
    if (number >= low && number <= high) return number
    return failUsage('badOptionValue', { option, value, expected: `a whole number from ${low} to ${high}` })
  }
}

export function parseBits(value: string): SampleFormat {
  return parseChoice('--bits', SAMPLE_FORMATS)(value)
}

export function parseChoice<T extends string>(option: string, choices: readonly T[]): (value: string) => T {
  return value => {
    if ((choices as readonly string[]).includes(value)) return value as T
    const expected = `one of ${choices.join(', ')}`
    return failUsage('badOptionValue', { option, value, expected }, didYouMean(value, choices))
  }
}

export interface Setting {
  readonly address: string
  readonly value: number
}

/** The full name of a backend: `aplay` is `pipe:aplay`. */
export function parseBackend(value: string): string {
  const name = backendName(value)
  if (name !== undefined) return name
  const expected = `one of ${BACKEND_NAMES.join(', ')}`
  return failUsage(
    'badOptionValue',
    { option: '--backend', value, expected },
    didYouMean(value, BACKEND_NAMES),
  )
}

/** Longer queues help nobody. */
const MOST_LATENCY = 10

/** `120ms`, `0.1s`, `max`: in seconds. */
export function parseLatency(value: string): number {
  if (value === 'max') return Number.POSITIVE_INFINITY
  const match = /^(\d+\.?\d*|\.\d+)\s*(ms|s)$/i.exec(value)
  const seconds = Number(match?.[1]) * (UNITS[match?.[2]?.toLowerCase() ?? ''] ?? Number.NaN)
  if (seconds > 0 && seconds <= MOST_LATENCY) return seconds
  const expected = `a time up to ${MOST_LATENCY}s, such as 120ms or 0.2s, or max`
  const help = /^\d+$/.test(value) ? `did you mean \`${value}ms\`?` : undefined
  return failUsage('badOptionValue', { option: '--latency', value, expected }, help)
}

/** `name=expression`, collected from every `-D`. */
export function parseDefinition(
  value: string,
  before: readonly (readonly [string, string])[] = [],
): (readonly [string, string])[] {
  const match = /^\s*([A-Za-z_]\w*)\s*=(.+)$/s.exec(value)
  if (!match) return failUsage('badOptionValue', { option: '-D', value, expected: 'name=value' })
  return [...before, [match[1]!, match[2]!.trim()]]
}

/** `/path=value`, collected from every `--set`. */
export function parseSetting(value: string, before: readonly Setting[] = []): Setting[] {
  const split = value.lastIndexOf('=')
  const text = value.slice(split + 1).trim()
  const number = /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(text) ? Number(text) : Number.NaN
  if (split < 1 || Number.isNaN(number)) {
    return failUsage('badOptionValue', { option: '--set', value, expected: '/path=number' })
  }
  return [...before, { address: value.slice(0, split).trim(), value: number }]
}

export function collect(value: string, before: readonly string[] = []): string[] {
  return [...before, value]
}
