/**
 * `tpt1`: one pole with a trapezoidal integrator (Zavalishin, The Art of VA Filter Design, 3.10).
 *
 * v = (x - s) g / (1 + g), lp = v + s, s ← lp + v, hp = x - lp, with g = tan(π f / rate).
 */
import { opAdd, opDiv, opMul, opSub } from '../build.ts'
import { defineNode } from '../node-type.ts'
import { integratorGain } from './frequency.ts'
import { steps } from './steps.ts'

export const trapezoidal1 = defineNode({
  name: 'tpt1',
  category: 'filters',
  doc: 'Low-pass and high-pass of 6 dB an octave that stay exact under modulation; their sum is the input.',
  inputs: {
    input: { doc: 'The signal.' },
    freq: { doc: 'Cutoff, at which both are at -3 dB.', unit: 'Hz', range: [0.01, 20000], default: 1000 },
  },
  outputs: { lp: { doc: 'Low-pass.' }, hp: { doc: 'High-pass.' } },
  state: { s: { doc: 'State of the integrator.' } },
  process({ inputs, state, samplePeriod }) {
    const { run, local, set } = steps()
    const g = local('g', integratorGain(inputs.freq, samplePeriod))
    const v = local('v', opMul(opSub(inputs.input, state.s), opDiv(g, opAdd(1, g))))
    const lp = local('lp', opAdd(v, state.s))
    set(state.s, opAdd(lp, v))
    return { run, outputs: [lp, opSub(inputs.input, lp)] }
  },
})
