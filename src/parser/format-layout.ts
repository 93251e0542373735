/**
 * Expressions and brackets to layouts.
 *
 * Comes in: the tokens of one construct from `nest`, and the gaps between tokens. Goes out: a document. Works on
 * tokens, not on the AST, because parentheses, numbers and comments stay as they were written; every token is placed
 * exactly once, by the construct that holds it directly.
 */
import { tokenMatcher } from 'chevrotain'
import type { Token } from '../lexer/lex.ts'
import * as T from '../lexer/tokens.ts'
import * as C from './constructs.ts'
import { concat, type Doc, group, indent, line, nothing, softline, space, text } from './format-doc.ts'
import { type Between, between, type Gap } from './format-gaps.ts'
import { type Laid, type Link, laidDoc, listDoc, type Operator, Row } from './format-row.ts'
import { INFIX_OPERATORS } from './operators.ts'

/** What is known of the tokens: of plain ones from the start, of constructs once they are laid out. */
export interface Layout {
  readonly gaps: readonly Gap[]
  /** Number of a token, or of the first one of a construct. */
  readonly index: Map<Token, number>
  readonly docs: Map<Token, Doc>
}

export type Tokens = readonly Token[]

function docOf(layout: Layout, token: Token): Doc {
  return layout.docs.get(token) ?? text(token.image)
}

/** The gap before a token. */
export function gapBefore(layout: Layout, token: Token, separator: Doc): Between {
  return between(layout.gaps[layout.index.get(token)!]!, separator)
}

/** A token with the gap before it. */
export function spaced(layout: Layout, token: Token, separator: Doc): Doc {
  const { before, after } = gapBefore(layout, token, separator)
  return concat([before, after, docOf(layout, token)])
}

const GLUED: ReadonlySet<unknown> = new Set([
  T.Prime,
  T.Dot,
  T.LeftParen,
  C.Arguments,
  C.Substitution,
  C.TypeList,
])
const GLUING: ReadonlySet<unknown> = new Set([T.Plus, T.Minus, T.Dot, T.Prime, C.Parameters])

/** Between the tokens of an operand. A dot after digits would become part of the number. */
function separatorBetween(previous: Token, token: Token): Doc {
  const number = previous.tokenType === T.Int || previous.tokenType === T.Float
  if (number && token.tokenType === T.Dot) return space
  return GLUED.has(token.tokenType) || GLUING.has(previous.tokenType) ? nothing : space
}

/** Tokens one after the other on a line; the gap before the first is not included. */
export function inLine(layout: Layout, tokens: Tokens): Doc {
  const parts = tokens.map((token, i) =>
    i === 0 ? docOf(layout, token) : spaced(layout, token, separatorBetween(tokens[i - 1]!, token)),
  )
  return concat(parts)
}

const isBlock = (token: Token) => token.tokenType === C.WithBlock || token.tokenType === C.LetrecBlock

function isInfix(token: Token, afterOperand: boolean): boolean {
  if (token.tokenType === T.Comma || tokenMatcher(token, T.Joint)) return true
  return afterOperand && tokenMatcher(token, T.Infix)
}

/** An expression; the gap before its first token is not included. */
export function layRow(layout: Layout, tokens: Tokens): Laid {
  const row = new Row()
  let operand: Token[] = []
  const flush = () => {
    if (operand.length > 0) row.pushOperand(inLine(layout, operand))
    operand = []
  }
  tokens.forEach((token, i) => {
    const afterBlock = i > 0 && isBlock(tokens[i - 1]!)
    if (isBlock(token)) {
      flush()
      row.pushBlock(spaced(layout, token, line))
    } else if (isInfix(token, operand.length > 0 || afterBlock)) {
      flush()
      row.pushOperator(layOperator(layout, token, tokens[i + 1]!))
    } else operand.push(token)
  })
  flush()
  return row.finish()
}

/** `|` between the names of a foreign function binds tighter than the blanks beside it; nothing else is there. */
const LOWEST = 0

/** Commas end lines, other operators begin them. */
function layOperator(layout: Layout, token: Token, operand: Token): Operator {
  const precedence = INFIX_OPERATORS.get(token.image)?.precedence ?? LOWEST
  if (token.tokenType === T.Comma) return { precedence, place: commaPlace(layout, token, operand, line) }
  const sign = gapBefore(layout, token, line)
  const gap = gapBefore(layout, operand, space)
  const place = (doc: Doc): Link => ({
    before: sign.before,
    link: concat([sign.after, text(token.image), gap.before, gap.after, doc]),
  })
  return { precedence, place }
}

function commaPlace(layout: Layout, comma: Token, operand: Token, separator: Doc) {
  const end = gapBefore(layout, comma, nothing)
  const next = gapBefore(layout, operand, separator)
  return (doc: Doc): Link => ({
    before: concat([end.before, end.after, text(','), next.before]),
    link: concat([next.after, doc]),
  })
}

/** How many arguments stand before one that may hold commas itself. */
const LEADING: Readonly<Partial<Record<C.Role, number>>> = {
  parenthesised: 0,
  count: 0,
  group: 1,
  iteration: 2,
  route: 2,
}
/** Their leading arguments stay on the first line. */
const HUGGING: ReadonlySet<C.Role> = new Set<C.Role>(['group', 'iteration', 'route'])

/** `word(item, item)` */
export function layBrackets(layout: Layout, { role, head, tokens }: C.Nest): Doc {
  const open = layOpening(layout, tokens.slice(0, head))
  const close = tokens.at(-1)!
  const content = tokens.slice(head, -1)
  if (content.length === 0) return concat([open, spaced(layout, close, nothing)])
  if (role === 'modulation') return enclose(layout, open, content[0]!, layModulation(layout, content), close)
  const { items, commas } = splitItems(content, LEADING[role] ?? content.length)
  const rows = items.map(item => laidDoc(layRow(layout, item)))
  const links = commas.map((comma, i): Link => {
    const hugs = HUGGING.has(role) && i < commas.length - 1
    return commaPlace(layout, comma, items[i + 1]![0]!, hugs ? space : line)(rows[i + 1]!)
  })
  if (!HUGGING.has(role)) return enclose(layout, open, content[0]!, listDoc(rows[0]!, links), close)
  const first = gapBefore(layout, content[0]!, nothing)
  const inner = [first.before, first.after, rows[0]!, ...links.flatMap(l => [l.before, l.link])]
  return closed(layout, open, inner, close, softline)
}

export function layOpening(layout: Layout, tokens: Tokens): Doc {
  const [first, bracket] = tokens
  if (!bracket) return docOf(layout, first!)
  const separator = bracket.tokenType === T.LeftBrace ? space : nothing
  return concat([docOf(layout, first!), spaced(layout, bracket, separator)])
}

function enclose(layout: Layout, open: Doc, first: Token, content: Doc, close: Token): Doc {
  const separator = close.tokenType === T.RightBrace ? line : softline
  const { before, after } = gapBefore(layout, first, separator)
  return closed(layout, open, [before, after, content], close, separator)
}

function closed(layout: Layout, open: Doc, inner: readonly Doc[], close: Token, separator: Doc): Doc {
  const { before, after } = gapBefore(layout, close, separator)
  return group(open, indent(...inner, before), after, text(close.image))
}

function splitItems(tokens: Tokens, most: number): { items: Tokens[]; commas: Token[] } {
  const items: Token[][] = [[]]
  const commas: Token[] = []
  for (const token of tokens) {
    if (token.tokenType === T.Comma && commas.length < most) {
      commas.push(token)
      items.push([])
    } else items.at(-1)!.push(token)
  }
  return { items, commas }
}

/** `"label": circuit, "label" -> body` */
function layModulation(layout: Layout, tokens: Tokens): Doc {
  const at = tokens.findIndex(token => token.tokenType === T.Arrow)
  const { items, commas } = splitItems(tokens.slice(0, at), at)
  const rows = items.map(item => layTarget(layout, item))
  const links = commas.map((comma, i) => commaPlace(layout, comma, items[i + 1]![0]!, line)(rows[i + 1]!))
  const body = tokens.slice(at + 1)
  const gap = gapBefore(layout, body[0]!, space)
  const bodyDoc = [gap.before, gap.after, laidDoc(layRow(layout, body))]
  return concat([listDoc(rows[0]!, links), spaced(layout, tokens[at]!, line), ...bodyDoc])
}

function layTarget(layout: Layout, [label, colon, ...circuit]: Tokens): Doc {
  if (!colon) return docOf(layout, label!)
  const gap = gapBefore(layout, circuit[0]!, space)
  const row = laidDoc(layRow(layout, circuit))
  return concat([docOf(layout, label!), spaced(layout, colon, nothing), gap.before, gap.after, row])
}
