/**
 * Characters to shapes: words, numbers, symbols, blanks.
 *
 * Comes in: text. Goes out: raw tokens, of which `lex` makes those of the language. In place of Chevrotain's lexer, which
 * takes several milliseconds of each new process to find out from the patterns what is said here in a table; a test
 * compares the two.
 */
import { type CustomPatternMatcherFunc, type IToken, Lexer, type TokenType } from 'chevrotain'
import * as T from './tokens.ts'

/** What the text of each kind begins with: the pattern is tried only there. */
const STARTS: ReadonlyMap<TokenType, RegExp> = new Map([
  [T.Blank, /[ \t\r\n\uFEFF]/],
  [T.Comment, /\//],
  [T.OpenComment, /\//],
  [T.Word, /[:_A-Za-z]/],
  [T.Float, /[.\d]/],
  [T.Int, /\d/],
  [T.Text, /"/],
  [T.OpenText, /"/],
  [T.FileString, /</],
  [T.Documentation, /</],
  [T.OpenDocumentation, /</],
  [T.SymbolText, /[!-~]/],
  [T.Unknown, /[\0-\uFFFF]/],
])

interface Shape {
  readonly type: TokenType
  readonly start: RegExp
  readonly isSkipped: boolean
  /** Sticky; or finds it by what stands before. */
  readonly pattern: RegExp | CustomPatternMatcherFunc
}

const SHAPES: readonly Shape[] = T.LEXED.map(type => ({
  type,
  start: STARTS.get(type)!,
  isSkipped: type.GROUP === Lexer.SKIPPED,
  pattern: type.PATTERN instanceof RegExp ? new RegExp(type.PATTERN, 'y') : findFunction(type),
}))

function findFunction({ PATTERN }: TokenType): CustomPatternMatcherFunc {
  if (typeof PATTERN !== 'function') throw new Error('a pattern is an expression or a function')
  return PATTERN
}

/** Of all characters past ASCII only this one begins something else than what is unknown. */
const BYTE_ORDER_MARK = 0xfeff
const PAST_ASCII = 0x80

/** By the first character; made when it is met. */
const shapesOf: (readonly Shape[])[] = []

function shapesFrom(code: number): readonly Shape[] {
  const isAscii = code < PAST_ASCII
  const first = String.fromCharCode(isAscii ? code : BYTE_ORDER_MARK)
  return (shapesOf[isAscii ? code : PAST_ASCII] ??= SHAPES.filter(({ start }) => start.test(first)))
}

/** The end of the text that has this shape; -1: it has another. */
function endOfShape({ pattern }: Shape, text: string, at: number, before: IToken[]): number {
  if (typeof pattern === 'function') {
    const match = pattern(text, at, before, {})
    return match ? at + match[0].length : -1
  }
  pattern.lastIndex = at
  return pattern.test(text) ? pattern.lastIndex : -1
}

/** All of the text: what is nothing else is `Unknown`. */
export function scan(text: string): IToken[] {
  const tokens: IToken[] = []
  for (let at = 0; at < text.length; ) {
    const code = text.charCodeAt(at)
    const shapes = shapesOf[code] ?? shapesFrom(code)
    let end = -1
    let next = 0
    while (end < 0) end = endOfShape(shapes[next++]!, text, at, tokens)
    const { type, isSkipped } = shapes[next - 1]!
    if (!isSkipped) {
      tokens.push({
        image: text.slice(at, end),
        startOffset: at,
        tokenTypeIdx: type.tokenTypeIdx!,
        tokenType: type,
      })
    }
    at = end
  }
  return tokens
}
