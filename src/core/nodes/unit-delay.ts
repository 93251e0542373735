/** `z1`: one sample of delay. */
import { assign } from '../build.ts'
import { defineNode } from '../node-type.ts'
import { steps } from './steps.ts'

export const unitDelay = defineNode({
  name: 'z1',
  category: 'delays',
  doc: 'The input, one sample late.',
  inputs: { input: { doc: 'The signal.' } },
  outputs: { out: { doc: '0 first.' } },
  state: { value: 0 },
  process({ inputs, state }) {
    const { run, local, step } = steps()
    const before = local('before', state.value)
    step(assign(state.value, inputs.input))
    return { run, outputs: [before] }
  },
})
