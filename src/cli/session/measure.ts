/**
 * Programs that measure: an expression beside the program, or alone.
 *
 * Comes in: the pieces of a session and an expression. Goes out: the text to compile. The program stays written
 * as it was, around its own expression, so that its state keeps its names when the measurement comes and goes.
 */
import { DiagnosticLog } from '../../diagnostics.ts'
import { endOf, lex } from '../../lexer/lex.ts'
import * as T from '../../lexer/tokens.ts'
import { SourceFile } from '../../source.ts'
import { compose, processPiece, replacePieces, TYPED } from './program.ts'
import type { Composed, Piece, Session } from './types.ts'

const definesProcess = (piece: Piece) => piece.kind === 'definition' && piece.key === 'process'

/** Where the expression stands in the last line that was typed. */
export function typedExpression(session: Session, expression: string) {
  const offset = session.transcript.lastIndexOf(expression)
  return { origin: TYPED, offset: Math.max(0, offset), text: expression }
}

/**
 * An expression as the whole program. One that speaks of `process` stands beside it under another name.
 */
export function aloneWith(session: Session, pieces: readonly Piece[], expression: string): Composed {
  const piece = processPiece(typedExpression(session, expression))
  if (!mentionsProcess(expression)) return compose(session.name, replacePieces(pieces, [piece]))
  const beside: Piece = { ...piece, key: BESIDE, head: `${BESIDE} = ` }
  return { ...compose(session.name, [...pieces, beside]), entry: BESIDE }
}

const BESIDE = 'measured'

export function mentionsProcess(expression: string): boolean {
  const { tokens } = lex(new SourceFile(TYPED, expression), new DiagnosticLog())
  return tokens.some(token => token.image === 'process')
}

/**
 * The program with the outputs of an expression after its own. What has inputs listens to the program: its first
 * outputs go there. `inputs` are those of the expression, `outputs` those of the program.
 */
export function besides(
  session: Session,
  pieces: readonly Piece[],
  expression: string,
  arity: { readonly inputs: number; readonly outputs: number },
): Composed {
  const own = pieces.filter(definesProcess)
  const others = pieces.filter(piece => !definesProcess(piece))
  const isApart = mentionsProcess(expression)
  const { body, helpers } = isApart
    ? { body: { ...own[0]!, offset: 0, text: 'process' }, helpers: own }
    : bodyOfProcess(own)
  const tap = processPiece(typedExpression(session, expression))
  const { inputs, outputs } = arity
  const first = `par(i, ${inputs}, _)${outputs > inputs ? `, par(i, ${outputs - inputs}, !)` : ''}`
  const joint = inputs === 0 ? ',' : `<: par(i, ${outputs}, _), ((${first}) :`
  const before: Piece = { ...body, head: `${isApart ? BESIDE : 'process'} = (`, tail: `\n) ${joint}` }
  const after: Piece = { ...tap, head: '(', tail: `\n)${inputs === 0 ? '' : ')'};` }
  const source = compose(session.name, [...others, ...helpers, before, after])
  return isApart ? { ...source, entry: BESIDE } : source
}

/** The expression of `process = …;`. A process with parameters or rules becomes a definition of its own. */
function bodyOfProcess(own: readonly Piece[]): { body: Piece; helpers: Piece[] } {
  const only = own.length === 1 ? own[0] : undefined
  const body = only && expressionOf(only)
  if (body) return { body, helpers: [] }
  const helpers = own.map(renameProcess)
  return { body: { ...own[0]!, text: 'whole_process' }, helpers }
}

function tokensOf(piece: Piece) {
  return lex(new SourceFile(TYPED, piece.text), new DiagnosticLog()).tokens
}

function expressionOf(piece: Piece): Piece | undefined {
  if (piece.head !== '') return piece
  const [name, equals, ...rest] = tokensOf(piece)
  if (name?.image !== 'process' || equals?.tokenType !== T.Equals) return undefined
  const last = rest.at(-1)
  const end = last?.tokenType === T.Semicolon ? last.startOffset : piece.text.length
  const start = endOf(equals)
  return { ...piece, offset: piece.offset + start, text: piece.text.slice(start, end) }
}

function renameProcess(piece: Piece): Piece {
  const name = tokensOf(piece).find(token => token.image === 'process')
  const start = name ? endOf(name) : 0
  const head = `${piece.head}${piece.text.slice(0, name?.startOffset ?? 0)}whole_process`
  return { ...piece, head, offset: piece.offset + start, text: piece.text.slice(start) }
}

export function hasProcess(pieces: readonly Piece[]): boolean {
  return pieces.some(definesProcess)
}
