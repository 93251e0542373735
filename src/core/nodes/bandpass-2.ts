/** `bp2`: b = (α, 0, -α). */
import { literal, opMul } from '../build.ts'
import { defineBiquad, plainPoles } from './biquad.ts'

export const bandpass2 = defineBiquad({
  name: 'bp2',
  doc: 'Band-pass with a gain of 0 dB at its centre (biquad).',
  hasGain: false,
  coefficients: p => [p.alpha, literal(0), opMul(-1, p.alpha), ...plainPoles(p)],
})
