/**
 * `pink`: white noise through P. Kellet's economy filter, within 0.5 dB of -3 dB an octave from 9 Hz at 44.1 kHz:
 * b₀ ← 0.99765 b₀ + 0.0990460 w, b₁ ← 0.96300 b₁ + 0.2965164 w, b₂ ← 0.57000 b₂ + 1.0526913 w,
 * out = b₀ + b₁ + b₂ + 0.1848 w.
 */
import { opAdd, opMul } from '../build.ts'
import { defineNode } from '../node-type.ts'
import { nextRandom, RANDOM_STATE, SEED, seed } from './random-source.ts'
import { steps } from './steps.ts'

const POLES = [
  ['b0', 0.99765, 0.099046],
  ['b1', 0.963, 0.2965164],
  ['b2', 0.57, 1.0526913],
] as const

export const pink = defineNode({
  name: 'pink',
  category: 'noise and random',
  doc: 'Pink noise: as loud in every octave.',
  inputs: { seed: SEED },
  outputs: { out: { doc: 'Noise, mostly within -4 and 4.' } },
  state: { ...RANDOM_STATE, b0: 0, b1: 0, b2: 0 },
  process({ constants, state }) {
    const all = steps()
    seed(state, constants.seed, all)
    const white = nextRandom('white', state, all)
    for (const [name, pole, gain] of POLES) {
      all.set(state[name], opAdd(opMul(pole, state[name]), opMul(gain, white)))
    }
    const sum = opAdd(opAdd(state.b0, state.b1), state.b2)
    return { run: all.run, outputs: [opAdd(sum, opMul(0.1848, white))] }
  },
})
