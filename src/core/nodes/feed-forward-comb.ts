/** `ffcomb`: feed-forward comb, y = x + g x(t - d). */
import { opAdd, opMul } from '../build.ts'
import { defineDelay } from './delay-node.ts'

export const feedForwardComb = defineDelay({
  name: 'ffcomb',
  doc: 'A signal with one echo: notches at odd multiples of half of 1 / `time`. Moved slowly, a flanger.',
  least: 0,
  defaultTime: 0.005,
  gain: { doc: 'Of the echo.', range: [-1, 1], default: 1 },
  output: 'The signal and its echo.',
  process({ input, gain, line, step, readLinear }) {
    step(line.write(input))
    return opAdd(input, opMul(gain, readLinear()))
  },
})
