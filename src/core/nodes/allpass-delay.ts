/** `allpass`: M. R. Schroeder's all-pass (1962): v ← x + g v(t - d), y = v(t - d) - g v. */
import { opAdd, opMul, opSub } from '../build.ts'
import { defineNode } from '../node-type.ts'
import { LONGEST, POSITION, readLinear, ring, ringLength, samplesOf } from './ring.ts'
import { steps } from './steps.ts'

export const allpassDelay = defineNode({
  name: 'allpass',
  category: 'delays',
  doc: 'Spreads a signal in time without colouring it: the diffuser of reverbs.',
  inputs: {
    input: { doc: 'The signal.' },
    time: { doc: 'From one sample to `max`.', unit: 's', range: [0, 60], default: 0.01 },
    gain: { doc: 'Of the feedback; below 1 either way.', range: [-0.999, 0.999], default: 0.7 },
    max: LONGEST,
  },
  outputs: { out: { doc: 'As loud as the input at every frequency.' } },
  state: { position: POSITION },
  buffers: { line: { length: ringLength } },
  process({ inputs, constants, state, buffers, sampleRate }) {
    const all = steps()
    const line = ring(buffers.line, state.position)
    const distance = all.local('distance', samplesOf(inputs.time, constants.max, sampleRate, 1))
    const late = all.local('late', readLinear(line, distance, all))
    const now = all.local('now', opAdd(inputs.input, opMul(inputs.gain, late)))
    all.step(line.write(now))
    all.step(line.advance())
    return { run: all.run, outputs: [opSub(late, opMul(inputs.gain, now))] }
  },
})
