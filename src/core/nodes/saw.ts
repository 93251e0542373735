/** `saw`: 2t - 1, less the band-limited step. */
import { opMul, opSub } from '../build.ts'
import { defineNode } from '../node-type.ts'
import { bandLimitedStep, OSCILLATOR_INPUTS, OSCILLATOR_STATE, runningPhase } from './running-phase.ts'
import { steps } from './steps.ts'

export const saw = defineNode({
  name: 'saw',
  category: 'oscillators',
  doc: 'A rising saw wave without the worst of aliasing (PolyBLEP).',
  inputs: OSCILLATOR_INPUTS,
  outputs: { out: { doc: 'The wave.', range: [-1, 1] } },
  state: OSCILLATOR_STATE,
  process(scope) {
    const all = steps()
    const { t, dt } = runningPhase(scope, all)
    const step = bandLimitedStep('wrap', t, dt, all)
    return { run: all.run, outputs: [opSub(opSub(opMul(2, t), 1), step)] }
  },
})
