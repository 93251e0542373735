/** `change`: fires when its input has moved. */
import { assign, iff, opGt, opSub, prim, stmts } from '../build.ts'
import { defineNode } from '../node-type.ts'

/** The distance from 1 to the next number of single precision. */
const SINGLE_EPSILON = 2 ** -23

export const change = defineNode({
  name: 'change',
  category: 'triggers and gates',
  doc: 'Is 1 for one sample when `input` is more than `by` away from where it last fired; at the start too, unless near -100.',
  inputs: {
    input: { doc: 'What is watched.' },
    by: { doc: 'Smaller moves are ignored.', default: SINGLE_EPSILON },
  },
  outputs: { trig: { doc: '1 or 0.', range: [0, 1] } },
  state: { last: { doc: 'Where it last fired.', initial: -100 } },
  process({ inputs, state }) {
    const moved = opGt(prim.abs(opSub(inputs.input, state.last)), inputs.by)
    return iff(moved, stmts([assign(state.last, inputs.input), 1]), 0)
  },
})
