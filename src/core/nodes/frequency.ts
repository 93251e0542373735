/**
 * Frequencies for filters: kept where the filters are stable.
 *
 * A module of its own because every filter with a cutoff needs it, and must agree on what happens at the edges.
 */
import type { Core } from '../ast.ts'
import { opMul, prim } from '../build.ts'
import { clamp } from '../expressions.ts'

/** Cutoffs stay below this part of the sample rate, because tan(π f / rate) has its pole at a half. */
export const HIGHEST_CUTOFF = 0.49
export const LOWEST_CUTOFF_HERTZ = 0.01

/** f / rate, at least for 0.01 Hz, at most 0.49. */
export function normalised(frequency: Core, samplePeriod: Core): Core {
  return clamp(opMul(frequency, samplePeriod), opMul(LOWEST_CUTOFF_HERTZ, samplePeriod), HIGHEST_CUTOFF)
}

/** tan(π f / rate): the gain of a trapezoidal integrator (bilinear transform with prewarping). */
export function integratorGain(frequency: Core, samplePeriod: Core): Core {
  return prim.tan(opMul(Math.PI, normalised(frequency, samplePeriod)))
}
