/** `lfo`: t / turn while t < turn, then (1 - t) / (1 - turn): from falling saw over triangle to rising saw. */
import { opDiv, opLt, opSub } from '../build.ts'
import { choose, clamp } from '../expressions.ts'
import { defineNode } from '../node-type.ts'
import { OSCILLATOR_INPUTS, OSCILLATOR_STATE, runningPhase } from './running-phase.ts'
import { steps } from './steps.ts'

export const lfo = defineNode({
  name: 'lfo',
  category: 'oscillators',
  doc: 'A slow ramp up and down again between 0 and 1.',
  inputs: {
    ...OSCILLATOR_INPUTS,
    turn: {
      doc: 'Where it turns; 0.5 is a triangle, near 1 a rising saw.',
      range: [0.0001, 0.999],
      default: 0.5,
    },
  },
  outputs: { out: { doc: 'The ramp.', range: [0, 1] } },
  state: OSCILLATOR_STATE,
  process(scope) {
    const all = steps()
    const { t } = runningPhase(scope, all)
    const turn = all.local('point', clamp(scope.inputs.turn, 0.0001, 0.999))
    const out = choose(opLt(t, turn), opDiv(t, turn), opDiv(opSub(1, t), opSub(1, turn)))
    return { run: all.run, outputs: [out] }
  },
})
