/**
 * `scale`: quantises note numbers to a scale. A table of 12 offsets says for each semitone where the nearest note
 * of the scale is; of two that are as near, the lower.
 */
import { bufRead, opAdd, prim } from '../build.ts'
import { defineNode } from '../node-type.ts'
import { steps } from './steps.ts'

const SEMITONES = 12
/** C D E F G A B: bits 0, 2, 4, 5, 7, 9, 11. */
const MAJOR = 0b1010_1011_0101

/** For each semitone the way to the nearest note of the scale; all 0 for a scale without notes. */
export function scaleOffsets(mask: number): number[] {
  const has = (note: number) => ((mask >> (((note % SEMITONES) + SEMITONES) % SEMITONES)) & 1) === 1
  return Array.from({ length: SEMITONES }, (_, note) => {
    for (let distance = 0; distance <= SEMITONES / 2; distance++) {
      if (has(note - distance)) return 0 - distance
      if (has(note + distance)) return distance
    }
    return 0
  })
}

export const scale = defineNode({
  name: 'scale',
  category: 'quantisers',
  doc: 'Rounds a note number to the nearest note of a scale.',
  inputs: {
    note: { doc: 'MIDI note number; 60 is C.', range: [0, 127] },
    notes: {
      doc: 'The scale as a sum of 2^semitone, from C; known when the program is compiled.',
      range: [0, 4095],
      default: MAJOR,
      constant: true,
    },
  },
  outputs: { note: { doc: 'A note of the scale.', range: [0, 127] } },
  buffers: {
    offsets: {
      length: SEMITONES,
      readOnly: true,
      initial: ({ constants }) => scaleOffsets(constants.notes ?? MAJOR),
    },
  },
  process({ inputs, buffers }) {
    const { run, local } = steps()
    const note = local('whole', prim.floor(opAdd(inputs.note, 0.5)))
    return { run, outputs: [opAdd(note, bufRead(buffers.offsets, note))] }
  },
})
