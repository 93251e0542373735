/** `comb`: feedback comb, y ← x + g y(t - d). */
import { opAdd, opMul } from '../build.ts'
import { defineDelay } from './delay-node.ts'

export const comb = defineDelay({
  name: 'comb',
  doc: 'An echo of itself: resonates at the multiples of 1 / `time`.',
  least: 1,
  defaultTime: 0.01,
  gain: { doc: 'Of the feedback; below 1 either way.', range: [-0.999, 0.999], default: 0.5 },
  output: 'The signal and its echoes.',
  process({ input, gain, line, step, local, readLinear }) {
    const sum = local('sum', opAdd(input, opMul(gain, readLinear())))
    step(line.write(sum))
    return sum
  },
})
