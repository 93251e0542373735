/** `hp1`: y ← a (x - x₁) + b y with b = e^(-2π f / rate), a = (1 + b) / 2, so that the gain at half the rate is 1. */
import { opAdd, opDiv, opMul, opSub, prim } from '../build.ts'
import { defineNode } from '../node-type.ts'
import { normalised } from './frequency.ts'
import { steps } from './steps.ts'

export const highpass1 = defineNode({
  name: 'hp1',
  category: 'filters',
  doc: 'High-pass of 6 dB an octave.',
  inputs: {
    input: { doc: 'The signal.' },
    freq: { doc: 'Cutoff.', unit: 'Hz', range: [0.01, 20000], default: 1000 },
  },
  outputs: { hp: { doc: 'The signal without its lows.' } },
  state: { value: 0, last: { doc: 'The input before.' } },
  process({ inputs, state, samplePeriod }) {
    const { run, local, set } = steps()
    const b = local('b', prim.exp(opMul(-2 * Math.PI, normalised(inputs.freq, samplePeriod))))
    const edge = opMul(opDiv(opAdd(1, b), 2), opSub(inputs.input, state.last))
    set(state.value, opAdd(edge, opMul(b, state.value)))
    set(state.last, inputs.input)
    return { run, outputs: [state.value] }
  },
})
