/** `crush`: ⌊x q + ½⌋ / q with q = 2^(bits - 1). */
import { opAdd, opDiv, opMul, opSub, prim } from '../build.ts'
import { clamp } from '../expressions.ts'
import { defineNode } from '../node-type.ts'
import { steps } from './steps.ts'

export const crush = defineNode({
  name: 'crush',
  category: 'shapers',
  doc: 'Rounds to fewer bits.',
  inputs: {
    input: { doc: 'The signal.' },
    bits: { doc: 'Bits a sample; parts of bits are fine.', range: [1, 24], default: 8 },
  },
  outputs: { out: { doc: 'The rounded signal.' } },
  process({ inputs }) {
    const { run, local } = steps()
    const q = local('q', prim.pow(2, opSub(clamp(inputs.bits, 1, 24), 1)))
    return { run, outputs: [opDiv(prim.floor(opAdd(opMul(inputs.input, q), 0.5)), q)] }
  },
})
