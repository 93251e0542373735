/** `dust`: random impulses; each sample has one with the probability density / rate, its height uniform in (0, 1]. */
import { opDiv, opLt, opMul } from '../build.ts'
import { choose } from '../expressions.ts'
import { defineNode } from '../node-type.ts'
import { nextRandom, RANDOM_STATE, SEED, seed, unipolar } from './random-source.ts'
import { steps } from './steps.ts'

export const dust = defineNode({
  name: 'dust',
  category: 'noise and random',
  doc: 'Crackles: impulses of random height at random times.',
  inputs: { density: { doc: 'Impulses a second on average.', unit: '1/s', range: [0, 20000] }, seed: SEED },
  outputs: { out: { doc: 'Mostly 0.', range: [0, 1] } },
  state: RANDOM_STATE,
  process({ inputs, constants, state, samplePeriod }) {
    const all = steps()
    seed(state, constants.seed, all)
    const draw = all.local('draw', unipolar(nextRandom('white', state, all)))
    const chance = all.local('chance', opMul(inputs.density, samplePeriod))
    return { run: all.run, outputs: [choose(opLt(draw, chance), opDiv(draw, chance), 0)] }
  },
})
