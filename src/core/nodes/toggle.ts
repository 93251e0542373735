/** `toggle`: a switch that each trigger turns. */
import { assign, iff, opSub } from '../build.ts'
import { defineNode } from '../node-type.ts'
import { fires } from './trigger.ts'

export const toggle = defineNode({
  name: 'toggle',
  category: 'triggers and gates',
  doc: 'Goes from 0 to 1, or back, at each rise of `trig`.',
  inputs: {
    trig: { doc: 'Turns when it rises above 0.5.', range: [0, 1] },
    reset: { doc: 'Goes to 0 when it rises above 0.5.', range: [0, 1], default: 0 },
  },
  outputs: { gate: { doc: '0 or 1.', range: [0, 1] } },
  state: { on: 0, high: 0, resetHigh: 0 },
  process({ inputs, state }) {
    const turn = iff(fires(state.high, inputs.trig), assign(state.on, opSub(1, state.on)))
    const clear = iff(fires(state.resetHigh, inputs.reset), assign(state.on, 0))
    return { run: [turn, clear], outputs: [state.on] }
  },
})
