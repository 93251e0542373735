/** `delay~`: a delay line read between samples on a straight line. */
import { defineNode } from '../node-type.ts'
import { LONGEST, POSITION, readLinear, ring, ringLength, samplesOf } from './ring.ts'
import { steps } from './steps.ts'

export const delayLinear = defineNode({
  name: 'delay~',
  category: 'delays',
  doc: 'Delays by `time`, which may move: linear interpolation between samples.',
  inputs: {
    input: { doc: 'The signal.' },
    time: { doc: 'From 0 to `max`.', unit: 's', range: [0, 60], default: 0.25 },
    max: LONGEST,
  },
  outputs: { out: { doc: 'The delayed signal.' } },
  state: { position: POSITION },
  buffers: { line: { length: ringLength } },
  process({ inputs, constants, state, buffers, sampleRate }) {
    const all = steps()
    const line = ring(buffers.line, state.position)
    all.step(line.write(inputs.input))
    const distance = all.local('distance', samplesOf(inputs.time, constants.max, sampleRate, 0))
    const out = all.local('out', readLinear(line, distance, all))
    all.step(line.advance())
    return { run: all.run, outputs: [out] }
  },
})
