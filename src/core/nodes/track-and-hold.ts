/** `t&h`: follows its input while a gate is open, and holds it while it is closed. */
import { assign, iff } from '../build.ts'
import { defineNode } from '../node-type.ts'

export const trackAndHold = defineNode({
  name: 't&h',
  category: 'sample and hold',
  doc: 'Passes `input` on while `gate` is at least 0.5, and holds its last value otherwise.',
  inputs: {
    input: { doc: 'What is held.' },
    gate: { doc: 'Passes at 0.5 and above.', range: [0, 1] },
  },
  outputs: { value: { doc: 'The input, or what it was.' } },
  state: { value: 0 },
  process: ({ inputs, state }) => ({
    run: [iff(inputs.gate, assign(state.value, inputs.input))],
    outputs: [state.value],
  }),
})
