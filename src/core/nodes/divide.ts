/** `divide`: passes one trigger of several on. */
import { assign, iff, opAdd, opEq, opGe, prim, stmts } from '../build.ts'
import { defineNode } from '../node-type.ts'
import { steps } from './steps.ts'
import { fires } from './trigger.ts'

export const divide = defineNode({
  name: 'divide',
  category: 'triggers and gates',
  doc: 'Passes the first trigger and then every `by`th on.',
  inputs: {
    trig: { doc: 'Counts when it rises above 0.5.', range: [0, 1] },
    by: { doc: 'A whole number, at least 1.', range: [1, 64], default: 2 },
    reset: { doc: 'The next trigger is passed on again.', range: [0, 1], default: 0 },
  },
  outputs: { trig: { doc: '1 for one sample.', range: [0, 1] } },
  state: { count: { doc: 'Triggers since the last that was passed on.' }, high: 0, resetHigh: 0 },
  process({ inputs, state }) {
    const { run, local, step } = steps()
    step(iff(fires(state.resetHigh, inputs.reset), assign(state.count, 0)))
    const by = local('by', prim.max(1, prim.floor(inputs.by)))
    const out = local('out', 0)
    const next = opAdd(state.count, 1)
    step(
      iff(
        fires(state.high, inputs.trig),
        stmts([
          assign(out, opEq(state.count, 0)),
          assign(state.count, next),
          iff(opGe(state.count, by), assign(state.count, 0)),
        ]),
      ),
    )
    return { run, outputs: [out] }
  },
})
