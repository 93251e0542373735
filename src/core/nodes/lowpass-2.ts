/** `lp2`: b = (1 - cos ω) / 2 · (1, 2, 1). */
import { opDiv, opSub } from '../build.ts'
import { defineBiquad, plainPoles } from './biquad.ts'

export const lowpass2 = defineBiquad({
  name: 'lp2',
  doc: 'Low-pass of 12 dB an octave (biquad). To sweep it fast, take `svf`.',
  hasGain: false,
  coefficients(p) {
    const edge = p.local('edge', opSub(1, p.cosine))
    const half = p.local('half', opDiv(edge, 2))
    return [half, edge, half, ...plainPoles(p)]
  },
})
