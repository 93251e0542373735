/**
 * The library: compile programs, run them, render them, print what went wrong.
 */
import { type CompileOptions, compileSource } from './compile.ts'
import type { Diagnostic } from './diagnostics.ts'
import { nodeFromSourceSync, type SourceNodeOptions, type SourceNodeResult } from './library/source-node.ts'
import { nodeLoader } from './node-loader.ts'
import { createProgram, type Program } from './runtime/program.ts'

export * as blocks from './blocks/index.ts'
export {
  type CompileOptions,
  type CompileResult,
  compileSource,
  type Load,
  type LoadSound,
  type Sound,
} from './compile.ts'
export * as build from './core/build.ts'
export * as expressions from './core/expressions.ts'
export { LibraryError } from './core/misuse.ts'
export { NodeLibrary } from './core/node-library.ts'
export * from './core/node-type.ts'
export { standardLibrary } from './core/nodes/index.ts'
export type { Diagnostic, Location, Note } from './diagnostics.ts'
export {
  diagnosticsToJson,
  type FormatOptions,
  formatDiagnostic,
  formatDiagnostics,
} from './diagnostics-print.ts'
export * from './library/index.ts'
export * from './runtime/index.ts'
export type { Position } from './source.ts'

export type ProgramResult =
  | { readonly ok: true; readonly program: Program; readonly diagnostics: readonly Diagnostic[] }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] }

/**
 * Compiles source text to a program that can be instantiated, rendered and described. Without a loader, imports
 * are searched in files where there are any: see `CompileOptions.importPaths`.
 */
export async function compile(source: string, options: CompileOptions = {}): Promise<ProgramResult> {
  const files = await nodeLoader(options.filename, options.importPaths ?? [])
  const result = await compileSource(source, { ...files, ...options })
  return result.ok ? { ...result, program: createProgram(result.program) } : result
}

/** Language code as a node of the library; imports are searched as by `compile`. */
export async function nodeFromSource(
  source: string,
  options: SourceNodeOptions = {},
): Promise<SourceNodeResult> {
  const files = await nodeLoader(options.filename, options.importPaths ?? [])
  return nodeFromSourceSync(source, { ...files, ...options })
}
