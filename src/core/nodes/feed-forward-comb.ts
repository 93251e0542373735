/** `ffcomb`: feed-forward comb, y = x + g x(t - d). */
import { opAdd, opMul } from '../build.ts'
import { defineNode } from '../node-type.ts'
import { LONGEST, POSITION, readLinear, ring, ringLength, samplesOf } from './ring.ts'
import { steps } from './steps.ts'

export const feedForwardComb = defineNode({
  name: 'ffcomb',
  category: 'delays',
  doc: 'A signal with one echo: notches at odd multiples of half of 1 / `time`. Moved slowly, a flanger.',
  inputs: {
    input: { doc: 'The signal.' },
    time: { doc: 'From 0 to `max`.', unit: 's', range: [0, 60], default: 0.005 },
    gain: { doc: 'Of the echo.', range: [-1, 1], default: 1 },
    max: LONGEST,
  },
  outputs: { out: { doc: 'The signal and its echo.' } },
  state: { position: POSITION },
  buffers: { line: { length: ringLength } },
  process({ inputs, constants, state, buffers, sampleRate }) {
    const all = steps()
    const line = ring(buffers.line, state.position)
    all.step(line.write(inputs.input))
    const distance = all.local('distance', samplesOf(inputs.time, constants.max, sampleRate, 0))
    const late = all.local('late', readLinear(line, distance, all))
    all.step(line.advance())
    return { run: all.run, outputs: [opAdd(inputs.input, opMul(inputs.gain, late))] }
  },
})
