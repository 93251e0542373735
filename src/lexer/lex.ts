/**
 * Characters to tokens.
 *
 * Comes in: a source file. Goes out: its tokens with offsets, comments and blanks left out; what is no token is
 * reported and stands in the stream as `Unknown`, so that the parser knows not to complain there again.
 * A stage of its own because it is the only one that looks at characters.
 */
import type { IToken, TokenType } from 'chevrotain'
import type { DiagnosticLog, Label } from '../diagnostics.ts'
import { type SourceFile, type Span, span } from '../source.ts'
import { scan } from './scan.ts'
import * as T from './tokens.ts'

export type Token = IToken

export interface Tokens {
  readonly file: SourceFile
  readonly tokens: readonly Token[]
}

/** More characters without meaning than this, and the file is no program. */
const MAX_UNKNOWN = 20

/** Offset just past a token. */
export function endOf(token: Token): number {
  return token.endOffset === undefined ? token.startOffset + token.image.length : token.endOffset + 1
}

/** `range`: only this part of the text, which must not begin or end inside a token. */
export function lex(file: SourceFile, log: DiagnosticLog, range?: { start: number; end: number }): Tokens {
  if (file.text.includes('\0')) {
    log.report('notText', span(file, file.text.indexOf('\0'), file.text.indexOf('\0') + 1), {})
    return { file, tokens: [] }
  }
  const found = scan(range ? file.text.slice(range.start, range.end) : file.text)
  const tokens: Token[] = []
  if (range) for (const token of found) move(token, range.start)
  for (const token of found) addToken(tokens, token)
  const problems = tokens.filter(t => t.tokenType === T.Unknown)
  const strange = problems.filter(t => !/^[\x21-\x7E]/.test(t.image))
  if (strange.length > MAX_UNKNOWN) {
    const first = strange[0]!
    log.report('notText', span(file, first.startOffset, endOf(first)), {})
    return { file, tokens: [] }
  }
  for (const token of problems) reportUnknown(file, token, tokens, log)
  return { file, tokens }
}

function move(token: Token, by: number): void {
  token.startOffset += by
  if (token.endOffset !== undefined) token.endOffset += by
}

/** Looks words and symbols up, and joins what belongs together: runs of unknown characters, `1E5`. */
function addToken(tokens: Token[], token: Token): void {
  const type = token.tokenType
  if (type === T.Word) retype(token, T.WORDS.get(token.image) ?? T.Identifier)
  else if (type === T.SymbolText) retype(token, T.SYMBOLS.get(token.image)!)
  else if (type === T.OpenText || type === T.OpenComment || type === T.OpenDocumentation)
    retype(token, T.Unknown)
  const last = tokens.at(-1)
  if (last && endOf(last) === token.startOffset && belongTogether(last, token)) {
    last.image += token.image
    retype(last, T.Unknown)
  } else {
    if (type === T.Text) claimNode(tokens)
    tokens.push(token)
  }
}

/** `node("` begins the call of a library node: no name can stand before a text. */
function claimNode(tokens: readonly Token[]): void {
  const [before, word, bracket] = [tokens.at(-3), tokens.at(-2), tokens.at(-1)]
  if (bracket?.tokenType !== T.LeftParen || word?.image !== 'node' || before?.tokenType === T.Dot) return
  retype(word, T.NodeWord)
}

function belongTogether(last: Token, token: Token): boolean {
  const number = last.tokenType === T.Int || last.tokenType === T.Float
  if (number || (last.tokenType === T.Unknown && isNumberLike(last.image)))
    return token.tokenType === T.Identifier || (!number && continuesNumber(last.image, token))
  return last.tokenType === T.Unknown && token.tokenType === T.Unknown && !/^["/<]/.test(token.image)
}

const isNumberLike = (image: string) => /^\.?\d/.test(image)

/** `1E+5`: the sign and digits after a wrong exponent letter. */
function continuesNumber(image: string, token: Token): boolean {
  if (token.tokenType === T.Plus || token.tokenType === T.Minus) return /\d[eE]$/.test(image)
  return token.tokenType === T.Int && /[eE][+-]$/.test(image)
}

function retype(token: Token, type: TokenType): void {
  token.tokenType = type
  token.tokenTypeIdx = type.tokenTypeIdx!
}

function reportUnknown(file: SourceFile, token: Token, tokens: readonly Token[], log: DiagnosticLog): void {
  const { image, startOffset } = token
  const at = (length: number): Span => span(file, startOffset, startOffset + length)
  if (image.startsWith('"'))
    log.report('unterminatedString', at(image.length), {}, suspects(file, token, tokens))
  else if (image.startsWith('/*')) log.report('unterminatedComment', at(2), {})
  else if (image.startsWith('<mdoc>')) log.report('unterminatedDocumentation', at(6), {})
  else if (image === '&&' || image === '||')
    log.report(
      'logicalOperator',
      at(2),
      { operator: image },
      [],
      `combine comparisons with \`${image[0]}\`: (a > 1) ${image[0]} (b > 1)`,
    )
  else if (isNumberLike(image))
    log.report('malformedNumber', at(image.length), { text: image }, [], numberHelp(image))
  else log.report('unknownCharacter', at(image.length), { text: image }, [], characterHelp(image))
}

/** A string over several lines before an unterminated one has probably lost its own closing quote. */
function suspects(file: SourceFile, token: Token, tokens: readonly Token[]): Label[] {
  const before = tokens.slice(0, tokens.indexOf(token))
  const long = before.findLast(t => t.tokenType === T.Text && t.image.includes('\n'))
  if (!long) return []
  const message = 'this string runs over several lines: is its closing quote missing?'
  return [{ message, span: span(file, long.startOffset, long.startOffset + 1) }]
}

function numberHelp(image: string): string {
  if (/^[\d.]+E[+-]?\d+f?$/.test(image))
    return `write \`${image.replace('E', 'e')}\`: the exponent letter is a small e`
  if (/^0[xX]/.test(image)) return 'there are no hexadecimal numbers; write it in decimal'
  return 'put a space or an operator between the number and the name'
}

function characterHelp(image: string): string | undefined {
  if (/[\u201C\u201D\u201E\u00AB\u00BB]/.test(image)) return 'strings use the straight double quote `"`'
  if (/[\u2018\u2019]/.test(image)) return "one sample of delay is the straight quote `'`"
  if (/[\u00A0\u2000-\u200B\u3000]/.test(image)) return 'this is a special blank; replace it by a plain space'
  if (/[\u2212\u2013\u2014]/.test(image)) return 'minus is the plain `-`'
  if (/\p{L}/u.test(image)) return 'names use only A–Z, a–z, 0–9 and `_`'
  if (image === '?') return 'to choose, write `select2(condition, ifZero, ifNotZero)`'
  if (image === '#') return 'comments are `// …` or `/* … */`'
  return undefined
}
