/** `square`: 1 while t < width, else -1, with band-limited steps at t = 0 (up) and t = width (down). */
import { opAdd, opLt, opSub } from '../build.ts'
import { choose, clamp } from '../expressions.ts'
import { defineNode } from '../node-type.ts'
import {
  bandLimitedStep,
  OSCILLATOR_INPUTS,
  OSCILLATOR_STATE,
  runningPhase,
  wrapped,
} from './running-phase.ts'
import { steps } from './steps.ts'

export const square = defineNode({
  name: 'square',
  category: 'oscillators',
  doc: 'A square or pulse wave without the worst of aliasing (PolyBLEP).',
  inputs: {
    ...OSCILLATOR_INPUTS,
    width: { doc: 'Part of the period that is high.', range: [0.01, 0.99], default: 0.5 },
  },
  outputs: { out: { doc: 'The wave.', range: [-1, 1] } },
  state: OSCILLATOR_STATE,
  process(scope) {
    const all = steps()
    const { t, dt } = runningPhase(scope, all)
    const width = all.local('width', clamp(scope.inputs.width, 0.01, 0.99))
    const shifted = all.local('shifted', opSub(opAdd(t, 1), width))
    const sinceFall = all.local('sinceFall', wrapped(shifted))
    const up = all.local('up', bandLimitedStep('rise', t, dt, all))
    const down = all.local('down', bandLimitedStep('fall', sinceFall, dt, all))
    const naive = choose(opLt(t, width), 1, -1)
    return { run: all.run, outputs: [opSub(opAdd(naive, up), down)] }
  },
})
