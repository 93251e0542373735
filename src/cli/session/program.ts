/**
 * The program of a session: pieces that replace each other by name, and the text that is compiled.
 *
 * Comes in: text that was typed or loaded, with its place. Goes out: pieces; and from pieces the whole program with
 * a map back, so that diagnostics show the line that the user wrote and not one of the composed text.
 */
import { attempt, type Diagnostic, type Location } from '../../diagnostics.ts'
import type { Statement } from '../../parser/ast.ts'
import { parseSource } from '../../parser/parse.ts'
import { assertNever, SourceFile } from '../../source.ts'
import type { Composed, ComposedPart, Piece, Session } from './types.ts'

/** How diagnostics call what was typed. */
export const TYPED = 'session'

/** Composed texts are never shown under this name: places in them are mapped back. */
const COMPOSED = 'composed session'

/** A stretch of text that was written somewhere. */
export interface Written {
  readonly origin: string
  readonly offset: number
  readonly text: string
}

export type Parsed =
  | { readonly ok: true; readonly pieces: readonly Piece[] }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[]; readonly source: Composed }

/** Statements as pieces. A `;` that is missing at the end is put there. */
export function parsePieces(written: Written): Parsed {
  const { origin, offset, text } = written
  const tail = /;\s*$/.test(withoutComments(text)) ? '' : '\n;'
  const part = { start: 0, end: text.length, origin, offset }
  const source: Composed = { name: COMPOSED, text: text + tail, parts: [part] }
  const { value, diagnostics } = attempt(log => parseSource(new SourceFile(COMPOSED, source.text), log))
  if (!value) return { ok: false, diagnostics, source }
  const pieces: Piece[] = []
  let from = 0
  for (const statement of value.statements) {
    const to = Math.min(endOfStatement(source.text, statement.span.end), text.length)
    const start = from + /^\s*/.exec(text.slice(from, to))![0].length
    const piece = pieceOf(statement, {
      origin,
      offset: offset + start,
      text: text.slice(start, to).trimEnd(),
    })
    const open = tail !== '' && statement === value.statements.at(-1)
    if (piece) pieces.push(open ? { ...piece, tail } : piece)
    from = to
  }
  return { ok: true, pieces }
}

/** Only to see how a text ends; strings keep their length. */
function withoutComments(text: string): string {
  return text.replace(/"[^"]*"|\/\/[^\n]*|\/\*[\s\S]*?\*\//g, found => (found.startsWith('"') ? found : ' '))
}

/** Past the `;` and a comment on the same line. */
function endOfStatement(text: string, end: number): number {
  const rest = /^[^\S\n]*;?([^\S\n]*\/\/[^\n]*)?/.exec(text.slice(end))
  return end + (rest?.[0].length ?? 0)
}

function pieceOf(statement: Statement, { origin, offset, text }: Written): Piece | undefined {
  const place = { origin, offset, text, head: '', tail: '' }
  switch (statement.kind) {
    case 'definition':
      return { kind: 'definition', key: statement.name, ...place }
    case 'import':
      return { kind: 'import', key: statement.file, ...place }
    case 'declare':
      return { kind: 'declare', key: `${statement.target ?? ''} ${statement.key}`, ...place }
    case 'documentation':
      return undefined
    default:
      return assertNever(statement)
  }
}

const sameThing = (a: Piece, b: Piece) => a.kind === b.kind && a.key === b.key

/** New pieces take the place of what they define anew; several of one name in one input are the rules of one. */
export function replacePieces(old: readonly Piece[], fresh: readonly Piece[]): Piece[] {
  return [...old.filter(piece => !fresh.some(other => sameThing(piece, other))), ...fresh]
}

/** An expression as the definition of `process`. */
export function processPiece({ origin, offset, text }: Written): Piece {
  return { kind: 'definition', key: 'process', origin, offset, text, head: 'process = ', tail: '\n;' }
}

export function compose(name: string, pieces: readonly Piece[]): Composed {
  let text = ''
  const parts: ComposedPart[] = []
  for (const piece of pieces) {
    text += piece.head
    const start = text.length
    text += piece.text
    parts.push({ start, end: text.length, origin: piece.origin, offset: piece.offset })
    text += `${piece.tail}\n`
  }
  return { name, text, parts }
}

/** The program as a file: what was typed, without what only the session needs. */
export function programText(pieces: readonly Piece[]): string {
  return pieces.map(({ head, text, tail }) => `${head}${text}${tail === '' ? '' : ';'}\n`).join('')
}

/** Moves places in the composed text to where they were written. */
export function mapDiagnostics(
  diagnostics: readonly Diagnostic[],
  source: Composed,
  session: Pick<Session, 'transcript' | 'files'>,
): Diagnostic[] {
  const files = new Map<string, SourceFile>()
  const fileOf = (origin: string) => {
    const known = files.get(origin) ?? new SourceFile(origin, textOf(origin, session) ?? '')
    files.set(origin, known)
    return known
  }
  const map = (location: Location): Location => {
    if (location.file !== source.name && location.file !== COMPOSED) return location
    const start = location.start.offset
    const part = source.parts.findLast(p => p.start <= start) ?? source.parts[0]
    if (!part) return location
    const file = fileOf(part.origin)
    const place = (at: number) => {
      return file.position(part.offset + Math.max(0, Math.min(at, part.end) - part.start))
    }
    return { file: part.origin, start: place(start), end: place(location.end.offset) }
  }
  return diagnostics.map(d => ({
    ...d,
    ...(d.span ? { span: map(d.span) } : {}),
    notes: d.notes.map(note => (note.span ? { ...note, span: map(note.span) } : note)),
  }))
}

/** What was written under a name of an origin. */
export function textOf(origin: string, session: Pick<Session, 'transcript' | 'files'>): string | undefined {
  return origin === TYPED ? session.transcript : session.files.get(origin)
}
