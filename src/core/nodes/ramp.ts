/** `ramp`: goes to each new target in a straight line of a given time. */
import { assign, iff, opAdd, opDiv, opGt, opLt, opMul, opNe, opSub, prim, stmts } from '../build.ts'
import { defineNode } from '../node-type.ts'
import { steps } from './steps.ts'

export const ramp = defineNode({
  name: 'ramp',
  category: 'slew and smoothing',
  doc: 'When `target` changes, goes there in a straight line in `time`, and is exactly there then.',
  inputs: {
    target: { doc: 'Where to go.' },
    time: { doc: 'How long it takes; at least one sample.', unit: 's', range: [0, 60], default: 0.05 },
  },
  outputs: { value: { doc: 'Starts at 0.' } },
  state: { value: 0, goal: 0, slope: { doc: 'Change a sample.' }, left: { doc: 'Samples until the goal.' } },
  process({ inputs, state, sampleRate }) {
    const { run, step } = steps()
    const samples = prim.max(1, prim.floor(opAdd(opMul(inputs.time, sampleRate), 0.5)))
    step(
      iff(
        opNe(inputs.target, state.goal),
        stmts([
          assign(state.goal, inputs.target),
          assign(state.left, samples),
          assign(state.slope, opDiv(opSub(state.goal, state.value), state.left)),
        ]),
      ),
    )
    const advance = iff(
      opLt(state.left, 0.5),
      assign(state.value, state.goal),
      assign(state.value, opAdd(state.value, state.slope)),
    )
    step(iff(opGt(state.left, 0), stmts([assign(state.left, opSub(state.left, 1)), advance])))
    return { run, outputs: [state.value] }
  },
})
