/** `atomw`: writes one atom. */
import { assign, bufWriteInside, prim, variable } from '../build.ts'
import { defineNode } from '../node-type.ts'
import { ATOM_MEMORY, atomIndex } from './atoms.ts'

export const atomWrite = defineNode({
  name: 'atomw',
  category: 'atoms',
  doc: 'Writes `value` to the atom at `index`, rounded to single precision, and passes it on as it is.',
  inputs: {
    index: { doc: 'Rounded down, modulo 32.', range: [0, 31] },
    value: { doc: 'What is written.' },
  },
  outputs: { value: { doc: 'The input `value`.' } },
  shared: ATOM_MEMORY,
  process({ inputs, shared }) {
    const whole = variable('whole')
    return {
      run: [
        assign(whole, prim.floor(inputs.index)),
        bufWriteInside(shared.atoms!, atomIndex(whole, shared.atoms!), inputs.value),
      ],
      outputs: [inputs.value],
    }
  },
})
