/** `pulse`: a gate of a fixed length at each trigger; ⌈time · rate⌉ samples. */
import { assign, iff, opAdd, opGt, opMul, opSub, prim } from '../build.ts'
import { defineNode } from '../node-type.ts'
import { steps } from './steps.ts'
import { fires } from './trigger.ts'

export const pulse = defineNode({
  name: 'pulse',
  category: 'triggers and gates',
  doc: 'Opens for `time` at each rise of `trig`; another rise meanwhile starts the time anew.',
  inputs: {
    trig: { doc: 'Opens when it rises above 0.5.', range: [0, 1] },
    time: { doc: 'How long it stays open.', unit: 's', range: [0, 10], default: 0.002 },
  },
  outputs: { gate: { doc: '1 while open.', range: [0, 1] } },
  state: { high: 0, left: { doc: 'Samples until it closes.' } },
  process({ inputs, state, sampleRate }) {
    const { run, local, step } = steps()
    const samples = prim.ceil(opMul(inputs.time, sampleRate))
    step(iff(fires(state.high, inputs.trig), assign(state.left, samples)))
    const open = local('open', opGt(state.left, 0))
    step(assign(state.left, prim.max(0, opSub(state.left, 1))))
    return { run, outputs: [opAdd(open, 0)] }
  },
})
