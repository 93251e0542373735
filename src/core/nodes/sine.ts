/** `sine`: sin(2π (t + offset)). */
import { opAdd, opMul, prim } from '../build.ts'
import { defineNode } from '../node-type.ts'
import { OSCILLATOR_INPUTS, OSCILLATOR_STATE, runningPhase } from './running-phase.ts'
import { steps } from './steps.ts'

export const sine = defineNode({
  name: 'sine',
  category: 'oscillators',
  doc: 'A sine wave, starting at 0 and rising.',
  inputs: {
    ...OSCILLATOR_INPUTS,
    offset: { doc: 'Added to the phase, in turns: phase modulation.', default: 0 },
  },
  outputs: { out: { doc: 'The wave.', range: [-1, 1] } },
  state: OSCILLATOR_STATE,
  process(scope) {
    const all = steps()
    const { t } = runningPhase(scope, all)
    return { run: all.run, outputs: [prim.sin(opMul(2 * Math.PI, opAdd(t, scope.inputs.offset)))] }
  },
})
