/** `delay`: a delay line read at the nearest sample, ⌊time · rate + ½⌋. */
import { opAdd, prim } from '../build.ts'
import { defineNode } from '../node-type.ts'
import { LONGEST, POSITION, ring, ringLength, samplesOf } from './ring.ts'
import { steps } from './steps.ts'

export const delay = defineNode({
  name: 'delay',
  category: 'delays',
  doc: 'Delays by `time`, to the nearest sample.',
  inputs: {
    input: { doc: 'The signal.' },
    time: { doc: 'From 0 to `max`.', unit: 's', range: [0, 60], default: 0.25 },
    max: LONGEST,
  },
  outputs: { out: { doc: 'The delayed signal.' } },
  state: { position: POSITION },
  buffers: { line: { length: ringLength } },
  process({ inputs, constants, state, buffers, sampleRate }) {
    const { run, local, step } = steps()
    const line = ring(buffers.line, state.position)
    step(line.write(inputs.input))
    const distance = prim.floor(opAdd(samplesOf(inputs.time, constants.max, sampleRate, 0), 0.5))
    const out = local('out', line.at(distance))
    step(line.advance())
    return { run, outputs: [out] }
  },
})
