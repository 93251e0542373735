/** `peakeq`: b = (1 + α A, -2 cos ω, 1 - α A), a = (1 + α / A, -2 cos ω, 1 - α / A). */
import { opAdd, opDiv, opMul, opSub } from '../build.ts'
import { defineBiquad } from './biquad.ts'

export const peakEqualiser = defineBiquad({
  name: 'peakeq',
  doc: 'Raises or lowers a band by `gain` (biquad).',
  hasGain: true,
  coefficients({ cosine, alpha, amplitude, local }) {
    const up = local('up', opMul(alpha, amplitude))
    const down = local('down', opDiv(alpha, amplitude))
    const middle = local('middle', opMul(-2, cosine))
    return [opAdd(1, up), middle, opSub(1, up), opAdd(1, down), middle, opSub(1, down)]
  },
})
