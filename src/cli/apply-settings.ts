/**
 * `--set` on the command line: finds each control and makes its value fit.
 *
 * Comes in: a program and settings. Goes out: the values to set and remarks about those that were moved; all mistakes
 * at once as a Failure. Shared by rendering and playing.
 */
import type { CompiledProgram } from '../core/program.ts'
import { type Diagnostic, makeDiagnostic } from '../diagnostics.ts'
import { findControl, fitValue } from '../runtime/controls.ts'
import { RuntimeError } from '../runtime/error.ts'
import { EXIT } from './exit-codes.ts'
import { Failure } from './failure.ts'
import type { Setting } from './values.ts'

export interface FittedSettings {
  readonly settings: readonly Setting[]
  readonly remarks: readonly Diagnostic[]
}

export function fitSettings(program: CompiledProgram, settings: readonly Setting[]): FittedSettings {
  const fitted: Setting[] = []
  const remarks: Diagnostic[] = []
  const errors: Diagnostic[] = []
  for (const { address, value } of settings) {
    try {
      const control = findControl(program.controls, address)
      const used = fitValue(control, value)
      const { min, max } = control
      if (used !== value)
        remarks.push(makeDiagnostic('controlClamped', undefined, { address, value, min, max, used }))
      fitted.push({ address, value: used })
    } catch (error) {
      if (!(error instanceof RuntimeError)) throw error
      errors.push(error.diagnostic)
    }
  }
  if (errors.length > 0) throw new Failure(EXIT.usage, errors)
  return { settings: fitted, remarks }
}
