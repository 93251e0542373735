/**
 * What the second-order filters share: coefficients of R. Bristow-Johnson's Audio EQ Cookbook, in the transposed
 * direct form II.
 *
 * H(z) = (b₀ + b₁ z⁻¹ + b₂ z⁻²) / (a₀ + a₁ z⁻¹ + a₂ z⁻²), all divided by a₀ first; then
 * y = b₀ x + z₁, z₁ ← b₁ x - a₁ y + z₂, z₂ ← b₂ x - a₂ y. A module of its own because seven nodes differ only in
 * their coefficients.
 */
import type { Core } from '../ast.ts'
import { opAdd, opDiv, opMul, opSub, prim } from '../build.ts'
import { defineNode, type NodeType } from '../node-type.ts'
import { normalised } from './frequency.ts'
import { type Steps, steps } from './steps.ts'

type Variable = Core & { readonly kind: 'variable' }

/** What coefficients are made of: cos ω, sin ω / (2 q), and A = 10^(gain / 40). */
export interface Prototype {
  readonly cosine: Variable
  readonly alpha: Variable
  readonly amplitude: Variable
  readonly local: Steps['local']
}

/** Not yet divided by a₀. */
export type Coefficients = readonly [b0: Core, b1: Core, b2: Core, a0: Core, a1: Core, a2: Core]

export interface BiquadDeclaration {
  readonly name: string
  readonly doc: string
  /** Has an input for the gain in dB. */
  readonly hasGain: boolean
  readonly coefficients: (prototype: Prototype) => Coefficients
}

const SIGNAL = { doc: 'The signal.' }
const FREQUENCY = { doc: 'Cutoff or centre.', unit: 'Hz', range: [0.01, 20000], default: 1000 } as const
const QUALITY = { doc: 'Quality; 0.7071 is flat.', range: [0.1, 100], default: Math.SQRT1_2 } as const
const GAIN = { doc: 'Gain of the band.', unit: 'dB', range: [-40, 40], default: 0 } as const
const STATE = { z1: 0, z2: 0 }
const OUTPUTS = { out: { doc: 'The filtered signal.' } }

export function defineBiquad({ name, doc, hasGain, coefficients }: BiquadDeclaration): NodeType {
  const common = { name, doc, category: 'filters', outputs: OUTPUTS, state: STATE }
  if (hasGain) {
    return defineNode({
      ...common,
      inputs: { input: SIGNAL, freq: FREQUENCY, q: QUALITY, gain: GAIN },
      process: scope => filter({ ...scope.inputs, ...scope }, coefficients),
    })
  }
  return defineNode({
    ...common,
    inputs: { input: SIGNAL, freq: FREQUENCY, q: QUALITY },
    process: scope => filter({ ...scope.inputs, gain: undefined, ...scope }, coefficients),
  })
}

interface FilterScope {
  readonly input: Variable
  readonly freq: Variable
  readonly q: Variable
  readonly gain: Variable | undefined
  readonly state: { readonly z1: Variable; readonly z2: Variable }
  readonly samplePeriod: Variable
}

function filter(scope: FilterScope, coefficients: BiquadDeclaration['coefficients']) {
  const { input, freq, q, gain, state, samplePeriod } = scope
  const { run, local, set } = steps()
  const omega = local('omega', opMul(2 * Math.PI, normalised(freq, samplePeriod)))
  const cosine = local('cosine', prim.cos(omega))
  const alpha = local('alpha', opDiv(prim.sin(omega), opMul(2, q)))
  const amplitude = local('amplitude', gain ? prim.pow(10, opDiv(gain, 40)) : 1)
  const [b0, b1, b2, a0, a1, a2] = coefficients({ cosine, alpha, amplitude, local })
  const scale = local('scale', opDiv(1, a0))
  const scaled = (name: string, value: Core) => local(name, opMul(value, scale))
  const y = local('y', opAdd(opMul(scaled('b0', b0), input), state.z1))
  const first = opSub(opMul(scaled('b1', b1), input), opMul(scaled('a1', a1), y))
  set(state.z1, opAdd(first, state.z2))
  set(state.z2, opSub(opMul(scaled('b2', b2), input), opMul(scaled('a2', a2), y)))
  return { run, outputs: [y] }
}

/** Of all filters without gain: 1 + α, -2 cos ω, 1 - α. */
export const plainPoles = ({ cosine, alpha }: Prototype) =>
  [opAdd(1, alpha), opMul(-2, cosine), opSub(1, alpha)] as const
