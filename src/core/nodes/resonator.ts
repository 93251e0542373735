/**
 * `reson`: two poles at radius r = e^(-π bandwidth / rate), zeros at ±1, so that the peak has the gain 1 at any
 * frequency (J. O. Smith and J. B. Angell, A Constant-Gain Digital Resonator, 1982).
 *
 * y ← (1 - r²) / 2 · (x - x₂) + 2 r cos(ω) y₁ - r² y₂.
 */
import { opAdd, opDiv, opMul, opSub, prim } from '../build.ts'
import { defineNode } from '../node-type.ts'
import { normalised } from './frequency.ts'
import { steps } from './steps.ts'

export const resonator = defineNode({
  name: 'reson',
  category: 'filters',
  doc: 'Resonates at one frequency, with a peak of about 0 dB.',
  inputs: {
    input: { doc: 'The signal.' },
    freq: { doc: 'Where it resonates.', unit: 'Hz', range: [0.01, 20000], default: 1000 },
    bandwidth: { doc: 'Between the points at -3 dB.', unit: 'Hz', range: [0.01, 10000], default: 50 },
  },
  outputs: { out: { doc: 'The band.' } },
  state: { x1: 0, x2: 0, y1: 0, y2: 0 },
  process({ inputs, state, samplePeriod }) {
    const { run, local, set } = steps()
    const radius = prim.exp(opMul(-Math.PI, opMul(prim.max(0, inputs.bandwidth), samplePeriod)))
    const r = local('r', radius)
    const cosine = prim.cos(opMul(2 * Math.PI, normalised(inputs.freq, samplePeriod)))
    const gain = opDiv(opSub(1, opMul(r, r)), 2)
    const direct = opMul(gain, opSub(inputs.input, state.x2))
    const back = opSub(opMul(opMul(opMul(2, r), cosine), state.y1), opMul(opMul(r, r), state.y2))
    const y = local('y', opAdd(direct, back))
    set(state.x2, state.x1)
    set(state.x1, inputs.input)
    set(state.y2, state.y1)
    set(state.y1, y)
    return { run, outputs: [y] }
  },
})
