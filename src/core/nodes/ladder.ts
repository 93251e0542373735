/**
 * `ladder`: four poles around a saturating loop without delay (Zavalishin, The Art of VA Filter Design, 5.4–5.5).
 *
 * Four stages v = (u - s) G, y = v + s, s ← y + v with G = g / (1 + g). The linear loop y₄ = G⁴ u + S with
 * S = (G³ s₁ + G² s₂ + G s₃ + s₄) / (1 + g) is solved for u = (x - k S) / (1 + k G⁴), and then u ← tanh u.
 * The other responses mix the stages: hp = u - 4y₁ + 6y₂ - 4y₃ + y₄, bp = 4 (y₂ - 2y₃ + y₄).
 */
import type { Core } from '../ast.ts'
import { opAdd, opDiv, opMul, opSub, prim } from '../build.ts'
import { defineNode } from '../node-type.ts'
import { integratorGain } from './frequency.ts'
import { steps } from './steps.ts'

const sum = (first: Core, ...rest: Core[]): Core => rest.reduce((a, b) => opAdd(a, b), first)

export const ladder = defineNode({
  name: 'ladder',
  category: 'filters',
  doc: 'Transistor ladder: low-pass of 24 dB an octave that saturates and oscillates by itself at full resonance.',
  inputs: {
    input: { doc: 'The signal; loud ones saturate.' },
    freq: { doc: 'Cutoff.', unit: 'Hz', range: [0.01, 20000], default: 1000 },
    res: { doc: 'Resonance; from 1 on it oscillates.', range: [0, 1.1], default: 0 },
  },
  outputs: {
    lp24: { doc: 'Low-pass, 24 dB an octave.' },
    lp12: { doc: 'Low-pass, 12 dB an octave.' },
    bp24: { doc: 'Band-pass.' },
    hp24: { doc: 'High-pass, 24 dB an octave.' },
  },
  state: { s1: 0, s2: 0, s3: 0, s4: 0 },
  process({ inputs, state, samplePeriod }) {
    const { run, local, set } = steps()
    const g = local('g', integratorGain(inputs.freq, samplePeriod))
    const k = local('k', opMul(4, inputs.res))
    const gain = local('gain', opDiv(g, opAdd(1, g)))
    const g2 = local('g2', opMul(gain, gain))
    const past = sum(opMul(opMul(g2, gain), state.s1), opMul(g2, state.s2), opMul(gain, state.s3), state.s4)
    const s = local('s', opDiv(past, opAdd(1, g)))
    const loop = opDiv(opSub(inputs.input, opMul(k, s)), opAdd(1, opMul(k, opMul(g2, g2))))
    const u = local('u', prim.tanh(loop))
    const stage = (number: number, input: Core, memory: typeof state.s1) => {
      const v = local(`v${number}`, opMul(opSub(input, memory), gain))
      const y = local(`y${number}`, opAdd(v, memory))
      set(memory, opAdd(y, v))
      return y
    }
    const y1 = stage(1, u, state.s1)
    const y2 = stage(2, y1, state.s2)
    const y3 = stage(3, y2, state.s3)
    const y4 = stage(4, y3, state.s4)
    const bp = opMul(4, opAdd(opSub(y2, opMul(2, y3)), y4))
    const hp = opAdd(opSub(opAdd(opSub(u, opMul(4, y1)), opMul(6, y2)), opMul(4, y3)), y4)
    return { run, outputs: [y4, y2, bp, hp] }
  },
})
