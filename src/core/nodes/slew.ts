/**
 * `slew`: limits how fast a signal moves.
 *
 * y ← y + clamp(x - y, -1 / (fall · rate), 1 / (rise · rate)); times are seconds a unit. Below 0.11 ms a unit
 * there is no limit.
 */
import { opAdd, opDiv, opLt, opMul, opSub } from '../build.ts'
import { choose, clamp, negate } from '../expressions.ts'
import { defineNode } from '../node-type.ts'
import { steps } from './steps.ts'

const NO_LIMIT_SECONDS = 0.00011

export const slew = defineNode({
  name: 'slew',
  category: 'slew and smoothing',
  doc: 'Follows `input` no faster than 1 in `rise` upwards and 1 in `fall` downwards; times below 0.11 ms do not limit.',
  inputs: {
    input: { doc: 'Where to go.' },
    rise: { doc: 'Time for a step of +1.', unit: 's', range: [0, 10], default: 0.1 },
    fall: { doc: 'Time for a step of -1.', unit: 's', range: [0, 10], default: 0.1 },
  },
  outputs: { value: { doc: 'Starts at 0.' } },
  state: { value: 0 },
  process({ inputs, state, sampleRate }) {
    const { run, local, set } = steps()
    const limit = (seconds: typeof inputs.rise) =>
      choose(opLt(seconds, NO_LIMIT_SECONDS), Infinity, opDiv(1, opMul(seconds, sampleRate)))
    const up = local('up', limit(inputs.rise))
    const down = local('down', limit(inputs.fall))
    const distance = local('distance', opSub(inputs.input, state.value))
    set(state.value, opAdd(state.value, clamp(distance, negate(down), up)))
    return { run, outputs: [state.value] }
  },
})
