/** `quant`: ⌊x / step + ½⌋ · step. */
import { opAdd, opDiv, opGt, opMul, prim } from '../build.ts'
import { choose } from '../expressions.ts'
import { defineNode } from '../node-type.ts'

export const quantise = defineNode({
  name: 'quant',
  category: 'quantisers',
  doc: 'Rounds to multiples of `step`; a step of 0 changes nothing.',
  inputs: {
    input: { doc: 'Any number.' },
    step: { doc: 'Distance of the values.', range: [0, 100], default: 1 },
  },
  outputs: { value: { doc: 'A multiple of `step`.' } },
  process({ inputs }) {
    const { input, step } = inputs
    const rounded = opMul(prim.floor(opAdd(opDiv(input, step), 0.5)), step)
    return choose(opGt(step, 0), rounded, input)
  },
})
