/** `comb`: feedback comb, y ← x + g y(t - d). */
import { opAdd, opMul } from '../build.ts'
import { defineNode } from '../node-type.ts'
import { LONGEST, POSITION, readLinear, ring, ringLength, samplesOf } from './ring.ts'
import { steps } from './steps.ts'

export const comb = defineNode({
  name: 'comb',
  category: 'delays',
  doc: 'An echo of itself: resonates at the multiples of 1 / `time`.',
  inputs: {
    input: { doc: 'The signal.' },
    time: { doc: 'From one sample to `max`.', unit: 's', range: [0, 60], default: 0.01 },
    gain: { doc: 'Of the feedback; below 1 either way.', range: [-0.999, 0.999], default: 0.5 },
    max: LONGEST,
  },
  outputs: { out: { doc: 'The signal and its echoes.' } },
  state: { position: POSITION },
  buffers: { line: { length: ringLength } },
  process({ inputs, constants, state, buffers, sampleRate }) {
    const all = steps()
    const line = ring(buffers.line, state.position)
    const distance = all.local('distance', samplesOf(inputs.time, constants.max, sampleRate, 1))
    const late = all.local('late', readLinear(line, distance, all))
    const out = all.local('out', opAdd(inputs.input, opMul(inputs.gain, late)))
    all.step(line.write(out))
    all.step(line.advance())
    return { run: all.run, outputs: [out] }
  },
})
