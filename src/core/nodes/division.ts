/** `/%`: quotient and remainder; the remainder is C's fmod, exact, with the sign of the dividend. */
import { opDiv, prim } from '../build.ts'
import { defineNode } from '../node-type.ts'

export const division = defineNode({
  name: '/%',
  category: 'arithmetic',
  doc: 'Quotient and remainder of a division.',
  inputs: { a: { doc: 'The dividend.' }, b: { doc: 'The divisor.' } },
  outputs: {
    div: { doc: '`a` / `b`.' },
    rem: { doc: 'What is left of `a`, with its sign; NaN when `b` is 0.' },
  },
  process: ({ inputs: { a, b } }) => ({ outputs: [opDiv(a, b), prim.fmod(a, b)] }),
})
