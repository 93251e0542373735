/** `delay`: a delay line read at the nearest sample, ⌊time · rate + ½⌋. */
import { opAdd, prim } from '../build.ts'
import { defineDelay } from './delay-node.ts'

export const delay = defineDelay({
  name: 'delay',
  doc: 'Delays by `time`, to the nearest sample.',
  least: 0,
  defaultTime: 0.25,
  output: 'The delayed signal.',
  process({ input, line, distance, step }) {
    step(line.write(input))
    return line.at(prim.floor(opAdd(distance, 0.5)))
  },
})
