/** `trig`: one sample of 1 at each rise of its input. */
import { defineNode } from '../node-type.ts'
import { fires } from './trigger.ts'

export const trig = defineNode({
  name: 'trig',
  category: 'triggers and gates',
  doc: 'Is 1 for one sample when `input` rises above 0.5, after it has been 0.25 or less.',
  inputs: { input: { doc: 'Any signal.' } },
  outputs: { trig: { doc: '1 or 0.', range: [0, 1] } },
  state: { high: 0 },
  process: ({ inputs, state }) => fires(state.high, inputs.input),
})
