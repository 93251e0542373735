/** `sin`: the sine of an angle. */
import { prim } from '../build.ts'
import { defineNode } from '../node-type.ts'

export const sin = defineNode({
  name: 'sin',
  category: 'arithmetic',
  doc: 'The sine of an angle.',
  inputs: { '': { doc: 'The angle.', unit: 'rad' } },
  outputs: { '': { doc: 'Its sine.', range: [-1, 1] } },
  process: ({ inputs }) => prim.sin(inputs['']),
})
