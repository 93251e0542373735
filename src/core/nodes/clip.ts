/** `clip`: max(low, min(x, high)). */
import { clamp } from '../expressions.ts'
import { defineNode } from '../node-type.ts'

export const clip = defineNode({
  name: 'clip',
  category: 'shapers',
  doc: 'Cuts off what goes beyond its limits.',
  inputs: {
    input: { doc: 'The signal.' },
    low: { doc: 'Lower limit.', default: -1 },
    high: { doc: 'Upper limit.', default: 1 },
  },
  outputs: { out: { doc: 'The signal inside its limits.' } },
  process: ({ inputs }) => clamp(inputs.input, inputs.low, inputs.high),
})
