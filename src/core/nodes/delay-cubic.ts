/**
 * `delay3`: a delay line read between samples on a cubic through four of them (Catmull-Rom, 4-point 3rd-order
 * Hermite).
 *
 * With x₋₁ x₀ x₁ x₂ at ⌊d⌋ - 1 … ⌊d⌋ + 2 and t = d - ⌊d⌋: ((c₃ t + c₂) t + c₁) t + x₀, where
 * c₁ = (x₁ - x₋₁) / 2, c₂ = x₋₁ - 2.5 x₀ + 2 x₁ - x₂ / 2, c₃ = (x₂ - x₋₁) / 2 + 1.5 (x₀ - x₁).
 */
import { opAdd, opMul, opSub, prim } from '../build.ts'
import { defineDelay } from './delay-node.ts'

export const delayCubic = defineDelay({
  name: 'delay3',
  doc: 'Delays by `time`, which may move: cubic interpolation, which keeps the highs better than `delay~`. At least one sample.',
  least: 1,
  defaultTime: 0.25,
  output: 'The delayed signal.',
  process({ input, line, distance, step, local }) {
    step(line.write(input))
    const whole = local('whole', prim.floor(distance))
    const t = local('t', opSub(distance, whole))
    const before = local('before', line.at(opSub(whole, 1)))
    const x0 = local('x0', line.at(whole))
    const x1 = local('x1', line.at(opAdd(whole, 1)))
    const x2 = local('x2', line.at(opAdd(whole, 2)))
    const c1 = opMul(0.5, opSub(x1, before))
    const c2 = opSub(opAdd(opSub(before, opMul(2.5, x0)), opMul(2, x1)), opMul(0.5, x2))
    const c3 = opAdd(opMul(0.5, opSub(x2, before)), opMul(1.5, opSub(x0, x1)))
    return opAdd(opMul(opAdd(opMul(opAdd(opMul(c3, t), c2), t), c1), t), x0)
  },
})
