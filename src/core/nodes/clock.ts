/**
 * `clock`: beats at a tempo.
 *
 * Phase advances by bpm / 60 / sample rate; a beat falls where it passes 1, and on the first sample.
 */
import { assign, iff, opAdd, opDiv, opGe, opMul, opSub, prim, stmts } from '../build.ts'
import { defineNode } from '../node-type.ts'
import { steps } from './steps.ts'
import { fires } from './trigger.ts'

export const clock = defineNode({
  name: 'clock',
  category: 'clocks',
  doc: 'Beats at a tempo, the first at once.',
  inputs: {
    bpm: { doc: 'Beats a minute.', unit: '1/min', range: [0, 1000], default: 120 },
    reset: { doc: 'A beat falls when it rises above 0.5.', range: [0, 1], default: 0 },
  },
  outputs: {
    trig: { doc: '1 in the sample of a beat.', range: [0, 1] },
    phase: { doc: 'From 0 at a beat to 1 at the next.', range: [0, 1] },
  },
  state: { phase: { doc: 'Of this sample, in beats.', initial: 1 }, high: 0 },
  process({ inputs, state, samplePeriod }) {
    const { run, local, step } = steps()
    step(iff(fires(state.high, inputs.reset), assign(state.phase, 1)))
    const beat = local('beat', 0)
    const wrapped = opSub(state.phase, prim.floor(state.phase))
    step(iff(opGe(state.phase, 1), stmts([assign(beat, 1), assign(state.phase, wrapped)])))
    const phase = local('now', state.phase)
    step(assign(state.phase, opAdd(state.phase, opMul(prim.max(0, opDiv(inputs.bpm, 60)), samplePeriod))))
    return { run, outputs: [beat, phase] }
  },
})
