/** `mtof`: 440 · 2^((note - 69) / 12). */
import { opDiv, opMul, opSub, prim } from '../build.ts'
import { defineNode } from '../node-type.ts'

export const noteToHertz = defineNode({
  name: 'mtof',
  category: 'conversions',
  doc: 'From a MIDI note number to a frequency, in equal temperament with A4 = 440 Hz.',
  inputs: { note: { doc: 'Note number; 69 is A4.', range: [0, 127] } },
  outputs: { freq: { doc: 'Frequency.', unit: 'Hz' } },
  process: ({ inputs }) => opMul(440, prim.pow(2, opDiv(opSub(inputs.note, 69), 12))),
})
