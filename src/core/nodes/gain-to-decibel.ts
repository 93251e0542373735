/** `atodb`: 20 log₁₀ |gain|, -90 for magnitudes below 0.0000317. */
import { opLt, opMul, prim } from '../build.ts'
import { choose } from '../expressions.ts'
import { defineNode } from '../node-type.ts'
import { steps } from './steps.ts'

const SILENT_GAIN = 0.0000317

export const gainToDecibel = defineNode({
  name: 'atodb',
  category: 'conversions',
  doc: 'From a factor to decibels; -90 for next to nothing.',
  inputs: { gain: { doc: 'Factor.' } },
  outputs: { db: { doc: 'Level.', unit: 'dB', range: [-90, 24] } },
  process({ inputs }) {
    const { run, local } = steps()
    const size = local('size', prim.abs(inputs.gain))
    return { run, outputs: [choose(opLt(size, SILENT_GAIN), -90, opMul(20, prim.log10(size)))] }
  },
})
