/**
 * `delay3`: a delay line read between samples on a cubic through four of them (Catmull-Rom, 4-point 3rd-order
 * Hermite).
 *
 * With x₋₁ x₀ x₁ x₂ at ⌊d⌋ - 1 … ⌊d⌋ + 2 and t = d - ⌊d⌋: ((c₃ t + c₂) t + c₁) t + x₀, where
 * c₁ = (x₁ - x₋₁) / 2, c₂ = x₋₁ - 2.5 x₀ + 2 x₁ - x₂ / 2, c₃ = (x₂ - x₋₁) / 2 + 1.5 (x₀ - x₁).
 */
import { opAdd, opMul, opSub, prim } from '../build.ts'
import { defineNode } from '../node-type.ts'
import { LONGEST, POSITION, ring, ringLength, samplesOf } from './ring.ts'
import { steps } from './steps.ts'

export const delayCubic = defineNode({
  name: 'delay3',
  category: 'delays',
  doc: 'Delays by `time`, which may move: cubic interpolation, which keeps the highs better than `delay~`. At least one sample.',
  inputs: {
    input: { doc: 'The signal.' },
    time: { doc: 'From one sample to `max`.', unit: 's', range: [0, 60], default: 0.25 },
    max: LONGEST,
  },
  outputs: { out: { doc: 'The delayed signal.' } },
  state: { position: POSITION },
  buffers: { line: { length: ringLength } },
  process({ inputs, constants, state, buffers, sampleRate }) {
    const { run, local, step } = steps()
    const line = ring(buffers.line, state.position)
    step(line.write(inputs.input))
    const distance = local('distance', samplesOf(inputs.time, constants.max, sampleRate, 1))
    const whole = local('whole', prim.floor(distance))
    const t = local('t', opSub(distance, whole))
    const before = local('before', line.at(opSub(whole, 1)))
    const x0 = local('x0', line.at(whole))
    const x1 = local('x1', line.at(opAdd(whole, 1)))
    const x2 = local('x2', line.at(opAdd(whole, 2)))
    const c1 = opMul(0.5, opSub(x1, before))
    const c2 = opSub(opAdd(opSub(before, opMul(2.5, x0)), opMul(2, x1)), opMul(0.5, x2))
    const c3 = opAdd(opMul(0.5, opSub(x2, before)), opMul(1.5, opSub(x0, x1)))
    const out = local('out', opAdd(opMul(opAdd(opMul(opAdd(opMul(c3, t), c2), t), c1), t), x0))
    step(line.advance())
    return { run, outputs: [out] }
  },
})
