/** `count`: a step counter, the heart of a sequencer. */
import { assign, iff, opAdd, opGe, prim, stmts } from '../build.ts'
import { defineNode } from '../node-type.ts'
import { steps } from './steps.ts'
import { fires } from './trigger.ts'

export const count = defineNode({
  name: 'count',
  category: 'triggers and gates',
  doc: 'Counts triggers from 0 to `steps` - 1, and over again.',
  inputs: {
    trig: { doc: 'Counts when it rises above 0.5.', range: [0, 1] },
    steps: { doc: 'A whole number, at least 1.', range: [1, 1024], default: 8 },
    reset: { doc: 'Goes back to 0 when it rises above 0.5.', range: [0, 1], default: 0 },
  },
  outputs: {
    count: { doc: 'The step, 0 before the first trigger.', range: [0, 1023] },
    wrap: { doc: '1 in the sample in which it starts over.', range: [0, 1] },
  },
  state: { value: 0, high: 0, resetHigh: 0 },
  process({ inputs, state }) {
    const { run, local, step } = steps()
    const wrap = local('wrap', 0)
    const last = local('last', prim.max(1, prim.floor(inputs.steps)))
    const over = iff(opGe(state.value, last), stmts([assign(state.value, 0), assign(wrap, 1)]))
    const next = assign(state.value, opAdd(state.value, 1))
    step(iff(fires(state.high, inputs.trig), stmts([next, over])))
    step(iff(fires(state.resetHigh, inputs.reset), assign(state.value, 0)))
    return { run, outputs: [state.value, wrap] }
  },
})
