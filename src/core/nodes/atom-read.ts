/** `atomr`: reads one atom. */
import { assign, bufReadInside, prim, variable } from '../build.ts'
import { defineNode } from '../node-type.ts'
import { ATOM_MEMORY, atomIndex } from './atoms.ts'

export const atomRead = defineNode({
  name: 'atomr',
  category: 'atoms',
  doc: 'Reads the atom at `index`: one of 32 numbers in single precision that programs and their host share.',
  inputs: { index: { doc: 'Rounded down, modulo 32.', range: [0, 31] } },
  outputs: { value: { doc: 'The number there.' } },
  shared: ATOM_MEMORY,
  process({ inputs, shared }) {
    const whole = variable('whole')
    return {
      run: [assign(whole, prim.floor(inputs.index))],
      outputs: [bufReadInside(shared.atoms!, atomIndex(whole, shared.atoms!))],
    }
  },
})
