/** `ftom`: 69 + 12 log₂(f / 440). */
import { opAdd, opDiv, opMul, prim } from '../build.ts'
import { defineNode } from '../node-type.ts'

export const hertzToNote = defineNode({
  name: 'ftom',
  category: 'conversions',
  doc: 'From a frequency to a MIDI note number, in equal temperament with A4 = 440 Hz.',
  inputs: { freq: { doc: 'Above 0.', unit: 'Hz', range: [8, 20000] } },
  outputs: { note: { doc: 'Note number; 69 is A4.' } },
  process: ({ inputs }) => opAdd(69, opMul(12, prim.log2(opDiv(inputs.freq, 440)))),
})
