/**
 * Sound files: recordings that a program reads like tables.
 *
 * Comes in: a `soundfile` box with its part and read index. Goes out: its length, its rate and its channels, read
 * from tables that are part of the module. Files come through a loader, as text does. A part that cannot be read is
 * 4096 frames of silence at 44,100 Hz, and says so in a warning.
 */
import type { DiagnosticLog } from '../diagnostics.ts'
import type { Span } from '../source.ts'
import { parseLabel } from './labels.ts'
import type { Signal, SignalTable } from './signal.ts'

/** A recording; all channels have as many frames. `sampleRate` in hertz. */
export interface Sound {
  readonly sampleRate: number
  readonly channels: readonly ArrayLike<number>[]
}

/** Finds a recording by the name that a program uses. */
export type LoadSound = (file: string) => Sound | undefined

const SILENCE: Sound = { sampleRate: 44_100, channels: [{ length: 4096 }] }

/** File names in the order of the parts: `[url:{'a.wav';'b.wav'}]`, or else the label itself. */
export function soundUrls(label: string): string[] {
  const { text, metadata } = parseLabel(label)
  const url = metadata.find(([key]) => key === 'url')?.[1] ?? text
  const names = [...url.matchAll(/'([^']*)'/g)].map(match => match[1]!)
  return names.length > 0 ? names : [url.replace(/^\{|\}$/g, '').trim()]
}

export class SoundTable {
  private readonly load: LoadSound
  private readonly folders: () => readonly string[]
  private readonly log: DiagnosticLog
  private readonly sounds = new Map<string, Sound>()

  /** `folders` are those of `declare soundfiles`. */
  constructor(load: LoadSound, folders: () => readonly string[], log: DiagnosticLog) {
    this.load = load
    this.folders = folders
    this.log = log
  }

  part(url: string, span: Span | undefined): Sound {
    let sound = this.sounds.get(url)
    if (!sound) this.sounds.set(url, (sound = this.find(url) ?? this.silence(url, span)))
    return sound
  }

  private find(url: string): Sound | undefined {
    for (const name of [url, ...this.folders().map(folder => `${folder.replace(/\/$/, '')}/${url}`)]) {
      const sound = this.load(name)
      if (sound && sound.channels.length > 0 && sound.channels[0]!.length > 0) return sound
    }
    return undefined
  }

  private silence(url: string, span: Span | undefined): Sound {
    this.log.report('soundNotFound', span, { file: url })
    return SILENCE
  }
}

/** Outputs of `soundfile(label, n)`: length, rate, n channels. A file with fewer channels repeats them. */
export function readSound(
  signals: SignalTable,
  parts: readonly Sound[],
  names: readonly string[],
  count: number,
  [part, index]: readonly [Signal, Signal],
): Signal[] {
  const clamp = (s: Signal, last: Signal) =>
    signals.op('max', [signals.int(0), signals.op('min', [signals.op('int', [s]), last])])
  const chosen = clamp(part, signals.int(parts.length - 1))
  const pick = (values: readonly number[]) => choose(signals, values, chosen)
  const lengths = parts.map(p => p.channels[0]!.length)
  const length = pick(lengths)
  const at = clamp(index, signals.op('sub', [length, signals.int(1)]))
  const starts = lengths.map((_, i) => lengths.slice(0, i).reduce((a, b) => a + b, 0))
  const place = signals.op('add', [pick(starts), at])
  const channels = Array.from({ length: count }, (_, c) => channel(signals, parts, names, c, place))
  // Controls that choose the part stay in the user interface, though one file leaves no choice.
  const needs = (s: Signal, other: Signal) => signals.node('attach', [s, other])
  return [length, pick(parts.map(p => p.sampleRate)), ...channels.map(c => needs(c, index))].map(s =>
    needs(s, part),
  )
}

/** One of a few numbers. */
function choose(signals: SignalTable, values: readonly number[], index: Signal): Signal {
  if (new Set(values).size === 1) return signals.int(values[0]!)
  const table = signals.node('table', [signals.int(values.length), signals.waveform(values, 'int')])
  return signals.node('tableRead', [table, index])
}

function channel(
  signals: SignalTable,
  parts: readonly Sound[],
  names: readonly string[],
  number: number,
  place: Signal,
): Signal {
  if (parts.every(p => p === SILENCE)) return signals.real(0)
  const values: number[] = []
  for (const { channels } of parts) {
    const source = channels[number % channels.length]!
    for (let i = 0; i < source.length; i++) values.push(source[i] ?? 0)
  }
  const samples = signals.samples(`${number} ${names.join(' ')}`, values)
  return signals.node('tableRead', [signals.node('table', [signals.int(values.length), samples]), place])
}
