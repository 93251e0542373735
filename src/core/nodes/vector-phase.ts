/**
 * `vps`: vector phase shaping (J. Kleimola, V. Lazzarini, J. Timoney, V. Välimäki, Vector Phaseshaping Synthesis,
 * 2011): the phase of a cosine bends at the point (d, v).
 *
 * φ = v t / d for t < d, else (1 - v) (t - d) / (1 - d) + v; out = -cos(2π φ).
 */
import { opAdd, opDiv, opLt, opMul, opSub, prim } from '../build.ts'
import { choose, clamp, negate } from '../expressions.ts'
import { defineNode } from '../node-type.ts'
import { OSCILLATOR_INPUTS, OSCILLATOR_STATE, runningPhase } from './running-phase.ts'
import { steps } from './steps.ts'

export const vectorPhase = defineNode({
  name: 'vps',
  category: 'oscillators',
  doc: 'A cosine with a bent phase: from sine over saw and pulse to formants.',
  inputs: {
    ...OSCILLATOR_INPUTS,
    d: { doc: 'Where in the period it bends.', range: [0.001, 0.999], default: 0.5 },
    v: {
      doc: 'Turns until there; whole and half numbers of turns sound without a jump.',
      range: [0, 64],
      default: 0.5,
    },
  },
  outputs: { out: { doc: 'The wave.', range: [-1, 1] } },
  state: OSCILLATOR_STATE,
  process(scope) {
    const all = steps()
    const { t } = runningPhase(scope, all)
    const { v } = scope.inputs
    const d = all.local('bend', clamp(scope.inputs.d, 0.001, 0.999))
    const first = opDiv(opMul(v, t), d)
    const second = opAdd(opDiv(opMul(opSub(1, v), opSub(t, d)), opSub(1, d)), v)
    const shaped = choose(opLt(t, d), first, second)
    return { run: all.run, outputs: [negate(prim.cos(opMul(2 * Math.PI, shaped)))] }
  },
})
