/** `allpass`: M. R. Schroeder's all-pass (1962): v ← x + g v(t - d), y = v(t - d) - g v. */
import { opAdd, opMul, opSub } from '../build.ts'
import { defineDelay } from './delay-node.ts'

export const allpassDelay = defineDelay({
  name: 'allpass',
  doc: 'Spreads a signal in time without colouring it: the diffuser of reverbs.',
  least: 1,
  defaultTime: 0.01,
  gain: { doc: 'Of the feedback; below 1 either way.', range: [-0.999, 0.999], default: 0.7 },
  output: 'As loud as the input at every frequency.',
  process({ input, gain, line, step, local, readLinear }) {
    const late = readLinear()
    const now = local('now', opAdd(input, opMul(gain, late)))
    step(line.write(now))
    return opSub(late, opMul(gain, now))
  },
})
