/**
 * The compiler as a session uses it: whole programs, and expressions that one wants to know about.
 *
 * Comes in: composed texts. Goes out: programs, or what an expression is; diagnostics as the compiler gave them. Keeps
 * the texts of libraries for code frames.
 */
import {
  type CompileOptions,
  compileSource,
  draftSource,
  type LiveMemory,
  lowerSource,
} from '../../compile.ts'
import type { CompiledProgram } from '../../core/program.ts'
import { attempt, type Diagnostic } from '../../diagnostics.ts'
import type { Box } from '../../lower/box.ts'
import { RATES } from '../../lower/facts.ts'
import type { Lowered } from '../../lower/lower.ts'
import { render } from '../../runtime/render.ts'
import { withProblems } from '../compile-program.ts'
import { abortable, type Finish } from '../drafts.ts'
import { createLoader, type Loader } from '../load.ts'
import { shortNumber } from '../plot/wave.ts'
import type { Composed, Evaluated } from '../session/types.ts'
import { type LoggedProgram, rememberFiles } from '../session-log.ts'

export interface Compiler {
  /** Text of a library, for code frames. */
  readonly source: (name: string) => string | undefined
  loader(source: Composed): Loader
  compile(source: Composed): Promise<Compiled>
  /** What is to be heard soon. */
  draft(source: Composed): Promise<Compiled>
  lower(source: Composed): { lowered?: Lowered; diagnostics: readonly Diagnostic[] }
  evaluate(
    source: Composed,
    sampleRate: number,
  ): Promise<{ value?: Evaluated; diagnostics: readonly Diagnostic[] }>
  options(loader: Loader, source: Composed): CompileOptions
}

export type Compiled =
  | {
      readonly ok: true
      readonly program: CompiledProgram
      readonly logged: LoggedProgram
      /** Makes it fast; absent where it is. */
      readonly finish?: Finish | undefined
      readonly diagnostics: readonly Diagnostic[]
    }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] }

export interface CompilerOptions {
  /** Where imports are searched after the include folders. */
  readonly directory: string
  readonly includes: readonly string[]
  readonly flags: LoggedProgram['options']
}

export function createCompiler({ directory, includes, flags }: CompilerOptions): Compiler {
  let last: Loader | undefined
  const loader = (source: Composed) => {
    last = createLoader({ name: source.name, text: source.text, directory }, includes)
    return last
  }
  const flagsOf = ({ entry }: Composed) => (entry === undefined ? flags : { ...flags, entry })
  const options = ({ load, loadSound }: Loader, source: Composed): CompileOptions => {
    return { filename: source.name, load, loadSound, ...flagsOf(source) }
  }
  const compileWith = async (source: Composed, compile: typeof draftSource): Promise<Compiled> => {
    const files = loader(source)
    const remembering = rememberFiles(files.load)
    const result = await compile(source.text, { ...options(files, source), load: remembering.load })
    const diagnostics = withProblems(result.diagnostics, files)
    if (!result.ok) return { ok: false, diagnostics }
    const logged = {
      name: source.name,
      text: source.text,
      options: flagsOf(source),
      files: remembering.files,
    }
    return { ok: true, program: result.program, logged, finish: abortable(result.finish), diagnostics }
  }
  const compile = (source: Composed) => compileWith(source, compileSource)
  const memory: LiveMemory = {}
  const draft = (source: Composed) =>
    compileWith(source, (text, options) => draftSource(text, options, memory))
  const lower = (source: Composed) => {
    const files = loader(source)
    const { value, diagnostics } = attempt(log => lowerSource(source.text, options(files, source), log))
    return { ...(value ? { lowered: value } : {}), diagnostics: withProblems(diagnostics, files) }
  }
  const evaluate = async (source: Composed, sampleRate: number) => {
    const { lowered, diagnostics } = lower(source)
    if (!lowered) return { diagnostics }
    return { value: await classify(lowered, source, sampleRate), diagnostics }
  }
  const classify = async (lowered: Lowered, source: Composed, sampleRate: number): Promise<Evaluated> => {
    const { inputs, outputs } = lowered.box.arity!
    const parameters = countParameters(lowered.box)
    if (parameters > 0) return { kind: 'function', inputs, outputs, parameters }
    const isKnown = inputs === 0 && outputs > 0 && lowered.lean.every(s => lowered.facts.get(s)!.rate <= 1)
    const compiled = isKnown ? await compile(source) : undefined
    if (!compiled?.ok) return { kind: 'block', inputs, outputs, text: describeOutputs(lowered) }
    const channels = await render(compiled.program, { sampleRate, frames: 1 })
    return { kind: 'numbers', values: channels.map(channel => channel[0]!) }
  }
  return { source: name => last?.source(name), loader, compile, draft, lower, evaluate, options }
}

/** A function that was not called is closed by one symbol for each argument. */
function countParameters(box: Box): number {
  let count = 0
  for (let b = box; b.kind === 'symbolic'; b = b.body) count++
  return count
}

const RATE_TEXT = {
  constant: 'constant',
  init: 'constant from the start',
  control: 'per block',
  sample: 'per sample',
}

function describeOutputs({ lean, facts }: Lowered): string[] {
  return lean.map(signal => {
    const { type, rate, interval } = facts.get(signal)!
    const { low, high } = interval
    const isBounded = Number.isFinite(low) || Number.isFinite(high)
    const range = isBounded ? `, from ${shortNumber(low)} to ${shortNumber(high)}` : ''
    return `${type === 'int' ? 'whole numbers' : 'real'}, ${RATE_TEXT[RATES[rate]]}${range}`
  })
}
