/**
 * `ad`: straight lines up and down, v, bent to v^(2^curve): 0 is straight, positive values start softly.
 */
import { assign, iff, opAdd, opDiv, opEq, opGe, opLe, opMul, opSub, prim, stmts } from '../build.ts'
import { defineNode } from '../node-type.ts'
import { steps } from './steps.ts'
import { fires } from './trigger.ts'

const ATTACK = 1
const DECAY = 2

export const attackDecay = defineNode({
  name: 'ad',
  category: 'envelopes',
  doc: 'Rises to 1 and falls to 0 at each trigger; another trigger meanwhile starts the rise from where it is.',
  inputs: {
    trig: { doc: 'Starts it when it rises above 0.5.', range: [0, 1] },
    attack: { doc: 'From 0 to 1.', unit: 's', range: [0, 60], default: 0.003 },
    decay: { doc: 'From 1 to 0.', unit: 's', range: [0, 60], default: 0.2 },
    curve: { doc: 'Exponent of the shape, as a power of 2.', range: [-4, 4], default: 0 },
  },
  outputs: {
    env: { doc: 'The envelope.', range: [0, 1] },
    end: { doc: '1 in the sample in which it comes to its end.', range: [0, 1] },
  },
  state: { value: 0, stage: { doc: '0 rest, 1 attack, 2 decay.' }, high: 0 },
  process({ inputs, state, sampleRate }) {
    const { run, local, step } = steps()
    const slope = (seconds: typeof inputs.attack) => opDiv(1, prim.max(1, opMul(seconds, sampleRate)))
    const end = local('end', 0)
    const top = stmts([assign(state.value, 1), assign(state.stage, DECAY)])
    const bottom = stmts([assign(state.value, 0), assign(state.stage, 0), assign(end, 1)])
    step(iff(fires(state.high, inputs.trig), assign(state.stage, ATTACK)))
    step(
      iff(
        opEq(state.stage, ATTACK),
        stmts([
          assign(state.value, opAdd(state.value, slope(inputs.attack))),
          iff(opGe(state.value, 1), top),
        ]),
        iff(
          opEq(state.stage, DECAY),
          stmts([
            assign(state.value, opSub(state.value, slope(inputs.decay))),
            iff(opLe(state.value, 0), bottom),
          ]),
        ),
      ),
    )
    return { run, outputs: [prim.pow(state.value, prim.pow(2, inputs.curve)), end] }
  },
})
