/** `decimate`: sample and hold at a lower rate; a new sample where the phase, freq / rate a sample, passes 1. */
import { assign, iff, opAdd, opGe, opMul, opSub, prim, stmts } from '../build.ts'
import { defineNode } from '../node-type.ts'
import { steps } from './steps.ts'

export const decimate = defineNode({
  name: 'decimate',
  category: 'shapers',
  doc: 'Lowers the sample rate without a filter: aliasing on purpose.',
  inputs: {
    input: { doc: 'The signal.' },
    freq: { doc: 'The lower sample rate.', unit: 'Hz', range: [1, 48000], default: 8000 },
  },
  outputs: { out: { doc: 'The signal in steps.' } },
  state: { value: 0, phase: { doc: 'A sample is taken at 1.', initial: 1 } },
  process({ inputs, state, samplePeriod }) {
    const { run, step } = steps()
    const rest = opSub(state.phase, prim.floor(state.phase))
    step(iff(opGe(state.phase, 1), stmts([assign(state.phase, rest), assign(state.value, inputs.input)])))
    step(assign(state.phase, opAdd(state.phase, prim.min(1, opMul(inputs.freq, samplePeriod)))))
    return { run, outputs: [state.value] }
  },
})
