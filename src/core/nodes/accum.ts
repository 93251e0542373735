/** `accum`: value ← value + input, or 0 where `reset` is above 0.5. */
import { assign, iff, opAdd, opGt } from '../build.ts'
import { defineNode } from '../node-type.ts'

export const accum = defineNode({
  name: 'accum',
  category: 'arithmetic',
  doc: 'Adds up its input, sample by sample. While `reset` is above 0.5 the sum is 0, and the input is not added.',
  inputs: {
    input: { doc: 'What is added.' },
    reset: { doc: 'Above 0.5 the sum is 0.', range: [0, 1] },
  },
  outputs: { sum: { doc: 'The sum, the input of this sample included.' } },
  state: { value: { doc: 'The sum so far.' } },
  process({ inputs, state }) {
    const next = iff(opGt(inputs.reset, 0.5), 0, opAdd(state.value, inputs.input))
    return { run: [assign(state.value, next)], outputs: [state.value] }
  },
})
