/**
 * What a user typed: whole or not, and which of it are statements, which an expression.
 *
 * Comes in: the text typed so far. Goes out: its kind and its parts by offset. Apart from the parser, which wants
 * whole programs: here the question is whether to wait for more.
 */
import { DiagnosticLog } from '../../diagnostics.ts'
import { endOf, lex, type Token } from '../../lexer/lex.ts'
import * as T from '../../lexer/tokens.ts'
import { SourceFile } from '../../source.ts'

/** A stretch of the text, without the `;` at its end. */
export interface Stretch {
  readonly start: number
  readonly end: number
}

export type Input =
  | { readonly kind: 'empty' }
  /** A bracket, a comment or a string is open, a `;` is missing, or an operator waits for its right side. */
  | { readonly kind: 'open' }
  | {
      readonly kind: 'whole'
      readonly statements: Stretch | undefined
      readonly expression: Stretch | undefined
    }

const OPENING = new Set([T.LeftParen, T.LeftBracket, T.LeftBrace])
const CLOSING = new Set([T.RightParen, T.RightBracket, T.RightBrace])

/** `final`: nothing more will come, so a missing `;` is forgiven. */
export function readInput(text: string, final = false): Input {
  const { tokens } = lex(new SourceFile('session', text), new DiagnosticLog())
  if (tokens.length === 0) return { kind: 'empty' }
  if (!final && isOpen(tokens)) return { kind: 'open' }
  const segments = splitStatements(tokens)
  const last = segments.at(-1)!
  const isStatement = looksLikeStatement(last)
  if (!final && isStatement && tokens.at(-1)!.tokenType !== T.Semicolon) return { kind: 'open' }
  if (isStatement) return { kind: 'whole', statements: { start: 0, end: text.length }, expression: undefined }
  const start = last[0]?.startOffset ?? text.length
  const end = last.length > 0 ? endOf(last.at(-1)!) : start
  const before = segments.length > 1 ? { start: 0, end: start } : undefined
  return { kind: 'whole', statements: before, expression: { start, end } }
}

function isOpen(tokens: readonly Token[]): boolean {
  const open: Token[] = []
  for (const token of tokens) {
    if (OPENING.has(token.tokenType)) open.push(token)
    if (CLOSING.has(token.tokenType)) open.pop()
    // Only in braces are there statements: here a bracket was forgotten, and more lines do not mend it.
    const inside = open.at(-1)
    if (token.tokenType === T.Semicolon && inside && inside.tokenType !== T.LeftBrace) return false
  }
  const last = tokens.at(-1)!
  const unclosed = last.tokenType === T.Unknown && /^("|\/\*|<mdoc>)/.test(last.image)
  return open.length > 0 || unclosed || waitsForMore(tokens)
}

/** After `:`, `,` or `=` something must follow. After `+` it need not: `_,_ : +` is whole. */
function waitsForMore(tokens: readonly Token[]): boolean {
  const { tokenType } = tokens.at(-1)!
  return tokenType === T.Equals || (tokenType.CATEGORIES?.includes(T.Joint) ?? false)
}

/** Statements end at a `;` outside of all brackets. */
function splitStatements(tokens: readonly Token[]): Token[][] {
  const segments: Token[][] = []
  let depth = 0
  let current: Token[] = []
  for (const token of tokens) {
    if (OPENING.has(token.tokenType)) depth++
    if (CLOSING.has(token.tokenType)) depth--
    if (token.tokenType === T.Semicolon && depth <= 0) {
      segments.push(current)
      current = []
    } else current.push(token)
  }
  if (current.length > 0) segments.push(current)
  return segments
}

function looksLikeStatement(tokens: readonly Token[]): boolean {
  const first = tokens[0]?.tokenType
  if (first === T.Import || first === T.Declare || first === T.Variant || first === T.Documentation)
    return true
  let depth = 0
  for (const { tokenType } of tokens) {
    if (OPENING.has(tokenType)) depth++
    if (CLOSING.has(tokenType)) depth--
    if (tokenType === T.Equals && depth === 0) return true
  }
  return false
}
