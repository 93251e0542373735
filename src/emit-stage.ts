/**
 * The representations of a program as text, for `--emit` and for learning how the compiler sees a program.
 *
 * Comes in: source text and the name of a stage. Goes out: that stage's print. Beside compile.ts because it runs
 * the same pipeline and stops on the way.
 */
import { printKernel } from './codegen/print.ts'
import type { CompileOptions } from './compile.ts'
import { lowerSource } from './compile.ts'
import { printCore } from './core/print.ts'
import { attempt, type Diagnostic } from './diagnostics.ts'
import { printBox, printSignals } from './lower/print.ts'
import { dumpProgram, printTokens } from './parser/dump.ts'
import { parseSource } from './parser/parse.ts'
import { SourceFile } from './source.ts'

export const STAGES = ['tokens', 'ast', 'boxes', 'signals', 'core', 'kernel', 'wat'] as const
export type Stage = (typeof STAGES)[number]

export type StageResult =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] }

/** The print of one stage; diagnostics when the program does not get that far. */
export async function emitStage(source: string, options: CompileOptions, stage: Stage): Promise<StageResult> {
  const file = new SourceFile(options.filename ?? 'process.dsp', source)
  if (stage === 'tokens' || stage === 'ast') {
    const { value, diagnostics } = attempt(log =>
      stage === 'tokens' ? printTokens(file, log) : dumpProgram(parseSource(file, log)),
    )
    return value === undefined ? { ok: false, diagnostics } : { ok: true, text: value }
  }
  const { value: lowered, diagnostics } = attempt(log => lowerSource(source, options, log))
  if (!lowered) return { ok: false, diagnostics }
  switch (stage) {
    case 'boxes':
      return { ok: true, text: printBox(lowered.box) }
    case 'signals':
      return { ok: true, text: printSignals(lowered.lean, lowered.facts) }
    case 'core':
      return { ok: true, text: printCore(lowered.core) }
    case 'kernel':
    case 'wat': {
      const { generate, optimizerOptions } = await import('./codegen/generate.ts')
      const { emitWat } = await import('./codegen/emit.ts')
      const { precision = 'double' } = options
      const { kernel } = await generate(lowered.core, { precision, ...optimizerOptions(options) })
      return { ok: true, text: stage === 'kernel' ? printKernel(kernel) : await emitWat(kernel) }
    }
  }
}
