/** `delay~`: a delay line read between samples on a straight line. */
import { defineDelay } from './delay-node.ts'

export const delayLinear = defineDelay({
  name: 'delay~',
  doc: 'Delays by `time`, which may move: linear interpolation between samples.',
  least: 0,
  defaultTime: 0.25,
  output: 'The delayed signal.',
  process({ input, line, step, readLinear }) {
    step(line.write(input))
    return readLinear()
  },
})
