/**
 * Reading programs: from files, standard input or the command line, and the files that they import.
 *
 * Comes in: names and search paths. Goes out: texts, remembered by name for code frames. The only place that
 * reads source files; the compiler gets a function.
 */
import { readFileSync } from 'node:fs'
import { delimiter, dirname, isAbsolute, relative, resolve, sep } from 'node:path'
import type { Load, LoadSound, Sound } from '../compile.ts'
import { type Diagnostic, makeDiagnostic } from '../diagnostics.ts'
import { decodeWav } from '../runtime/wav-read.ts'
import { EXIT } from './exit-codes.ts'
import { Failure } from './failure.ts'
import { standardLibrary } from './package.ts'
import {
  decodeText,
  MAX_SOURCE_BYTES,
  type ReadResult,
  readIfChanged,
  readText,
  versionOf,
} from './read-text.ts'

export interface Source {
  /** As diagnostics call it. */
  readonly name: string
  readonly text: string
  /** Searched for imports after the `-I` directories. */
  readonly directory: string
}

/** The program that the command line names: a file, `-`, or code. */
export async function readProgram(file: string | undefined, code: string | undefined): Promise<Source> {
  if (code !== undefined) return { name: 'code', text: code, directory: process.cwd() }
  if (file === '-') return { name: 'stdin', text: await readStandardInput(), directory: process.cwd() }
  const result = readText(file!)
  if (!result.ok) throw new Failure(EXIT.file, [result.diagnostic])
  return { name: file!, text: result.text, directory: dirname(resolve(file!)) }
}

async function readStandardInput(): Promise<string> {
  const chunks: Uint8Array[] = []
  let total = 0
  for await (const chunk of process.stdin) {
    chunks.push(chunk as Uint8Array)
    total += (chunk as Uint8Array).length
    if (total > MAX_SOURCE_BYTES) {
      const args = { file: 'stdin', bytes: total, limit: MAX_SOURCE_BYTES }
      throw new Failure(EXIT.file, [makeDiagnostic('fileTooLarge', undefined, args)])
    }
  }
  const result = decodeText('stdin', Buffer.concat(chunks))
  if (!result.ok) throw new Failure(EXIT.file, [result.diagnostic])
  return result.text
}

/** What a loader has found so far, as plain data. */
export interface Reading {
  readonly texts: ReadonlyMap<string, string>
  readonly problems: readonly Diagnostic[]
  readonly lookups: ReadonlyMap<string, Finding>
}

export interface Loader {
  readonly load: Load
  /** Recordings for `soundfile`, searched like imports. */
  readonly loadSound: LoadSound
  /** Text of the program or of an imported file, by the name in diagnostics. */
  readonly source: (name: string) => string | undefined
  /** Where imports are searched, in this order. */
  readonly folders: readonly string[]
  /** Names of the files that were loaded, without the program itself. */
  libraries(): string[]
  /** Why files that do exist could not be loaded; to be reported beside what the compiler says. */
  readonly problems: readonly Diagnostic[]
  /** Every path that was looked at, and what was there: the program is the same while these are. */
  readonly lookups: ReadonlyMap<string, Finding>
  reading(): Reading
  /** What another loader found for the same program, in another thread, counts as found here; but for its own text. */
  adopt(reading: Reading): void
}

/** Whether two versions of a program found the same; `program` calls its own text. */
export function isSameReading(a: Reading, b: Reading, program: string): boolean {
  const isIn = (name: string, text: string) => name === program || b.texts.get(name) === text
  return (
    a.texts.size === b.texts.size &&
    a.lookups.size === b.lookups.size &&
    a.problems.length + b.problems.length === 0 &&
    [...a.texts].every(([name, text]) => isIn(name, text)) &&
    [...a.lookups].every(([path, found]) => {
      const other = b.lookups.get(path)
      return other !== undefined && isSameFinding(found, other)
    })
  )
}

/** Text, or in place of it the code of what stood in the way; undefined: nothing there. Of recordings the version. */
export type Finding =
  | { readonly kind: 'text'; readonly text: string | undefined }
  | { readonly kind: 'sound'; readonly version: string | undefined }

/** Looks again. */
export function findAgain(path: string, kind: Finding['kind']): Finding {
  if (kind === 'sound') return { kind, version: versionOf(path) }
  return { kind, text: textOrProblem(readIfChanged(path)) }
}

export function isSameFinding(a: Finding, b: Finding): boolean {
  return a.kind === 'text' && b.kind === 'text'
    ? a.text === b.text
    : a.kind === 'sound' && b.kind === 'sound' && a.version === b.version
}

const textOrProblem = (result: ReadResult | undefined) =>
  result && (result.ok ? result.text : result.diagnostic.code)

/**
 * Searches, in this order: the name as given, from the current directory; the `-I` directories, the last one
 * first; the directory of the program; the directories in DSPC_PATH; the standard library.
 */
export function createLoader(program: Source, includes: readonly string[]): Loader {
  const texts = new Map([[program.name, program.text]])
  const problems: Diagnostic[] = []
  const lookups = new Map<string, Finding>()
  const fromEnvironment = (process.env.DSPC_PATH ?? '').split(delimiter).filter(path => path !== '')
  const library = standardLibrary()
  const folders = ['.', ...includes.toReversed(), program.directory, ...fromEnvironment, library]

  const load: Load = file => {
    for (const folder of isAbsolute(file) ? ['.'] : folders) {
      const path = resolve(folder, file)
      const result = readIfChanged(path)
      lookups.set(path, { kind: 'text', text: textOrProblem(result) })
      if (!result) continue
      if (result.ok) {
        const name = displayName(path)
        texts.set(name, result.text)
        return { name, text: result.text, standard: folder === library }
      }
      problems.push(result.diagnostic)
    }
    return undefined
  }
  const loadSound: LoadSound = file => {
    for (const folder of isAbsolute(file) ? ['.'] : folders) {
      const path = resolve(folder, file)
      lookups.set(path, { kind: 'sound', version: versionOf(path) })
      const wav = readWav(path)
      if (wav) return wav
    }
    return undefined
  }
  const libraries = () => [...texts.keys()].filter(name => name !== program.name)
  const adopt = (reading: Reading) => {
    for (const [name, text] of reading.texts) if (name !== program.name) texts.set(name, text)
    for (const [path, finding] of reading.lookups) lookups.set(path, finding)
    problems.push(...reading.problems)
  }
  const source = (name: string) => texts.get(name)
  const reading = () => ({ texts, problems, lookups })
  return { load, loadSound, source, folders, libraries, problems, lookups, reading, adopt }
}

function readWav(path: string): Sound | undefined {
  try {
    const wav = decodeWav(readFileSync(path))
    return wav.ok ? { sampleRate: wav.info.sampleRate, channels: wav.channels } : undefined
  } catch {
    return undefined
  }
}

/** Relative to the current directory when inside of it. */
function displayName(path: string): string {
  const fromHere = relative(process.cwd(), path)
  return fromHere.startsWith(`..${sep}`) || isAbsolute(fromHere) ? path : fromHere
}
