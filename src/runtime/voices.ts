/**
 * Plays notes on a program with several voices.
 *
 * Comes in: notes, and any object with controls. Goes out: `freq`, `gain` and `gate` of the voices. A stage of
 * its own, between whatever makes notes and the running program: the program knows no notes, and a source of
 * notes no voices.
 *
 * A note takes the free voice that was released longest ago, so that tails ring on; with none free, the voice
 * that has sounded longest. A stolen voice is released for one block first, because its envelope starts anew
 * only when it sees its gate open.
 */
import type { Control } from '../core/program.ts'

/** What is needed of an instance or a player. */
export interface VoiceTarget {
  readonly controls: readonly Control[]
  set(address: string, value: number): void
}

export interface VoiceAllocator {
  readonly voices: number
  /** `key`: MIDI note number, fractions allowed, 69 = 440 Hz. `velocity`: 0 … 127; 0 releases. */
  keyOn(key: number, velocity: number): void
  keyOff(key: number): void
  allNotesOff(): void
  /** Shift of all notes in semitones, those that sound as well. */
  bend(semitones: number): void
  /** Call before each block: opens the gates of stolen voices. */
  advance(): void
}

/** Frequency in hertz of a MIDI note number in equal temperament with A4 = 440 Hz. */
export function keyToHertz(key: number): number {
  return 440 * 2 ** ((key - 69) / 12)
}

interface Voice {
  readonly addresses: ReadonlyMap<string, string>
  /** Undefined while it is free. */
  key: number | undefined
  /** The note that opens the gate at the next block. */
  pending: { key: number; velocity: number } | undefined
  /** Grows with each change, so that the smallest is the oldest. */
  changed: number
  lastKey: number
}

export function voiceAllocator(target: VoiceTarget): VoiceAllocator {
  const voices = findVoices(target.controls)
  let clock = 0
  let shift = 0

  const set = (voice: Voice, name: string, value: number) => {
    const address = voice.addresses.get(name)
    if (address !== undefined) target.set(address, value)
  }
  const tune = (voice: Voice) => {
    set(voice, 'freq', keyToHertz(voice.lastKey + shift))
    set(voice, 'key', voice.lastKey + shift)
  }
  const start = (voice: Voice, key: number, velocity: number) => {
    voice.key = voice.lastKey = key
    voice.changed = ++clock
    tune(voice)
    set(voice, 'gain', velocity / 127)
    set(voice, 'vel', velocity)
    set(voice, 'velocity', velocity)
    set(voice, 'gate', 1)
  }
  const release = (voice: Voice) => {
    voice.key = voice.pending = undefined
    voice.changed = ++clock
    set(voice, 'gate', 0)
  }
  const steal = (voice: Voice, key: number, velocity: number) => {
    set(voice, 'gate', 0)
    voice.key = key
    voice.changed = ++clock
    voice.pending = { key, velocity }
  }
  const keyOff = (key: number) => {
    for (const voice of voices) if (voice.key === key) release(voice)
  }
  return {
    voices: voices.length,
    keyOff,
    keyOn: (key, velocity) => {
      if (velocity <= 0) return keyOff(key)
      const same = voices.find(voice => voice.key === key)
      const free = oldest(voices.filter(voice => voice.key === undefined))
      const taken = same ?? (free ? undefined : oldest(voices))
      if (taken) steal(taken, key, velocity)
      else if (free) start(free, key, velocity)
    },
    allNotesOff: () => voices.forEach(release),
    bend: semitones => {
      shift = semitones
      voices.forEach(tune)
    },
    advance: () => {
      for (const voice of voices) {
        const note = voice.pending
        if (!note) continue
        voice.pending = undefined
        start(voice, note.key, note.velocity)
      }
    },
  }
}

function oldest(voices: readonly Voice[]): Voice | undefined {
  return voices.reduce<Voice | undefined>((a, b) => (a && a.changed <= b.changed ? a : b), undefined)
}

/** Groups controls by the voice in their address: `/synth/voice3/freq`. One voice when there are none. */
function findVoices(controls: readonly Control[]): Voice[] {
  const found = new Map<number, Map<string, string>>()
  for (const { address, kind } of controls) {
    if (kind === 'hbargraph' || kind === 'vbargraph') continue
    const number = Number(/\/voice(\d+)\//.exec(address)?.[1] ?? 1)
    const name = address.slice(address.lastIndexOf('/') + 1)
    const addresses = found.get(number) ?? new Map<string, string>()
    if (!addresses.has(name)) addresses.set(name, address)
    found.set(number, addresses)
  }
  return [...found]
    .filter(([, addresses]) => addresses.has('gate') || addresses.has('freq') || addresses.has('key'))
    .sort(([a], [b]) => a - b)
    .map(([, addresses]) => ({ addresses, key: undefined, pending: undefined, changed: 0, lastKey: 69 }))
}
