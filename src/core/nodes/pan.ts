/** `pan`: left x cos θ, right x sin θ, θ = (pan + 1) π / 4: constant power. */
import { opAdd, opMul, prim } from '../build.ts'
import { clamp } from '../expressions.ts'
import { defineNode } from '../node-type.ts'
import { steps } from './steps.ts'

export const pan = defineNode({
  name: 'pan',
  category: 'mixing',
  doc: 'Places a signal between two loudspeakers, with constant power.',
  inputs: {
    input: { doc: 'The signal.' },
    pan: { doc: 'From left to right.', range: [-1, 1], default: 0 },
  },
  outputs: { left: { doc: 'Left loudspeaker.' }, right: { doc: 'Right loudspeaker.' } },
  process({ inputs }) {
    const { run, local } = steps()
    const angle = local('angle', opMul(Math.PI / 4, opAdd(clamp(inputs.pan, -1, 1), 1)))
    return { run, outputs: [opMul(inputs.input, prim.cos(angle)), opMul(inputs.input, prim.sin(angle))] }
  },
})
