/**
 * A file that is known to be sound, parsed as far as it is used: the standard library, of which a program needs little.
 *
 * Comes in: a file. Goes out: its statements, definitions as places in the text only; `parseDeferred` makes a
 * definition of such a place when it is looked up. Apart from the parser because it is no second one: it looks for
 * the `;` between statements, and gives a file that it is not sure about to the parser as a whole.
 */
import { DiagnosticLog } from '../diagnostics.ts'
import { lex } from '../lexer/lex.ts'
import { WORDS } from '../lexer/tokens.ts'
import { type SourceFile, type Span, span } from '../source.ts'
import type { Definition, Program, Statement } from './ast.ts'
import { parse, parseSource } from './parse.ts'

/** A definition that has not been parsed yet. */
export interface Deferred {
  readonly kind: 'deferred'
  readonly span: Span
  readonly name: string
  readonly nameSpan: Span
}

/** A program of which definitions may not have been parsed yet. */
export interface Outline {
  readonly span: Span
  readonly statements: readonly (Statement | Deferred)[]
}

/** The statements of a file. What is wrong in it is reported here, or when it is looked up. */
export function outlineSource(file: SourceFile, log: DiagnosticLog): Outline {
  const statements = outlineStatements(file)
  return statements ? { span: span(file, 0, file.text.length), statements } : parseSource(file, log)
}

const definitions = new WeakMap<Deferred, Definition>()

/** Parsed once. If that fails, the whole file is parsed, so that messages are those that they would have been. */
export function parseDeferred(deferred: Deferred, log: DiagnosticLog): Definition {
  let definition = definitions.get(deferred)
  if (!definition) {
    definition = parseAlone(deferred) ?? parseWithFile(deferred, log)
    definitions.set(deferred, definition)
  }
  return definition
}

/** Undefined when anything is wrong with it. */
export function parseAlone(deferred: Deferred): Definition | undefined {
  const [only, ...others] = parsePiece(deferred.span) ?? []
  const isSound = only?.kind === 'definition' && only.name === deferred.name && others.length === 0
  return isSound ? only : undefined
}

function parseWithFile({ span: { file, start } }: Deferred, log: DiagnosticLog): Definition {
  const { statements }: Program = parseSource(file, log)
  log.stopIfFailed()
  const found = statements.find(s => s.kind === 'definition' && s.span.start === start)
  if (found?.kind !== 'definition') throw new Error(`internal error: no definition at ${file.name} ${start}`)
  return found
}

/** Undefined when anything is wrong with it. */
function parsePiece({ file, start, end }: Span): readonly Statement[] | undefined {
  const log = new DiagnosticLog()
  const { statements } = parse(lex(file, log, { start, end }), log)
  return log.diagnostics.length === 0 ? statements : undefined
}

/** Comments and strings, in which nothing counts; brackets; ends; and the beginnings of what does not end. */
const MARKS = /\/\/[^\n]*|\/\*[\s\S]*?\*\/|"[^"]*"|[()[\]{};]|"|\/\*|<mdoc>/g

/** Offsets just past each `;` between statements; undefined where the file is not plain enough to tell. */
function findEnds(text: string): number[] | undefined {
  const ends: number[] = []
  let depth = 0
  for (const { 0: mark, index } of text.matchAll(MARKS)) {
    if (mark === ';') {
      if (depth === 0) ends.push(index + 1)
    } else if (mark === '(' || mark === '[' || mark === '{') depth++
    else if (mark === ')' || mark === ']' || mark === '}') depth--
    else if (mark === '"' || mark === '/*' || mark === '<mdoc>') return undefined
    if (depth < 0) return undefined
  }
  return depth === 0 ? ends : undefined
}

const BLANKS = /(?:[ \t\r\n\uFEFF]+|\/\/[^\n]*|\/\*[\s\S]*?\*\/)*/y
/** `name =` or `name(…) =`, with plain parameters. */
const HEADER = /([A-Za-z]\w*)[ \t]*(?:\([^()"/;]*\)\s*)?=(?![=>])/y

/** Undefined where the file is not plain enough, or something is wrong with what is parsed at once. */
export function outlineStatements(file: SourceFile): (Statement | Deferred)[] | undefined {
  const { text } = file
  const ends = findEnds(text)
  if (!ends) return undefined
  const statements: (Statement | Deferred)[] = []
  // Where statements begin that are parsed at once, together.
  let pending: number | undefined
  let from = 0
  const parsePending = (end: number) => {
    const parsed = pending === undefined ? [] : parsePiece(span(file, pending, end))
    pending = undefined
    statements.push(...(parsed ?? []))
    return parsed !== undefined
  }
  for (const end of ends) {
    const start = skipBlanks(text, from)
    HEADER.lastIndex = start
    const name = HEADER.exec(text)?.[1]
    if (name === undefined || WORDS.has(name)) pending ??= start
    else {
      if (!parsePending(from)) return undefined
      const nameSpan = span(file, start, start + name.length)
      statements.push({ kind: 'deferred', span: span(file, start, end), name, nameSpan })
    }
    from = end
  }
  return parsePending(from) && skipBlanks(text, from) === text.length ? statements : undefined
}

function skipBlanks(text: string, from: number): number {
  BLANKS.lastIndex = from
  BLANKS.exec(text)
  return BLANKS.lastIndex
}
