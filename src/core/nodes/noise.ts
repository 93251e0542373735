/** `noise`: white noise, uniform in [-1, 1). */
import { defineNode } from '../node-type.ts'
import { nextRandom, RANDOM_STATE, SEED, seed } from './random-source.ts'
import { steps } from './steps.ts'

export const noise = defineNode({
  name: 'noise',
  category: 'noise and random',
  doc: 'White noise: the same for the same seed on every machine.',
  inputs: { seed: SEED },
  outputs: { out: { doc: 'Uniform noise.', range: [-1, 1] } },
  state: RANDOM_STATE,
  process({ constants, state }) {
    const all = steps()
    seed(state, constants.seed, all)
    const white = nextRandom('white', state, all)
    return { run: all.run, outputs: [white] }
  },
})
