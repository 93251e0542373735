/** `follow`: v ← |x| + (v - |x|) · e^(-1 / (time · rate)), with the attack's time upwards, the release's downwards. */
import { opAdd, opDiv, opGt, opMul, opSub, prim } from '../build.ts'
import { choose } from '../expressions.ts'
import { defineNode } from '../node-type.ts'
import { steps } from './steps.ts'

export const follower = defineNode({
  name: 'follow',
  category: 'envelopes',
  doc: 'How loud a signal is: follows its magnitude, with time constants upwards and downwards.',
  inputs: {
    input: { doc: 'The signal.' },
    attack: { doc: 'Time constant upwards.', unit: 's', range: [0, 10], default: 0.005 },
    release: { doc: 'Time constant downwards.', unit: 's', range: [0, 10], default: 0.1 },
  },
  outputs: { level: { doc: 'The magnitude.' } },
  state: { value: 0 },
  process({ inputs, state, sampleRate }) {
    const { run, local, set } = steps()
    const pole = (seconds: typeof inputs.attack) =>
      prim.exp(opDiv(-1, opMul(prim.max(0, seconds), sampleRate)))
    const size = local('size', prim.abs(inputs.input))
    const factor = choose(opGt(size, state.value), pole(inputs.attack), pole(inputs.release))
    set(state.value, opAdd(size, opMul(opSub(state.value, size), factor)))
    return { run, outputs: [state.value] }
  },
})
