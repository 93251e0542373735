/** `xfade`: a (1 - mix) + b mix. */
import { clamp, mix } from '../expressions.ts'
import { defineNode } from '../node-type.ts'
import { steps } from './steps.ts'

export const CROSS_FADE_INPUTS = {
  a: { doc: 'Heard at 0.' },
  b: { doc: 'Heard at 1.' },
  mix: { doc: 'Where between them.', range: [0, 1], default: 0.5 },
} as const

export const crossFade = defineNode({
  name: 'xfade',
  category: 'mixing',
  doc: 'Fades from `a` to `b` in a straight line: for signals that are alike.',
  inputs: CROSS_FADE_INPUTS,
  outputs: { out: { doc: 'The mixture.' } },
  process({ inputs }) {
    const { run, local } = steps()
    const at = local('at', clamp(inputs.mix, 0, 1))
    return { run, outputs: [mix(inputs.a, inputs.b, at)] }
  },
})
