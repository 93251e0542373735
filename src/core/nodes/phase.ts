/**
 * `phase`: a ramp, and the heart of most oscillators.
 *
 * Output, then value ← fract(value + freq / sample rate), fract(x) = x - trunc(x); the sum is rounded before.
 */
import { assign, iff, opAdd, opMul, variable } from '../build.ts'
import { fraction } from '../expressions.ts'
import { defineNode } from '../node-type.ts'
import { fires } from './trigger.ts'

export const phase = defineNode({
  name: 'phase',
  category: 'oscillators',
  doc: 'A ramp from 0 to 1 (without 1), `freq` times a second; with negative `freq` from 0 to -1. It starts at 0, and starts anew when `reset` rises above 0.5.',
  inputs: {
    freq: { doc: 'Repetitions a second.', unit: 'Hz', range: [-20000, 20000] },
    reset: { doc: 'Starts anew when it rises above 0.5, after it has been 0.25 or less.', range: [0, 1] },
  },
  outputs: { phase: { doc: 'The phase in turns.', range: [-1, 1] } },
  state: {
    value: { doc: 'The next output.' },
    high: { doc: '1 while `reset` has not come back to 0.25.' },
  },
  process({ inputs, state, samplePeriod }) {
    const now = variable('now')
    const next = variable('next')
    return {
      run: [
        iff(fires(state.high, inputs.reset), assign(state.value, 0)),
        assign(now, state.value),
        assign(next, opAdd(now, opMul(inputs.freq, samplePeriod))),
        assign(state.value, fraction(next)),
      ],
      outputs: [now],
    }
  },
})
