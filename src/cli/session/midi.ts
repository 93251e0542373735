/**
 * MIDI messages typed by hand, for programs whose controls ask for MIDI.
 *
 * Comes in: controls with `[midi:…]` in their labels, and a message. Goes out: values of controls. There is no MIDI
 * device behind it: what a keyboard would do can be tried without one.
 *
 * Labels freq, key, gain, vel, velocity and gate are what notes move, as in programs with several voices.
 */
import type { Control } from '../../core/program.ts'
import { isBargraph } from '../../runtime/controls.ts'
import { keyToHertz } from '../../runtime/voices.ts'
import { metadataOf } from './show.ts'

export interface Change {
  readonly address: string
  readonly value: number
}

export interface MidiKind {
  readonly name: string
  readonly arguments: string
  readonly numbers: number
  /** Word in the metadata, and the largest value of the message. */
  readonly keys: readonly string[]
  readonly most: number
}

/** A last number that a message may have beyond these is its channel, 1 … 16. */
export const MIDI_KINDS: readonly MidiKind[] = [
  { name: 'cc', arguments: 'NUMBER VALUE', numbers: 2, keys: ['ctrl'], most: 127 },
  { name: 'key', arguments: 'KEY VELOCITY', numbers: 2, keys: ['key', 'keyon', 'keyoff'], most: 127 },
  { name: 'keypress', arguments: 'KEY PRESSURE', numbers: 2, keys: ['keypress'], most: 127 },
  { name: 'pressure', arguments: 'VALUE', numbers: 1, keys: ['chanpress'], most: 127 },
  { name: 'bend', arguments: 'VALUE', numbers: 1, keys: ['pitchwheel', 'bend'], most: 16383 },
  { name: 'program', arguments: 'NUMBER', numbers: 1, keys: ['pgm'], most: 127 },
]

interface Binding {
  readonly control: Control
  readonly key: string
  /** Numbers after the word: the controller or the key, then perhaps the channel. */
  readonly numbers: readonly number[]
}

function bindingsOf(controls: readonly Control[]): Binding[] {
  return controls.flatMap(control => {
    if (isBargraph(control)) return []
    const entries = control.metadata.filter(([name]) => name === 'midi')
    return entries.map(([, text]) => {
      const [key = '', ...numbers] = text.trim().split(/\s+/)
      return { control, key, numbers: numbers.map(Number) }
    })
  })
}

const NOTE_LABELS = ['freq', 'key', 'gain', 'vel', 'velocity', 'gate']

const isNoteControl = (control: Control) => NOTE_LABELS.includes(control.label.trim()) && !isBargraph(control)

export function listMidi(controls: readonly Control[]): string {
  const rows = bindingsOf(controls).map(({ control, key, numbers }) => {
    return `${[key, ...numbers].join(' ')}: ${control.address}`
  })
  const notes = controls.filter(isNoteControl).map(control => `notes: ${control.address}`)
  if (rows.length + notes.length === 0) return 'no control asks for MIDI; write `[midi:ctrl 1]` in a label'
  return [...rows, ...notes].join('\n')
}

/** What a message moves. `numbers` as typed, the channel last if there is one. */
export function midiChanges(
  controls: readonly Control[],
  kind: MidiKind,
  numbers: readonly number[],
): Change[] {
  const value = numbers[kind.numbers - 1]!
  const number = kind.numbers === 2 ? numbers[0]! : undefined
  const channel = numbers[kind.numbers]
  const moved = bindingsOf(controls).filter(({ key, numbers: own }) => {
    const ownChannel = number === undefined ? own[0] : own[1]
    const isNumber = number === undefined || own[0] === number
    const isChannel = !channel || !ownChannel || channel === ownChannel
    return kind.keys.includes(key) && isNumber && isChannel
  })
  const changes = moved.flatMap(binding => changeOf(binding, kind, value))
  return kind.name === 'key' ? [...changes, ...noteChanges(controls, number!, value)] : changes
}

/** `keyon` hears presses, `keyoff` releases, `key` both. */
function changeOf({ control, key }: Binding, kind: MidiKind, value: number): Change[] {
  if ((key === 'keyon' && value === 0) || (key === 'keyoff' && value > 0)) return []
  return [{ address: control.address, value: scaled(control, value / kind.most) }]
}

/** From 0 … 1 to the range; evenly in the logarithm where the control has a logarithmic scale. */
export function scaled(control: Control, part: number): number {
  const { min, max, kind } = control
  if (kind === 'button' || kind === 'checkbox') return part > 0 ? 1 : 0
  if (metadataOf(control, 'scale') === 'log' && min > 0) return min * (max / min) ** part
  return min + (max - min) * part
}

function noteChanges(controls: readonly Control[], key: number, velocity: number): Change[] {
  return controls.filter(isNoteControl).flatMap(({ label, address }) => {
    const name = label.trim()
    const change = (value: number) => [{ address, value }]
    if (name === 'gate') return change(velocity > 0 ? 1 : 0)
    if (velocity === 0) return []
    if (name === 'freq') return change(keyToHertz(key))
    if (name === 'key') return change(key)
    return change(name === 'gain' ? velocity / 127 : velocity)
  })
}
