/**
 * The pipeline, one verb a line. Placeholder signature while the stages are being written.
 */
import type { CompiledProgram, Precision } from './core/program.ts'
import type { Diagnostic } from './diagnostics.ts'

/** Finds imported files. `undefined` when there is no such file; the name is how diagnostics call it. */
export type Load = (file: string) => { readonly name: string; readonly text: string } | undefined

export interface CompileOptions {
  /** How diagnostics call the source. Default `process.dsp`. */
  readonly filename?: string
  /** Directories that `import`, `library` and `component` search, for hosts with files; last one first. */
  readonly importPaths?: readonly string[]
  readonly load?: Load
  readonly precision?: Precision
  /** The definition that is the program. Default `process`. */
  readonly entry?: string
  /** Run binaryen's optimiser over the module. */
  readonly optimize?: boolean
}

export type CompileResult =
  | { readonly ok: true; readonly program: CompiledProgram; readonly diagnostics: readonly Diagnostic[] }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] }

/** Compiles a program. Never rejects for anything a user can type. */
export async function compileSource(_source: string, _options: CompileOptions = {}): Promise<CompileResult> {
  throw new Error('not built yet')
}

/** Stages whose result can be printed. */
export type Stage = 'tokens' | 'ast' | 'boxes' | 'signals' | 'core' | 'kernel' | 'wat'

export type StageResult =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] }

/** What one stage makes of a program, as text. */
export async function emitStage(_source: string, _options: CompileOptions, _stage: Stage): Promise<StageResult> {
  throw new Error('not built yet')
}
