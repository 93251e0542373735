/**
 * The phase that oscillators share: t in [0, 1), advanced by freq / rate, set to 0 by a trigger.
 *
 * And the band-limited step of V. Välimäki and A. Huovilainen (Antialiasing Oscillators in Subtractive Synthesis,
 * 2007): a polynomial that rounds off a jump of -2 at t = 0 over one sample before and one after. A module of its
 * own because the oscillators differ only in what they make of t.
 */
import type { Core } from '../ast.ts'
import { assign, iff, opAdd, opDiv, opGt, opLt, opMul, opSub, prim } from '../build.ts'
import { choose } from '../expressions.ts'
import type { Steps } from './steps.ts'
import { fires } from './trigger.ts'

type Variable = Core & { readonly kind: 'variable' }

export const OSCILLATOR_INPUTS = {
  freq: { doc: 'Repetitions a second; negative runs backwards.', unit: 'Hz', range: [-20000, 20000] },
  reset: { doc: 'Starts anew when it rises above 0.5.', range: [0, 1], default: 0 },
} as const

export const OSCILLATOR_STATE = { phase: { doc: 'Of the next sample, in turns.' }, high: 0 } as const

interface OscillatorScope {
  readonly inputs: { readonly freq: Variable; readonly reset: Variable }
  readonly state: { readonly phase: Variable; readonly high: Variable }
  readonly samplePeriod: Variable
}

/** This sample's phase t and the step dt = |freq| / rate. */
export function runningPhase({ inputs, state, samplePeriod }: OscillatorScope, { local, step }: Steps) {
  step(iff(fires(state.high, inputs.reset), assign(state.phase, 0)))
  const t = local('t', state.phase)
  const advance = local('advance', opMul(inputs.freq, samplePeriod))
  const next = local('next', opAdd(t, advance))
  step(assign(state.phase, opSub(next, prim.floor(next))))
  const dt = local('dt', prim.abs(advance))
  return { t, dt }
}

/** Keeps a standing oscillator from dividing by 0. */
const SLOWEST = 1e-9

/** Part after the point, in [0, 1). */
export const wrapped = (x: Variable): Core => opSub(x, prim.floor(x))

/** 2u - u² - 1 for u = t / dt < 1 after the jump, u² + 2u + 1 for u = (t - 1) / dt > -1 before it, else 0. */
export function bandLimitedStep(name: string, t: Variable, dt: Variable, { local }: Steps): Core {
  const after = local(`${name}After`, opDiv(t, dt))
  const before = local(`${name}Before`, opDiv(opSub(t, 1), dt))
  const rising = opSub(opSub(opMul(2, after), opMul(after, after)), 1)
  const falling = opAdd(opAdd(opMul(before, before), opMul(2, before)), 1)
  return choose(opLt(after, 1), rising, choose(opGt(before, -1), falling, 0))
}

/**
 * The integral of that step, for corners: (1 - u)³ / 6 for u = distance / dt < 1 on either side, else 0; `distance`
 * in turns (F. Esqueda, V. Välimäki and S. Bilbao, Rounding Corners with BLAMP, 2016).
 */
export function bandLimitedCorner(name: string, distance: Core, dt: Variable, { local }: Steps): Core {
  const rest = local(`${name}Rest`, prim.max(0, opSub(1, opDiv(distance, prim.max(dt, SLOWEST)))))
  return opDiv(opMul(opMul(rest, rest), rest), 6)
}
