/**
 * `comp`: a feed-forward compressor in decibels (D. Giannoulis, M. Massberg, J. D. Reiss, Digital Dynamic Range
 * Compressor Design, JAES 2012), hard knee, branching smoother on the gain.
 *
 * over = max(0, 20 log₁₀|x| - threshold), wanted = over (1 - 1/ratio);
 * g ← wanted + (g - wanted) e^(-1 / (time · rate)), time = attack where the reduction grows; out = x 10^(-g / 20).
 */
import { opAdd, opDiv, opGt, opMul, opSub, prim } from '../build.ts'
import { choose } from '../expressions.ts'
import { defineNode } from '../node-type.ts'
import { steps } from './steps.ts'

/** Keeps the logarithm finite: -200 dB. */
const NOTHING = 1e-10

export const compressor = defineNode({
  name: 'comp',
  category: 'dynamics',
  doc: 'Turns loud parts down.',
  inputs: {
    input: { doc: 'The signal.' },
    threshold: { doc: 'Louder parts are turned down.', unit: 'dB', range: [-60, 0], default: -20 },
    ratio: { doc: 'How many dB more in for one more out.', range: [1, 100], default: 4 },
    attack: { doc: 'Time constant of turning down.', unit: 's', range: [0, 1], default: 0.005 },
    release: { doc: 'Time constant of turning up.', unit: 's', range: [0, 5], default: 0.1 },
  },
  outputs: {
    out: { doc: 'The signal.' },
    reduction: { doc: 'How much it is turned down.', unit: 'dB', range: [0, 60] },
  },
  state: { value: { doc: 'Reduction in dB.' } },
  process({ inputs, state, sampleRate }) {
    const { run, local, set } = steps()
    const pole = (seconds: typeof inputs.attack) =>
      prim.exp(opDiv(-1, opMul(prim.max(0, seconds), sampleRate)))
    const level = opMul(20, prim.log10(prim.max(NOTHING, prim.abs(inputs.input))))
    const over = prim.max(0, opSub(level, inputs.threshold))
    const wanted = local('wanted', opMul(over, opSub(1, opDiv(1, prim.max(1, inputs.ratio)))))
    const factor = choose(opGt(wanted, state.value), pole(inputs.attack), pole(inputs.release))
    set(state.value, opAdd(wanted, opMul(opSub(state.value, wanted), factor)))
    const gain = prim.pow(10, opDiv(state.value, -20))
    return { run, outputs: [opMul(inputs.input, gain), state.value] }
  },
})
