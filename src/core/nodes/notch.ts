/** `notch`: b = (1, -2 cos ω, 1). */
import { literal, opMul } from '../build.ts'
import { defineBiquad, plainPoles } from './biquad.ts'

export const notch = defineBiquad({
  name: 'notch',
  doc: 'Takes a narrow band out (biquad).',
  hasGain: false,
  coefficients: p => [literal(1), opMul(-2, p.cosine), literal(1), ...plainPoles(p)],
})
