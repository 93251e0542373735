/** `dbtoa`: 10^(dB / 20), 0 below -89.9 dB. */
import { opDiv, opLt, prim } from '../build.ts'
import { choose } from '../expressions.ts'
import { defineNode } from '../node-type.ts'

const SILENT_DECIBELS = -89.9

export const decibelToGain = defineNode({
  name: 'dbtoa',
  category: 'conversions',
  doc: 'From decibels to a factor; below -89.9 dB it is 0.',
  inputs: { db: { doc: 'Level.', unit: 'dB', range: [-90, 24] } },
  outputs: { gain: { doc: 'Factor.' } },
  process: ({ inputs }) => choose(opLt(inputs.db, SILENT_DECIBELS), 0, prim.pow(10, opDiv(inputs.db, 20))),
})
