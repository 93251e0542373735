/**
 * What a program answers, and a short form of it that can be kept.
 *
 * Comes in: a program. Goes out: its recording by either compiler; the short form of a recording; a sentence where a
 * recording and a short form disagree. The short form keeps the first frames, some later ones, and two sums over all
 * frames, one of them weighted, so that a difference anywhere shows.
 */
import type { LoadSound, Sound } from '../../src/compile.ts'
import { isClose, summary } from '../support/compare.ts'
import { comparableDescription, descriptionText } from '../support/description.ts'
import { recordOfficial } from '../support/faust.ts'
import { hash, type MachineControl, type Stimulus } from '../support/machine.ts'
import { loadOfficialLibrary } from '../support/official-libraries.ts'
import { recordOurs } from '../support/ours.ts'

export const FRAMES = 4410
const BLOCK = 64
/** Largest difference allowed, times max(1, |expected|). */
const TOLERANCE = 1e-9
const FIRST = 16
const LATER = 24
/** Wide programs keep samples of this many channels, and sums of all. */
const SAMPLED_CHANNELS = 8
const OFFICIAL_LIMIT_MS = 60_000

/** An impulse on every input; buttons held during the first block; other controls stay where they start. */
const stimulus: Stimulus = {
  blocks: Array.from({ length: Math.ceil(FRAMES / BLOCK) }, (_, i) => Math.min(BLOCK, FRAMES - i * BLOCK)),
  input: (_, frame) => (frame === 0 ? 1 : 0),
  control: (control, block) => (control.kind === 'button' ? (block === 0 ? 1 : 0) : undefined),
}

export interface Answer {
  readonly inputs: number
  /** Kind and address of each control, sorted. */
  readonly controls: readonly string[]
  readonly outputs: readonly Float64Array[]
  /** The JSON description, without what each compiler chooses for itself. */
  readonly description: string
}

export type Outcome =
  | ({ readonly ok: true } & Answer)
  | { readonly ok: false; readonly code: string; readonly message: string }

/** The only recording that programs ask for: two decaying waves, at a rate that is not the usual one. */
const loadSound: LoadSound = file => (file === 'tone.wav' ? TONE : undefined)
const TONE: Sound = {
  sampleRate: 22_050,
  channels: [0.05, 0.07].map(step =>
    Float64Array.from({ length: 500 }, (_, i) => Math.sin(step * i) * 0.995 ** i),
  ),
}

export async function answerOfOurs(source: string): Promise<Outcome> {
  const recorded = await recordOurs(source, stimulus, { load: loadOfficialLibrary, loadSound })
  if (recorded.ok) {
    const { program, outputs, controls } = recorded
    const description = descriptionText(program)
    return { ok: true, inputs: program.inputs, outputs, controls: describe(controls), description }
  }
  const error = recorded.diagnostics.find(d => d.severity === 'error')
  return { ok: false, code: error?.code ?? '', message: error?.message ?? summary(recorded.diagnostics) }
}

export async function answerOfOfficial(source: string): Promise<Outcome> {
  const options = { name: 'process.dsp', timeoutMs: OFFICIAL_LIMIT_MS, loadSound }
  const recorded = await recordOfficial(source, stimulus, options)
  if (!recorded.ok) return { ok: false, code: '', message: shorten(recorded.message) }
  const { inputs } = JSON.parse(recorded.json) as { inputs: number }
  const description = JSON.stringify(comparableDescription(recorded.json))
  return { ok: true, inputs, outputs: recorded.outputs, controls: describe(recorded.controls), description }
}

function describe(controls: readonly MachineControl[]): string[] {
  return controls.map(({ kind, address }) => `${kind} ${address}`).sort()
}

/** The official compiler quotes whole programs in its messages. */
function shorten(message: string): string {
  const line = message
    .replace(/\s+/g, ' ')
    .replace(/^.*?ERROR : /, '')
    .trim()
  return line.length > 100 ? `${line.slice(0, 100)}…` : line
}

/** A number; text where JSON has none. */
export type Stored = number | 'NaN' | 'Infinity' | '-Infinity'

export interface StoredChannel {
  readonly sum: Stored
  readonly weighted: Stored
  /** Samples at `sampledFrames`, without the zeros at the end. Absent in channels past the eighth. */
  readonly samples?: readonly Stored[]
}

export interface StoredAnswer {
  /** Identifies the program that gave it. */
  readonly program: string
  readonly inputs?: number
  /** Identifies the controls; absent when there are none. */
  readonly controls?: string
  readonly channels?: readonly StoredChannel[]
  /** Identifies the description. */
  readonly description?: string
  /** Why the official compiler refuses. */
  readonly refusal?: string
}

/** The first frames, then later ones at growing, irregular distances. */
export const sampledFrames: readonly number[] = Array.from({ length: FIRST + LATER }, (_, i) =>
  i < FIRST ? i : Math.round(FIRST * (FRAMES / FIRST) ** ((i - FIRST + 1) / LATER)) - 1,
)

export function identify(source: string): string {
  let [a, b] = [0x811c9dc5, 0x1b873593]
  for (let i = 0; i < source.length; i++) {
    a = Math.imul(a ^ source.charCodeAt(i), 0x01000193)
    b = Math.imul(b + source.charCodeAt(i), 0x85ebca6b) ^ (b >>> 15)
  }
  return [a, b].map(part => (part >>> 0).toString(36)).join('')
}

export function store(source: string, outcome: Outcome): StoredAnswer {
  const program = identify(source)
  if (!outcome.ok) return { program, refusal: outcome.message }
  const channels = outcome.outputs.map((samples, i) => storeChannel(samples, i < SAMPLED_CHANNELS))
  const { inputs, controls } = outcome
  const description = identify(outcome.description)
  const own = controls.length > 0 && { controls: identifyControls(controls) }
  return { program, inputs, ...own, description, channels }
}

function identifyControls(controls: readonly string[]): string {
  return identify(controls.join('\n'))
}

function storeChannel(channel: Float64Array, isSampled: boolean): StoredChannel {
  const { sum, weighted } = sums(channel)
  const samples = sampledFrames.map(frame => channel[frame]!)
  while (samples.length > 0 && samples.at(-1) === 0) samples.pop()
  const totals = { sum: toStored(sum), weighted: toStored(weighted) }
  return isSampled ? { ...totals, samples: samples.map(toStored) } : totals
}

function sums(channel: Float64Array) {
  let [sum, weighted, size] = [0, 0, 0]
  channel.forEach((value, frame) => {
    sum += value
    weighted += value * hash(frame, 1)
    size += Math.max(1, Math.abs(value))
  })
  return { sum, weighted, size }
}

const toStored = (value: number): Stored =>
  Number.isFinite(value) ? value : (String(value) as 'NaN' | 'Infinity' | '-Infinity')

/** Where an answer differs from a stored one. */
export function differenceFromStored(answer: Answer, expected: StoredAnswer): string | undefined {
  const { inputs = 0, channels = [], controls } = expected
  const arity = arityDifference(answer, inputs, channels.length)
  if (arity) return arity
  const own = answer.controls.length > 0 ? identifyControls(answer.controls) : undefined
  if (own !== controls) return `other controls than ${answer.controls.join(', ')}`
  if (identify(answer.description) !== expected.description)
    return `another description than ${answer.description}`
  for (const [index, expected] of channels.entries()) {
    const channel = answer.outputs[index]!
    for (const [i, frame] of sampledFrames.entries()) {
      if (!expected.samples) break
      const value = Number(expected.samples[i] ?? 0)
      if (!isClose(channel[frame]!, value, TOLERANCE)) return at(index, frame, channel[frame]!, value)
    }
    const { sum, weighted, size } = sums(channel)
    for (const [name, got, value] of [
      ['sum', sum, Number(expected.sum)],
      ['weighted sum', weighted, Number(expected.weighted)],
    ] as const) {
      if (!(Object.is(got, value) || Math.abs(got - value) <= TOLERANCE * size))
        return `output ${index}, ${name}: ${got} instead of ${value}`
    }
  }
  return undefined
}

/** Where two whole answers differ. */
export function differenceOfAnswers(answer: Answer, expected: Answer): string | undefined {
  const arity = arityDifference(answer, expected.inputs, expected.outputs.length)
  if (arity) return arity
  const [own, wanted] = [answer.controls.join(', '), expected.controls.join(', ')]
  if (own !== wanted) return `controls ${own} instead of ${wanted}`
  if (answer.description !== expected.description)
    return `description ${answer.description} instead of ${expected.description}`
  for (let frame = 0; frame < FRAMES; frame++) {
    for (const [index, channel] of expected.outputs.entries()) {
      const got = answer.outputs[index]![frame]!
      if (!isClose(got, channel[frame]!, TOLERANCE)) return at(index, frame, got, channel[frame]!)
    }
  }
  return undefined
}

function arityDifference(answer: Answer, inputs: number, outputs: number): string | undefined {
  if (answer.inputs === inputs && answer.outputs.length === outputs) return undefined
  return `${answer.inputs} → ${answer.outputs.length} channels instead of ${inputs} → ${outputs}`
}

function at(output: number, frame: number, got: number, expected: number): string {
  return `output ${output}, frame ${frame}: ${got} instead of ${expected}`
}
