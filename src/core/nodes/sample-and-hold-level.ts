/** `s&h~`: passes its input on while `set` is above 0.5, and holds it otherwise. */
import { assign, iff, opGt } from '../build.ts'
import { defineNode } from '../node-type.ts'

export const sampleAndHoldLevel = defineNode({
  name: 's&h~',
  category: 'sample and hold',
  doc: 'Passes `input` on while `set` is above 0.5, and holds it otherwise.',
  inputs: {
    input: { doc: 'What is held.' },
    set: { doc: 'Passes above 0.5.', range: [0, 1] },
  },
  outputs: { value: { doc: 'The value held.' } },
  state: { value: { doc: 'The value held.' } },
  process({ inputs, state }) {
    return {
      run: [iff(opGt(inputs.set, 0.5), assign(state.value, inputs.input))],
      outputs: [state.value],
    }
  },
})
