/**
 * `svf`: the state variable filter in trapezoidal form (A. Simper, Cytomic, Linear Trapezoidal SVF, 2013).
 *
 * g = tan(π f / rate), k = 2 - 1.989 res, a₁ = 1 / (1 + g (g + k)), a₂ = g a₁, a₃ = g a₂;
 * v₃ = x - s₂, v₁ = a₁ s₁ + a₂ v₃, v₂ = s₂ + a₂ s₁ + a₃ v₃, s₁ ← 2 v₁ - s₁, s₂ ← 2 v₂ - s₂.
 */
import { opAdd, opDiv, opMul, opSub } from '../build.ts'
import { defineNode } from '../node-type.ts'
import { integratorGain } from './frequency.ts'
import { steps } from './steps.ts'

export const stateVariable = defineNode({
  name: 'svf',
  category: 'filters',
  doc: 'State variable filter: all six responses of 12 dB an octave at once, exact under fast modulation.',
  inputs: {
    input: { doc: 'The signal.' },
    freq: { doc: 'Cutoff.', unit: 'Hz', range: [0.01, 20000], default: 1000 },
    res: { doc: 'Resonance, from none to almost self-oscillation.', range: [0, 1], default: 0 },
  },
  outputs: {
    lp: { doc: 'Low-pass.' },
    bp: { doc: 'Band-pass.' },
    hp: { doc: 'High-pass.' },
    notch: { doc: 'Low-pass and high-pass.' },
    peak: { doc: 'Low-pass less high-pass.' },
    ap: { doc: 'All-pass.' },
  },
  state: { s1: { doc: 'First integrator.' }, s2: { doc: 'Second integrator.' } },
  process({ inputs, state, samplePeriod }) {
    const { run, local, set } = steps()
    const x = inputs.input
    const g = local('g', integratorGain(inputs.freq, samplePeriod))
    const k = local('k', opSub(2, opMul(1.989, inputs.res)))
    const a1 = local('a1', opDiv(1, opAdd(1, opMul(g, opAdd(g, k)))))
    const a2 = local('a2', opMul(g, a1))
    const a3 = local('a3', opMul(g, a2))
    const v3 = local('v3', opSub(x, state.s2))
    const v1 = local('v1', opAdd(opMul(a1, state.s1), opMul(a2, v3)))
    const v2 = local('v2', opAdd(opAdd(state.s2, opMul(a2, state.s1)), opMul(a3, v3)))
    set(state.s1, opSub(opMul(2, v1), state.s1))
    set(state.s2, opSub(opMul(2, v2), state.s2))
    const notch = local('notch', opSub(x, opMul(k, v1)))
    const hp = local('hp', opSub(notch, v2))
    return { run, outputs: [v2, v1, hp, notch, opSub(v2, hp), opSub(notch, opMul(k, v1))] }
  },
})
