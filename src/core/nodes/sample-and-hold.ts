/** `s&h`: takes a sample of its input at each trigger and holds it. */
import { assign, iff } from '../build.ts'
import { defineNode } from '../node-type.ts'
import { fires } from './trigger.ts'

export const sampleAndHold = defineNode({
  name: 's&h',
  category: 'sample and hold',
  doc: 'Takes `input` when `set` rises above 0.5 and holds it.',
  inputs: {
    input: { doc: 'What is sampled.' },
    set: { doc: 'Samples when it rises above 0.5, after it has been 0.25 or less.', range: [0, 1] },
  },
  outputs: { value: { doc: 'The value held; 0 before the first trigger.' } },
  state: {
    value: { doc: 'The value held.' },
    high: { doc: '1 while `set` has not come back to 0.25.' },
  },
  process({ inputs, state }) {
    return {
      run: [iff(fires(state.high, inputs.set), assign(state.value, inputs.input))],
      outputs: [state.value],
    }
  },
})
