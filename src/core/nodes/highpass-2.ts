/** `hp2`: b = (1 + cos ω) / 2 · (1, -2, 1). */
import { opAdd, opDiv, opMul } from '../build.ts'
import { defineBiquad, plainPoles } from './biquad.ts'

export const highpass2 = defineBiquad({
  name: 'hp2',
  doc: 'High-pass of 12 dB an octave (biquad). To sweep it fast, take `svf`.',
  hasGain: false,
  coefficients(p) {
    const edge = p.local('edge', opAdd(1, p.cosine))
    const half = p.local('half', opDiv(edge, 2))
    return [half, opMul(-1, edge), half, ...plainPoles(p)]
  },
})
