/**
 * One way to render a program with either compiler.
 *
 * Comes in: source text that may use the standard library. Goes out: its channels. Tests of the library and of the
 * examples go through here, so that they hold for our compiler and, where asked, for the official one with our
 * library, never with its own.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { compile, type Load, type Program } from '../../src/index.ts'
import { summary } from './compare.ts'
import { runFaust } from './faust.ts'

export interface RenderSourceOptions {
  readonly frames: number
  /** In hertz. Default 44100. */
  readonly sampleRate?: number
  /** Values by address, from the start. */
  readonly controls?: Readonly<Record<string, number>>
  /** A channel each; what is missing is silent. */
  readonly input?: readonly ArrayLike<number>[]
  readonly precision?: 'double' | 'single'
  readonly compiler?: 'ours' | 'official'
}

const LIBRARY = new URL('../../stdlib/', import.meta.url)
const BLOCK = 64

/** The texts of the standard library, by file name. */
export const libraryFiles: Readonly<Record<string, string>> = Object.fromEntries(
  readdirSync(LIBRARY)
    .filter(file => file.endsWith('.lib'))
    .sort()
    .map(file => [file, readFileSync(new URL(file, LIBRARY), 'utf8')]),
)

/** Finds files of the standard library. */
export const loadLibrary: Load = file => {
  const text = Object.hasOwn(libraryFiles, file) ? libraryFiles[file] : undefined
  return text === undefined ? undefined : { name: file, text }
}

/** Renders a program; throws what the compiler says when it refuses. */
export async function renderSource(source: string, options: RenderSourceOptions): Promise<Float64Array[]> {
  return options.compiler === 'official' ? renderOfficially(source, options) : renderOurs(source, options)
}

/** The expressions as the outputs of one program with the standard library: one compilation for many. */
export function renderAll(
  expressions: readonly string[],
  options: RenderSourceOptions,
): Promise<Float64Array[]> {
  return renderSource(
    `import("stdfaust.lib"); process = ${expressions.map(e => `(${e})`).join(', ')};`,
    options,
  )
}

const compiled = new Map<string, Promise<Program>>()

/** Compiles with our compiler and library; the same program once only. */
export function compileWithLibrary(
  source: string,
  precision: 'double' | 'single' = 'double',
): Promise<Program> {
  const key = `${precision} ${source}`
  const known = compiled.get(key) ?? compileAnew(source, precision)
  compiled.set(key, known)
  return known
}

async function compileAnew(source: string, precision: 'double' | 'single'): Promise<Program> {
  const result = await compile(source, { load: loadLibrary, precision })
  if (!result.ok) throw new Error(`${source}\n${summary(result.diagnostics)}`)
  return result.program
}

async function renderOurs(source: string, options: RenderSourceOptions): Promise<Float64Array[]> {
  const { frames, sampleRate = 44_100, controls = {}, input = [], precision } = options
  const program = await compileWithLibrary(source, precision)
  const channels = await program.render({ frames, sampleRate, controls, input, blockSize: BLOCK })
  return channels.map(channel => Float64Array.from(channel))
}

async function renderOfficially(source: string, options: RenderSourceOptions): Promise<Float64Array[]> {
  const { frames, sampleRate = 44_100, controls = {}, input = [], precision = 'double' } = options
  const files = libraryFiles
  const run = await runFaust(source, {
    frames,
    sampleRate,
    controls,
    inputs: input,
    precision,
    block: BLOCK,
    files,
  })
  if (!run.ok) throw new Error(`${source}\n${run.message}`)
  return [...run.outputs]
}

/** Responses of filters of one input and one output to an impulse, from one compilation. */
export function impulseResponses(
  filters: readonly string[],
  frames: number,
  options: Partial<RenderSourceOptions> = {},
): Promise<Float64Array[]> {
  const source = `import("stdfaust.lib"); process = _ <: ${filters.map(f => `(${f})`).join(', ')};`
  return renderSource(source, { ...options, frames, input: [[1]] })
}

/** Answers of functions of one argument to given arguments, one a sample. */
export function applyEach(
  functions: readonly string[],
  args: readonly number[],
  options: Partial<RenderSourceOptions> = {},
): Promise<Float64Array[]> {
  const source = `import("stdfaust.lib"); process = _ <: ${functions.map(f => `(${f})`).join(', ')};`
  return renderSource(source, { ...options, frames: args.length, input: [args] })
}
