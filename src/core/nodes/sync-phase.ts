/** `syncphase`: a ramp that follows triggers, as long as the last two were apart. */
import { assign, iff, opAdd, opDiv, opGt, prim, stmts } from '../build.ts'
import { defineNode } from '../node-type.ts'
import { steps } from './steps.ts'
import { fires } from './trigger.ts'

export const syncPhase = defineNode({
  name: 'syncphase',
  category: 'clocks',
  doc: 'Ramps from 0 to 1 between triggers, at the pace of the last two; stays at 0 until there were two, and at 1 when one is late.',
  inputs: { trig: { doc: 'Starts a ramp when it rises above 0.5.', range: [0, 1] } },
  outputs: { phase: { doc: 'Parts of the interval.', range: [0, 1] } },
  state: {
    since: { doc: 'Samples since the last trigger; -1 before the first.', initial: -1 },
    interval: { doc: 'Samples between the last two; 0 before there were two.' },
    high: 0,
  },
  process({ inputs, state }) {
    const { run, local, step } = steps()
    const measure = iff(opGt(state.since, 0), assign(state.interval, state.since))
    step(iff(fires(state.high, inputs.trig), stmts([measure, assign(state.since, 0)])))
    const ramp = prim.min(1, opDiv(state.since, state.interval))
    const phase = local('phase', iff(opGt(state.interval, 0), ramp, 0))
    step(iff(opGt(state.since, -0.5), assign(state.since, opAdd(state.since, 1))))
    return { run, outputs: [phase] }
  },
})
