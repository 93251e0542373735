/** `softclip`: (3x - x³) / 2 for |x| ≤ 1, ±1 beyond. */
import { opDiv, opMul, opSub } from '../build.ts'
import { clamp } from '../expressions.ts'
import { defineNode } from '../node-type.ts'
import { steps } from './steps.ts'

export const softClip = defineNode({
  name: 'softclip',
  category: 'shapers',
  doc: 'A cubic that bends softly into its limits, with a gain of 1.5 for quiet signals.',
  inputs: { input: { doc: 'The signal.' } },
  outputs: { out: { doc: 'The shaped signal.', range: [-1, 1] } },
  process({ inputs }) {
    const { run, local } = steps()
    const x = local('x', clamp(inputs.input, -1, 1))
    return { run, outputs: [opDiv(opSub(opMul(3, x), opMul(opMul(x, x), x)), 2)] }
  },
})
