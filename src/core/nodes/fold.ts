/** `fold`: mirrors the signal at ±1 as often as it takes: 1 - 4 |t - ⌊t + ½⌋| with t = (gain · x - 1) / 4. */
import { opAdd, opMul, opSub, prim } from '../build.ts'
import { defineNode } from '../node-type.ts'
import { steps } from './steps.ts'

export const fold = defineNode({
  name: 'fold',
  category: 'shapers',
  doc: 'Folds loud parts back between -1 and 1; quiet ones pass unchanged.',
  inputs: {
    input: { doc: 'The signal.' },
    gain: { doc: 'How hot it goes in.', range: [0, 100], default: 1 },
  },
  outputs: { out: { doc: 'The folded signal.', range: [-1, 1] } },
  process({ inputs }) {
    const { run, local } = steps()
    const t = local('t', opMul(0.25, opSub(opMul(inputs.gain, inputs.input), 1)))
    const distance = prim.abs(opSub(t, prim.floor(opAdd(t, 0.5))))
    return { run, outputs: [opSub(1, opMul(4, distance))] }
  },
})
