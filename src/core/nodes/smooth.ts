/** `smooth`: exponential smoothing, y ← x + (y - x) · e^(-1 / (time · rate)). */
import { opAdd, opDiv, opMul, opSub, prim } from '../build.ts'
import { defineNode } from '../node-type.ts'
import { steps } from './steps.ts'

export const smooth = defineNode({
  name: 'smooth',
  category: 'slew and smoothing',
  doc: 'Follows `input` with a time constant: 63 % of a step in `time`. 0 does not smooth.',
  inputs: {
    input: { doc: 'Where to go.' },
    time: { doc: 'Time constant.', unit: 's', range: [0, 10], default: 0.01 },
  },
  outputs: { value: { doc: 'Starts at 0.' } },
  state: { value: 0 },
  process({ inputs, state, sampleRate }) {
    const { run, local, set } = steps()
    const samples = opMul(prim.max(0, inputs.time), sampleRate)
    const pole = local('pole', prim.exp(opDiv(-1, samples)))
    set(state.value, opAdd(inputs.input, opMul(opSub(state.value, inputs.input), pole)))
    return { run, outputs: [state.value] }
  },
})
