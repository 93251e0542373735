/** `dcblock`: y ← x - x₁ + r y with r = 0.995, above 90 kHz 0.9965 (J. O. Smith, Introduction to Digital Filters, B.3). */
import { opAdd, opGt, opMul, opSub } from '../build.ts'
import { choose } from '../expressions.ts'
import { defineNode } from '../node-type.ts'
import { steps } from './steps.ts'

export const dcBlock = defineNode({
  name: 'dcblock',
  category: 'filters',
  doc: 'Takes the constant part out of a signal.',
  inputs: { input: { doc: 'The signal.' } },
  outputs: { out: { doc: 'The signal around 0.' } },
  state: { value: 0, last: { doc: 'The input before.' } },
  process({ inputs, state, sampleRate }) {
    const { run, set } = steps()
    const r = choose(opGt(sampleRate, 90_000), 0.9965, 0.995)
    set(state.value, opAdd(opSub(inputs.input, state.last), opMul(r, state.value)))
    set(state.last, inputs.input)
    return { run, outputs: [state.value] }
  },
})
