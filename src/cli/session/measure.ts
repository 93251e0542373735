/**
 * Programs that measure: an expression beside the program, or alone.
 *
 * Comes in: the pieces of a session and an expression. Goes out: the pieces to compile. The program stays written
 * as it was, around its own expression, so that its state keeps its names when the measurement comes and goes.
 */
import { DiagnosticLog } from '../../diagnostics.ts'
import { endOf, lex } from '../../lexer/lex.ts'
import * as T from '../../lexer/tokens.ts'
import { SourceFile } from '../../source.ts'
import { processPiece, replacePieces, TYPED } from './program.ts'
import type { Piece, Session } from './types.ts'

const definesProcess = (piece: Piece) => piece.kind === 'definition' && piece.key === 'process'

/** Where the expression stands in the last line that was typed. */
export function typedExpression(session: Session, expression: string) {
  const offset = session.transcript.lastIndexOf(expression)
  return { origin: TYPED, offset: Math.max(0, offset), text: expression }
}

/** The session with an expression for its program. */
export function aloneWith(session: Session, pieces: readonly Piece[], expression: string): Piece[] {
  return replacePieces(pieces, [processPiece(typedExpression(session, expression))])
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
): Piece[] {
  const own = pieces.filter(definesProcess)
  const others = pieces.filter(piece => !definesProcess(piece))
  if (own.length === 0) return aloneWith(session, pieces, expression)
  const { body, helpers } = bodyOfProcess(own)
  const tap = processPiece(typedExpression(session, expression))
  const { inputs, outputs } = arity
  const first = `par(i, ${inputs}, _)${outputs > inputs ? `, par(i, ${outputs - inputs}, !)` : ''}`
  const joint = inputs === 0 ? ',' : `<: par(i, ${outputs}, _), ((${first}) :`
  const before: Piece = { ...body, head: 'process = (', tail: `\n) ${joint}` }
  const after: Piece = { ...tap, head: '(', tail: `\n)${inputs === 0 ? '' : ')'};` }
  return [...others, ...helpers, before, after]
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
