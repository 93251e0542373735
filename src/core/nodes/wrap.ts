/** `wrap`: low + d - ⌊d / range⌋ range, with d = x - low, range = high - low. */
import { opAdd, opDiv, opMul, opSub, prim } from '../build.ts'
import { defineNode } from '../node-type.ts'
import { steps } from './steps.ts'

export const wrap = defineNode({
  name: 'wrap',
  category: 'maths',
  doc: 'Leads what leaves at one end in again at the other.',
  inputs: {
    input: { doc: 'Any number.' },
    low: { doc: 'Lower end, which belongs to the range.', default: 0 },
    high: { doc: 'Upper end, which does not.', default: 1 },
  },
  outputs: { value: { doc: 'Inside the range.' } },
  process({ inputs }) {
    const { run, local } = steps()
    const range = local('range', opSub(inputs.high, inputs.low))
    const distance = local('distance', opSub(inputs.input, inputs.low))
    const turns = prim.floor(opDiv(distance, range))
    return { run, outputs: [opAdd(inputs.low, opSub(distance, opMul(turns, range)))] }
  },
})
