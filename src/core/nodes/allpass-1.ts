/** `ap1`: y ← c x + x₁ - c y₁ with c = (g - 1) / (g + 1), g = tan(π f / rate). */
import { opAdd, opDiv, opMul, opSub } from '../build.ts'
import { defineNode } from '../node-type.ts'
import { integratorGain } from './frequency.ts'
import { steps } from './steps.ts'

export const allpass1 = defineNode({
  name: 'ap1',
  category: 'filters',
  doc: 'All-pass of first order: turns the phase, by a quarter at `freq`; several in a row are a phaser.',
  inputs: {
    input: { doc: 'The signal.' },
    freq: { doc: 'Where the phase is turned by 90°.', unit: 'Hz', range: [0.01, 20000], default: 1000 },
  },
  outputs: { out: { doc: 'As loud as the input at every frequency.' } },
  state: { x1: 0, y1: 0 },
  process({ inputs, state, samplePeriod }) {
    const { run, local, set } = steps()
    const g = local('g', integratorGain(inputs.freq, samplePeriod))
    const c = local('c', opDiv(opSub(g, 1), opAdd(g, 1)))
    const y = local('y', opAdd(opMul(c, opSub(inputs.input, state.y1)), state.x1))
    set(state.x1, inputs.input)
    set(state.y1, y)
    return { run, outputs: [y] }
  },
})
