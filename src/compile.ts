/**
 * The pipeline, one verb a line.
 *
 * Comes in: source text and options. Goes out: a program, or diagnostics; never an exception for anything that a
 * user can type. No IO: files come through `options.load`, so that this runs in a browser too.
 */
import { checkProgram } from './codegen/check.ts'
import { type DraftMemory, generateDraft } from './codegen/draft.ts'
import type { Turn } from './codegen/draft-passes.ts'
import { foldMath } from './codegen/fold.ts'
import { type Generated, generate, type OptimizerOptions, optimizerOptions } from './codegen/generate.ts'
import type { NodeLibrary } from './core/node-library.ts'
import type { CompiledProgram, Control, Precision } from './core/program.ts'
import { attempt, type Diagnostic, type DiagnosticLog } from './diagnostics.ts'
import type { EvaluationMemory } from './lower/evaluation-memory.ts'
import { type Lowered, lower } from './lower/lower.ts'
import type { Load } from './lower/modules.ts'
import { inVoices } from './lower/polyphony.ts'
import type { LoadSound } from './lower/soundfiles.ts'
import { parseEdited } from './parser/edited.ts'
import { SourceFile, span } from './source.ts'

export type { Load, LoadedFile } from './lower/modules.ts'
export type { LoadSound, Sound } from './lower/soundfiles.ts'

export interface CompileOptions extends OptimizerOptions {
  /** How diagnostics call the source. Default `process.dsp`. */
  readonly filename?: string
  /** Directories that `import`, `library` and `component` search when there is no `load`; last one first. */
  readonly importPaths?: readonly string[]
  /** Finds imported files. `compile` searches files by default, `compileSource` has none. */
  readonly load?: Load
  /** Finds recordings for `soundfile`; what it does not find is silence, with a warning. */
  readonly loadSound?: LoadSound
  readonly precision?: Precision
  /** The definition that is the program. Default `process`. */
  readonly entry?: string
  /** Nodes that `node("name")` finds instead of those of docs/NODES.md. */
  readonly nodes?: NodeLibrary
  /** Definitions that replace those of the program, such as `{ voices: '4' }`. */
  readonly definitions?: Readonly<Record<string, string>>
  /** So many copies sound together, each with controls `freq`, `gain` and `gate` of its own; 1 … 1024. */
  readonly voices?: number
}

export type CompileResult =
  | { readonly ok: true; readonly program: CompiledProgram; readonly diagnostics: readonly Diagnostic[] }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] }

/** Compiles a program. Never rejects for anything a user can type. */
export async function compileSource(source: string, options: CompileOptions = {}): Promise<CompileResult> {
  const { value: lowered, diagnostics } = lowerAudible(source, options)
  if (!lowered) return { ok: false, diagnostics }
  const program = await generateProgram(lowered, options)
  return { ok: true, program, diagnostics }
}

/** Of the versions of one program, for `draftSource`. */
export interface LiveMemory extends DraftMemory {
  evaluation?: EvaluationMemory
}

/** A program that can be heard soon: its samples and its state are those of the finished one. */
export type Draft = CompileResult & {
  /** As fast as it can be; absent where the draft is. Takes a turn now and then, whose rejection is its own. */
  readonly finish?: (turn?: Turn) => Promise<CompiledProgram>
}

const atOnce = async () => {}

/**
 * Compiles a program in two steps, for people who wait for its sound. `memory` is the same for all versions of a
 * program; it may be new.
 */
export async function draftSource(
  source: string,
  options: CompileOptions = {},
  memory?: LiveMemory,
): Promise<Draft> {
  // With that samples would not be the same.
  if (options.fastMath) return compileSource(source, options)
  const { value: lowered, diagnostics } = lowerVersion(source, options, memory)
  if (!lowered) return { ok: false, diagnostics }
  const draft = generateDraft(lowered.core, generateOptions(options), memory)
  const finish = async (turn: Turn = atOnce) => programOf(lowered, options, await draft.finish(turn))
  return { ok: true, program: programOf(lowered, options, draft), diagnostics, finish }
}

/**
 * As one of several versions. What is remembered of the version before knows nothing of places and does not speak: who has
 * something to say is lowered without, and is not remembered.
 */
export function lowerVersion(source: string, options: CompileOptions, memory?: LiveMemory) {
  if (!memory) return lowerAudible(source, options)
  const last = memory.evaluation?.last
  const found = lowerAudible(source, options, memory)
  // Who cannot even be parsed leaves the memory as it is.
  if (found.diagnostics.length === 0 || memory.evaluation?.last === last) return found
  memory.evaluation = {}
  return last ? lowerAudible(source, options) : found
}

function lowerAudible(source: string, options: CompileOptions, memory?: LiveMemory) {
  return attempt(log => {
    const audible = lowerSource(source, options, log, memory)
    // Only here: diagrams, types and parts of other programs may do without.
    if (audible.core.outputs.length === 0) log.fail('noOutputs', audible.at, {})
    return audible
  })
}

/** Everything before code generation. */
export function lowerSource(
  source: string,
  options: CompileOptions,
  log: DiagnosticLog,
  memory?: LiveMemory,
): Lowered {
  const file = new SourceFile(options.filename ?? 'process.dsp', source)
  const known = memory?.evaluation?.last?.definitions
  const { program, definitions } = parseEdited(file, log, known)
  log.stopIfFailed()
  const edited = memory && { memory: (memory.evaluation ??= {}), definitions }
  const single = lower(program, file, { ...lowerOptions(options), edited }, log)
  const lowered = options.voices === undefined ? single : inVoices(single, options.voices, log)
  checkProgram(lowered.core, options.precision ?? 'double', log, span(file, 0, 0))
  return lowered
}

function lowerOptions(options: CompileOptions) {
  return {
    load: options.load ?? (() => undefined),
    precision: options.precision ?? 'double',
    entry: options.entry ?? 'process',
    math: foldMath(),
    loadSound: options.loadSound ?? (() => undefined),
    nodes: options.nodes,
    definitions: options.definitions ?? {},
  }
}

async function generateProgram(lowered: Lowered, options: CompileOptions): Promise<CompiledProgram> {
  return programOf(lowered, options, await generate(lowered.core, generateOptions(options)))
}

function generateOptions(options: CompileOptions) {
  return { precision: options.precision ?? 'double', ...optimizerOptions(options) } as const
}

function programOf(lowered: Lowered, options: CompileOptions, { wasm, layout }: Generated): CompiledProgram {
  const offsets = new Map(layout.cells.map(cell => [cell.id, cell.offset]))
  const controls: Control[] = lowered.ui.controls.map(c => ({ ...c, offset: offsets.get(c.address)! }))
  return {
    name: lowered.name,
    precision: options.precision ?? 'double',
    wasm,
    inputs: lowered.core.inputs.length,
    outputs: lowered.core.outputs.length,
    controls,
    ui: lowered.ui.items,
    metadata: lowered.metadata,
    layout,
  }
}
