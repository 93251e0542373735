/**
 * The trigger that reset and set inputs share: a Schmitt trigger on the input rounded to single precision.
 *
 * Fires when the input rises above 0.5, once; it is armed again at 0.25 or below. A module of its own because
 * every node with such an input must agree on when it fires.
 */
import type { Core } from '../ast.ts'
import { assign, iff, opGt, opLe, prim, stmts } from '../build.ts'

type Variable = Core & { readonly kind: 'variable' }

export const TRIGGER_LOW = 0.25
export const TRIGGER_HIGH = 0.5

/** 1 in the sample in which `input` fires, else 0. `high` is a state variable that starts with 0. */
export function fires(high: Variable, input: Core): Core {
  const level = prim.roundToSingle(input)
  return iff(
    opGt(high, TRIGGER_HIGH),
    stmts([iff(opLe(level, TRIGGER_LOW), assign(high, 0)), 0]),
    iff(opGt(level, TRIGGER_HIGH), assign(high, 1), 0),
  )
}
