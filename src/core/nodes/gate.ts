/** `gate`: a Schmitt trigger, open above one threshold and closed again only at another. */
import { assign, iff, opGt, opLe } from '../build.ts'
import { defineNode } from '../node-type.ts'

export const gate = defineNode({
  name: 'gate',
  category: 'triggers and gates',
  doc: 'Opens when `input` rises above `high`, and closes when it is at `low` or below.',
  inputs: {
    input: { doc: 'Any signal.' },
    low: { doc: 'Closes here and below.', default: 0.25 },
    high: { doc: 'Opens above.', default: 0.5 },
  },
  outputs: { gate: { doc: '1 while open.', range: [0, 1] } },
  state: { open: 0 },
  process({ inputs, state }) {
    const { input, low, high } = inputs
    const close = iff(opLe(input, low), assign(state.open, 0))
    return { run: [iff(opGt(input, high), assign(state.open, 1), close)], outputs: [state.open] }
  },
})
