/** `map`: to₀ + (x - from₀) (to₁ - to₀) / (from₁ - from₀). */
import { opAdd, opDiv, opMul, opSub } from '../build.ts'
import { defineNode } from '../node-type.ts'

export const map = defineNode({
  name: 'map',
  category: 'maths',
  doc: 'Stretches one range onto another, in a straight line and beyond its ends.',
  inputs: {
    input: { doc: 'Any number.' },
    from0: { doc: 'Start of the first range.', default: 0 },
    from1: { doc: 'End of the first range.', default: 1 },
    to0: { doc: 'Start of the second range.', default: 0 },
    to1: { doc: 'End of the second range.', default: 1 },
  },
  outputs: { value: { doc: 'As far into the second range as the input into the first.' } },
  process({ inputs }) {
    const { input, from0, from1, to0, to1 } = inputs
    const part = opDiv(opSub(input, from0), opSub(from1, from0))
    return opAdd(to0, opMul(part, opSub(to1, to0)))
  },
})
