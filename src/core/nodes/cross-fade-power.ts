/** `xfade~`: a cos(mix π/2) + b sin(mix π/2). */
import { opAdd, opMul, prim } from '../build.ts'
import { clamp } from '../expressions.ts'
import { defineNode } from '../node-type.ts'
import { CROSS_FADE_INPUTS } from './cross-fade.ts'
import { steps } from './steps.ts'

export const crossFadePower = defineNode({
  name: 'xfade~',
  category: 'mixing',
  doc: 'Fades from `a` to `b` with constant power: for signals that are not alike.',
  inputs: CROSS_FADE_INPUTS,
  outputs: { out: { doc: 'The mixture.' } },
  process({ inputs }) {
    const { run, local } = steps()
    const angle = local('angle', opMul(Math.PI / 2, clamp(inputs.mix, 0, 1)))
    return { run, outputs: [opAdd(opMul(inputs.a, prim.cos(angle)), opMul(inputs.b, prim.sin(angle)))] }
  },
})
