/** `period`: measures how far triggers are apart. */
import { assign, iff, opAdd, opDiv, opGt, opMul, stmts } from '../build.ts'
import { defineNode } from '../node-type.ts'
import { steps } from './steps.ts'
import { fires } from './trigger.ts'

export const period = defineNode({
  name: 'period',
  category: 'clocks',
  doc: 'Time between the last two triggers, and how often they come.',
  inputs: { trig: { doc: 'Measures when it rises above 0.5.', range: [0, 1] } },
  outputs: {
    period: { doc: '0 before there were two.', unit: 's' },
    frequency: { doc: '0 before there were two.', unit: 'Hz' },
  },
  state: {
    since: { doc: 'Samples since the last trigger; -1 before the first.', initial: -1 },
    interval: { doc: 'Samples between the last two; 0 before there were two.' },
    high: 0,
  },
  process({ inputs, state, sampleRate, samplePeriod }) {
    const { run, local, step } = steps()
    const measure = iff(opGt(state.since, 0), assign(state.interval, state.since))
    step(iff(fires(state.high, inputs.trig), stmts([measure, assign(state.since, 0)])))
    step(iff(opGt(state.since, -0.5), assign(state.since, opAdd(state.since, 1))))
    const seconds = local('seconds', opMul(state.interval, samplePeriod))
    const often = iff(opGt(state.interval, 0), opDiv(sampleRate, state.interval), 0)
    return { run, outputs: [seconds, often] }
  },
})
