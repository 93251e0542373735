/**
 * From the command line to a compiled program, with its diagnostics printed.
 *
 * Comes in: file or code, and compile flags. Goes out: the program; or a Failure, when it has errors. Shared by
 * all commands that compile.
 */

import { basename } from 'node:path'
import type { OptimizerOptions } from '../codegen/generate.ts'
import type { CompileOptions, CompileResult } from '../compile.ts'
import type { CompiledProgram } from '../core/program.ts'
import type { Diagnostic } from '../diagnostics.ts'
import { formatDiagnostics } from '../diagnostics-print.ts'
import { EXIT } from './exit-codes.ts'
import { Failure, failUsage } from './failure.ts'
import { withFewOptimisations } from './first-compilation.ts'
import { createLoader, type Loader, readProgram, type Source } from './load.ts'
import type { CompileFlags } from './options-compile.ts'
import { type LoggedProgram, noteOrigin, rememberFiles } from './session-log.ts'
import { formatOptions, say } from './terminal.ts'
import { parseChoice } from './values.ts'

export interface Job {
  readonly source: Source
  readonly loader: Loader
  readonly options: CompileOptions
}

/** Reads the program and sets up its compilation. */
export async function prepare(file: string | undefined, flags: CompileFlags): Promise<Job> {
  if (file === undefined && flags.eval === undefined) failUsage('noProgram', {})
  if (file !== undefined && flags.eval !== undefined)
    failUsage('optionConflict', { first: '-e', second: file })
  if (flags.single && flags.double) failUsage('optionConflict', { first: '--single', second: '--double' })
  return jobOf(await readProgram(file, flags.eval), flags)
}

/** The compilation of a text that was read. */
export async function jobOf(source: Source, flags: CompileFlags): Promise<Job> {
  const includes = flags.include ?? []
  const loader = createLoader(source, includes)
  const options: CompileOptions = {
    filename: source.name,
    load: loader.load,
    loadSound: loader.loadSound,
    precision: flags.single ? 'single' : 'double',
    ...(flags.entry === undefined ? {} : { entry: flags.entry }),
    ...(flags.define === undefined ? {} : { definitions: Object.fromEntries(flags.define) }),
    ...(await optimizerFlags(flags)),
    ...(flags.voices === undefined ? {} : { voices: flags.voices }),
  }
  return { source, loader, options }
}

async function optimizerFlags({ optimize, fastMath, opt }: CompileFlags): Promise<OptimizerOptions> {
  return {
    ...(optimize ? { optimize } : {}),
    ...(fastMath ? { fastMath } : {}),
    ...(typeof opt === 'object' ? { disabledPasses: await passesNamed(opt) } : {}),
  }
}

/** `--no-opt` names passes; all of them are known only to the optimiser, which is loaded for it. */
async function passesNamed(given: readonly string[]): Promise<string[]> {
  const { PASS_NAMES } = await import('../codegen/passes.ts')
  // `value numbering` is `value-numbering` here, as a word of the command line.
  const words = new Map(PASS_NAMES.map(name => [name.replaceAll(' ', '-'), name]))
  const parse = parseChoice('--no-opt', [...words.keys()])
  return given.map(word => words.get(parse(word))!)
}

export interface Compiled {
  readonly program: CompiledProgram
  readonly diagnostics: readonly Diagnostic[]
  readonly milliseconds: number
}

/** Compiles; prints warnings, or errors and fails. */
export async function compileJob(job: Job): Promise<Compiled> {
  return accept(await tryJob(job), job)
}

/** Prints warnings, or errors and fails. */
export function accept<T extends Tried>(tried: T, { loader }: Job): T & Compiled {
  const { program, diagnostics } = tried
  report(diagnostics, loader)
  if (!program) throw new Failure(EXIT.program, [])
  return { ...tried, program }
}

export type Tried = Omit<Compiled, 'program'> & { readonly program: CompiledProgram | undefined }

/**
 * Compiles, and prints nothing; without a program, the diagnostics say why. `compile` is for the language, and has been
 * loaded.
 */
export async function tryJob(job: Job, compile?: typeof compileAny): Promise<Tried> {
  const isBlocks = isBlockProgram(job.source)
  if (!isBlocks && !compile) await loadCompiler()
  const started = performance.now()
  const { load, files } = rememberFiles(job.loader.load)
  const work = () => (compile ?? compileAny)({ ...job, options: { ...job.options, load } })
  // For block programs more code is loaded.
  const result = await (isBlocks ? work() : withFewOptimisations(work))
  const diagnostics = withProblems(result.diagnostics, job.loader)
  const milliseconds = performance.now() - started
  if (result.ok) noteOrigin(result.program, originOf(job, files))
  return { program: result.ok ? result.program : undefined, diagnostics, milliseconds }
}

/** All of it: a draft needs less. */
const loadCompiler = () => Promise.all([import('../compile.ts'), import('../codegen/passes.ts')])

/** What a log of the performance says of the program. */
function originOf({ source, options }: Job, files: LoggedProgram['files']): LoggedProgram {
  const { load: _, loadSound: __, filename: ___, ...plain } = options
  return { name: source.name, text: source.text, options: plain, files }
}

/** Text of the language, or a block program: a file that ends in `.json`. */
export async function compileAny({ source, options }: Job): Promise<CompileResult> {
  if (!isBlockProgram(source)) return (await import('../compile.ts')).compileSource(source.text, options)
  const { compileBlocks } = await import('../library/compile-program.ts')
  return compileBlocks(source.text, blockOptions(source, options))
}

const BLOCK_FILE = /\.json$/i
export const isBlockProgram = ({ name }: Source) => BLOCK_FILE.test(name)

/** The program is called as its file, in words that can stand in addresses. */
export function blockOptions(source: Source, { precision = 'double', ...options }: CompileOptions) {
  const { optimize = false, fastMath = false, disabledPasses = [] } = options
  const name = basename(source.name)
    .replace(BLOCK_FILE, '')
    .replace(/[^\w-]/g, '_')
  return { name, precision, optimize, fastMath, disabledPasses }
}

/** Why a file could not be loaded goes before the complaint that it is missing. */
export function withProblems(diagnostics: readonly Diagnostic[], loader: Loader): Diagnostic[] {
  const known = new Set(diagnostics.map(d => d.message))
  return [...loader.problems.filter(p => !known.has(p.message)), ...diagnostics]
}

/** Past these nobody reads on; `dspc check --json` gives all. */
const MOST_SHOWN = 20

/** Prints diagnostics of a program to stderr, and how many there were when that needs counting. */
export function report(diagnostics: readonly Diagnostic[], loader: Loader): void {
  if (diagnostics.length === 0) return
  const shown = diagnostics.slice(0, MOST_SHOWN)
  process.stderr.write(formatDiagnostics(shown, formatOptions(process.stderr, loader.source)))
  if (shown.length < diagnostics.length) say(`\n… and ${diagnostics.length - shown.length} more`)
  if (diagnostics.length > 1) say(`\n${countUp(diagnostics)}`)
}

function countUp(diagnostics: readonly Diagnostic[]): string {
  const severities = ['error', 'warning', 'note'] as const
  const counts = severities.map(s => ({ s, n: diagnostics.filter(d => d.severity === s).length }))
  return counts
    .filter(({ n }) => n > 0)
    .map(({ s, n }) => `${n} ${s}${n === 1 ? '' : 's'}`)
    .join(', ')
}
