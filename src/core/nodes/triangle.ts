/**
 * `tri`: 1 - 4 |t - ½|, with band-limited corners at t = 0 and t = ½, where the slope changes by ±8 a turn.
 */
import { opAdd, opMul, opSub, prim } from '../build.ts'
import { defineNode } from '../node-type.ts'
import { bandLimitedCorner, OSCILLATOR_INPUTS, OSCILLATOR_STATE, runningPhase } from './running-phase.ts'
import { steps } from './steps.ts'

export const triangle = defineNode({
  name: 'tri',
  category: 'oscillators',
  doc: 'A triangle wave with rounded corners (PolyBLAMP); lowest at phase 0.',
  inputs: OSCILLATOR_INPUTS,
  outputs: { out: { doc: 'The wave.', range: [-1, 1] } },
  state: OSCILLATOR_STATE,
  process(scope) {
    const all = steps()
    const { t, dt } = runningPhase(scope, all)
    const middle = all.local('middle', prim.abs(opSub(t, 0.5)))
    const low = bandLimitedCorner('low', prim.min(t, opSub(1, t)), dt, all)
    const high = bandLimitedCorner('high', middle, dt, all)
    const corners = opMul(opMul(8, dt), opSub(low, high))
    return { run: all.run, outputs: [opAdd(opSub(1, opMul(4, middle)), corners)] }
  },
})
