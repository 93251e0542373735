/** `lp1`: exponential low-pass, y ← (1 - b) x + b y with b = e^(-2π f / rate). */
import { opAdd, opMul, opSub, prim } from '../build.ts'
import { defineNode } from '../node-type.ts'
import { normalised } from './frequency.ts'
import { steps } from './steps.ts'

export const lowpass1 = defineNode({
  name: 'lp1',
  category: 'filters',
  doc: 'Low-pass of 6 dB an octave.',
  inputs: {
    input: { doc: 'The signal.' },
    freq: { doc: 'Cutoff.', unit: 'Hz', range: [0.01, 20000], default: 1000 },
  },
  outputs: { lp: { doc: 'The signal without its highs.' } },
  state: { value: 0 },
  process({ inputs, state, samplePeriod }) {
    const { run, local, set } = steps()
    const b = local('b', prim.exp(opMul(-2 * Math.PI, normalised(inputs.freq, samplePeriod))))
    set(state.value, opAdd(opMul(opSub(1, b), inputs.input), opMul(b, state.value)))
    return { run, outputs: [state.value] }
  },
})
