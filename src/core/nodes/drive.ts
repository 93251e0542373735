/** `drive`: tanh(gain · x). */
import { opMul, prim } from '../build.ts'
import { defineNode } from '../node-type.ts'

export const drive = defineNode({
  name: 'drive',
  category: 'shapers',
  doc: 'Saturates like a valve amplifier: the hyperbolic tangent.',
  inputs: {
    input: { doc: 'The signal.' },
    gain: { doc: 'How hot it goes in.', range: [0, 100], default: 1 },
  },
  outputs: { out: { doc: 'The shaped signal.', range: [-1, 1] } },
  process: ({ inputs }) => prim.tanh(opMul(inputs.gain, inputs.input)),
})
