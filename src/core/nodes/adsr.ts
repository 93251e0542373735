/**
 * `adsr`: a straight attack; decay and release approach their target exponentially and are within 1/1000 (-60 dB)
 * of it after their time: v ← target + (v - target) · e^(-ln 1000 / (time · rate)).
 */
import { assign, iff, opAdd, opDiv, opGe, opGt, opLe, opMul, opSub, prim, stmts } from '../build.ts'
import { defineNode } from '../node-type.ts'
import { steps } from './steps.ts'
import { TRIGGER_HIGH, TRIGGER_LOW } from './trigger.ts'

const LN_1000 = 6.907755278982137

export const adsr = defineNode({
  name: 'adsr',
  category: 'envelopes',
  doc: 'Attack, decay, sustain, release: rises while the gate opens, falls to `sustain`, and to 0 when the gate has closed.',
  inputs: {
    gate: { doc: 'Opens above 0.5, closes at 0.25.', range: [0, 1] },
    attack: { doc: 'From 0 to 1.', unit: 's', range: [0, 60], default: 0.005 },
    decay: { doc: 'To within -60 dB of the sustain level.', unit: 's', range: [0, 60], default: 0.2 },
    sustain: { doc: 'Level while the gate stays open.', range: [0, 1], default: 0.7 },
    release: { doc: 'To -60 dB.', unit: 's', range: [0, 60], default: 0.3 },
  },
  outputs: { env: { doc: 'The envelope.', range: [0, 1] } },
  state: { value: 0, open: 0, rising: { doc: '1 in the attack.' } },
  process({ inputs, state, sampleRate }) {
    const { run, step } = steps()
    const samples = (seconds: typeof inputs.attack) => prim.max(1, opMul(seconds, sampleRate))
    const pole = (seconds: typeof inputs.attack) => prim.exp(opDiv(-LN_1000, samples(seconds)))
    const opened = stmts([assign(state.open, 1), assign(state.rising, 1)])
    const closed = stmts([assign(state.open, 0), assign(state.rising, 0)])
    step(
      iff(
        opGt(state.open, TRIGGER_HIGH),
        iff(opLe(inputs.gate, TRIGGER_LOW), closed),
        iff(opGt(inputs.gate, TRIGGER_HIGH), opened),
      ),
    )
    const top = stmts([assign(state.value, 1), assign(state.rising, 0)])
    const attack = stmts([
      assign(state.value, opAdd(state.value, opDiv(1, samples(inputs.attack)))),
      iff(opGe(state.value, 1), top),
    ])
    const { sustain } = inputs
    const distance = opSub(state.value, sustain)
    const decay = assign(state.value, opAdd(sustain, opMul(distance, pole(inputs.decay))))
    const release = assign(state.value, opMul(state.value, pole(inputs.release)))
    step(iff(opGt(state.open, TRIGGER_HIGH), iff(opGt(state.rising, TRIGGER_HIGH), attack, decay), release))
    return { run, outputs: [state.value] }
  },
})
