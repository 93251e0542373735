/** `atomr~`: reads between two atoms, a·(1 - f) + f·b with f = index - trunc(index), from the last to the first. */
import { assign, bufLen, bufReadInside, opAdd, opGe, opMul, opSub, prim, variable } from '../build.ts'
import { choose, fraction } from '../expressions.ts'
import { defineNode } from '../node-type.ts'
import { ATOM_MEMORY, atomIndex } from './atoms.ts'

export const atomReadLinear = defineNode({
  name: 'atomr~',
  category: 'atoms',
  doc: 'Reads between the atom at `index` and the one after it, in a straight line.',
  inputs: { index: { doc: 'Modulo 32.', range: [0, 31] } },
  outputs: { value: { doc: 'The number there.' } },
  shared: ATOM_MEMORY,
  process({ inputs, shared }) {
    const [whole, f, at, after] = ['whole', 'f', 'at', 'after'].map(variable)
    const atoms = shared.atoms!
    const following = opAdd(at!, 1)
    return {
      run: [
        assign(whole!, prim.floor(inputs.index)),
        assign(f!, fraction(inputs.index)),
        assign(at!, atomIndex(whole!, atoms)),
        assign(after!, prim.int(choose(opGe(following, bufLen(atoms)), 0, following))),
      ],
      outputs: [
        opAdd(opMul(bufReadInside(atoms, at!), opSub(1, f!)), opMul(f!, bufReadInside(atoms, after!))),
      ],
    }
  },
})
