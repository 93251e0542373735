/**
 * The allocator of voices against a list of what each voice must have been told.
 */

import { describe, expect, it } from 'vitest'
import type { Control } from '../../src/core/program.ts'
import { keyToHertz, voiceAllocator } from '../../src/runtime/voices.ts'
import fc from '../support/property.ts'

function target(voices: number) {
  const values = new Map<string, number>()
  const control = (address: string): Control => ({
    ...{ kind: 'hslider', address, label: '', init: 0, min: 0, max: 1, step: 0, metadata: [], offset: 0 },
  })
  const names = ['freq', 'gain', 'gate']
  const controls = Array.from({ length: voices }, (_, v) =>
    names.map(n => control(`/synth/voice${v + 1}/${n}`)),
  )
  return {
    controls: [control('/synth/volume'), ...controls.flat()],
    set: (address: string, value: number) => void values.set(address, value),
    of: (voice: number) => names.map(n => values.get(`/synth/voice${voice}/${n}`)),
    gates: () => Array.from({ length: voices }, (_, v) => values.get(`/synth/voice${v + 1}/gate`) ?? 0),
  }
}

describe('voices', () => {
  it('get frequency, gain and gate of a note', () => {
    const synth = target(2)
    const notes = voiceAllocator(synth)
    notes.keyOn(57, 127)
    expect(synth.of(1)).toEqual([220, 1, 1])
    notes.keyOff(57)
    expect(synth.of(1)).toEqual([220, 1, 0])
  })

  it('are taken in turn, so that tails ring on', () => {
    const synth = target(3)
    const notes = voiceAllocator(synth)
    for (const key of [60, 62]) {
      notes.keyOn(key, 100)
      notes.keyOff(key)
    }
    notes.keyOn(64, 100)
    expect(synth.gates()).toEqual([0, 0, 1])
    notes.keyOn(65, 100)
    expect(synth.of(1)[0]).toBe(keyToHertz(65))
  })

  it('are stolen from the oldest note, with the gate closed for a block', () => {
    const synth = target(2)
    const notes = voiceAllocator(synth)
    notes.keyOn(60, 100)
    notes.keyOn(62, 100)
    notes.keyOn(64, 127)
    expect(synth.gates()).toEqual([0, 1])
    notes.advance()
    expect(synth.of(1)).toEqual([keyToHertz(64), 1, 1])
    notes.keyOff(60)
    expect(synth.gates()).toEqual([1, 1])
  })

  it('follow the bend', () => {
    const synth = target(1)
    const notes = voiceAllocator(synth)
    notes.keyOn(69, 100)
    notes.bend(12)
    expect(synth.of(1)[0]).toBe(880)
  })

  it('open as many gates as keys are down, at most all of them', () => {
    const step = fc.tuple(fc.integer({ min: 40, max: 50 }), fc.boolean())
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 6 }), fc.array(step, { maxLength: 60 }), (count, steps) => {
        const synth = target(count)
        const notes = voiceAllocator(synth)
        /** Keys that sound, oldest first: a model without voices. */
        let sounding: number[] = []
        for (const [key, down] of steps) {
          sounding = sounding.filter(k => k !== key)
          if (down) sounding.push(key)
          if (sounding.length > count) sounding.shift()
          if (down) notes.keyOn(key, 90)
          else notes.keyOff(key)
          notes.advance()
        }
        expect(synth.gates().filter(gate => gate === 1)).toHaveLength(sounding.length)
        const open = synth.gates().flatMap((gate, v) => (gate === 1 ? [synth.of(v + 1)[0]!] : []))
        expect(open.sort()).toEqual(sounding.map(keyToHertz).sort())
      }),
    )
  })
})
