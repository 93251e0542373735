/**
 * What a program costs, from its text: for `--explain-cost`.
 *
 * Comes in: source text and options. Goes out: a report of plain data, or diagnostics. Beside compile.ts because it
 * runs the same pipeline, and keeps what compilation forgets: which definition each variable belongs to.
 */
import { type CostReport, explainCost } from './codegen/explain-cost.ts'
import { type CompileOptions, lowerSource } from './compile.ts'
import { attempt, type Diagnostic } from './diagnostics.ts'

export type CostResult =
  | {
      readonly ok: true
      readonly name: string
      readonly report: CostReport
      readonly diagnostics: readonly Diagnostic[]
    }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] }

export function explainSource(source: string, options: CompileOptions): CostResult {
  const { value: lowered, diagnostics } = attempt(log => lowerSource(source, options, log))
  if (!lowered) return { ok: false, diagnostics }
  const { precision = 'double', disabledPasses = [], fastMath = false } = options
  const report = explainCost(lowered.core, lowered.labels(), { precision, disabledPasses, fastMath })
  return { ok: true, name: lowered.name, report, diagnostics }
}
