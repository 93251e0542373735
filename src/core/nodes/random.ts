/** `random`: a new random value at each trigger. */
import { assign, iff, stmts } from '../build.ts'
import { defineNode } from '../node-type.ts'
import { nextRandom, RANDOM_STATE, SEED, seed, unipolar } from './random-source.ts'
import { steps } from './steps.ts'
import { fires } from './trigger.ts'

export const random = defineNode({
  name: 'random',
  category: 'noise and random',
  doc: 'Takes a new random value at each trigger and holds it.',
  inputs: { trig: { doc: 'Takes a value when it rises above 0.5.', range: [0, 1] }, seed: SEED },
  outputs: { value: { doc: 'Uniform; 0 before the first trigger.', range: [0, 1] } },
  state: { ...RANDOM_STATE, value: 0, high: 0 },
  process({ inputs, constants, state }) {
    const all = steps()
    seed(state, constants.seed, all)
    const draw = steps()
    const white = nextRandom('white', state, draw)
    draw.step(assign(state.value, unipolar(white)))
    all.step(iff(fires(state.high, inputs.trig), stmts(draw.run)))
    return { run: all.run, outputs: [state.value] }
  },
})
