/**
 * Statements and blocks of them to layouts.
 *
 * Comes in: the tokens of a file or of a block in braces. Goes out: a document with a line for each statement, with
 * the comments and single empty lines between them. Apart from `format-layout` as `statements` is from `expressions`.
 */
import type { Token } from '../lexer/lex.ts'
import * as T from '../lexer/tokens.ts'
import type { Nest } from './constructs.ts'
import {
  concat,
  type Doc,
  group,
  hardline,
  indent,
  line,
  nothing,
  softline,
  space,
  text,
} from './format-doc.ts'
import { betweenStatements } from './format-gaps.ts'
import { gapBefore, inLine, type Layout, layOpening, layRow, spaced, type Tokens } from './format-layout.ts'
import type { Laid } from './format-row.ts'

/** The whole file, without a line break at its end. */
export function layProgram(layout: Layout, tokens: Tokens): Doc {
  const statements = splitStatements(tokens)
  const content = layStatements(layout, statements, { at: 'fileStart', first: nothing, others: hardline })
  const end = betweenStatements(layout.gaps.at(-1)!, nothing, statements.length > 0 ? 'inside' : 'fileStart')
  return concat([...content, end.before])
}

/** `word { statement; statement; }`; on one line if it fits and holds one statement, or is a substitution. */
export function layBlock(layout: Layout, { head, tokens }: Nest): Doc {
  const open = layOpening(layout, tokens.slice(0, head))
  const close = tokens.at(-1)!
  const statements = splitStatements(tokens.slice(head, -1))
  const substitution = close.tokenType === T.RightBracket
  const several = statements.length > 1 && !substitution ? hardline : undefined
  const separator = several ?? (substitution ? softline : line)
  const others = several ?? line
  const content = layStatements(layout, statements, { at: 'start', first: separator, others })
  const gap = layout.gaps[layout.index.get(close)!]!
  const end = betweenStatements(gap, nothing, statements.length > 0 ? 'inside' : 'start')
  const last = statements.length === 0 && !end.before.hard ? nothing : separator
  const remark = gap.comments.length > 0 ? hardline : last
  return group(open, indent(...content, end.before), remark, text(close.image))
}

function splitStatements(tokens: Tokens): Tokens[] {
  const statements: Token[][] = []
  let current: Token[] = []
  for (const token of tokens) {
    current.push(token)
    const alone = current.length === 1 && (token.tokenType === T.Where || token.tokenType === T.Documentation)
    if (!alone && token.tokenType !== T.Semicolon) continue
    statements.push(current)
    current = []
  }
  return statements
}

interface Separators {
  readonly at: 'fileStart' | 'start'
  readonly first: Doc
  readonly others: Doc
}

function layStatements(layout: Layout, statements: readonly Tokens[], separators: Separators): Doc[] {
  return statements.flatMap((tokens, i) => {
    const gap = layout.gaps[layout.index.get(tokens[0]!)!]!
    const separator = i === 0 ? separators.first : separators.others
    const { before, after } = betweenStatements(gap, separator, i === 0 ? separators.at : 'inside')
    return [before, after, layStatement(layout, tokens)]
  })
}

function layStatement(layout: Layout, tokens: Tokens): Doc {
  const semicolon = tokens.at(-1)!
  if (semicolon.tokenType !== T.Semicolon) return inLine(layout, tokens)
  const end = spaced(layout, semicolon, nothing)
  const at = tokens.findIndex(t => t.tokenType === T.Equals || t.tokenType === T.DoubleArrow)
  if (at < 0) return concat([inLine(layout, tokens.slice(0, -1)), end])
  const body = tokens.slice(at + 1, -1)
  const head = concat([inLine(layout, tokens.slice(0, at)), spaced(layout, tokens[at]!, space)])
  return group(placeBody(layout, head, body[0]!, layRow(layout, body)), end)
}

/** What is no row of operators opens its brackets behind the `=`; blocks stand below it. */
function placeBody(layout: Layout, head: Doc, first: Token, laid: Laid): Doc {
  if (laid.kind === 'blocks') {
    const base = placeBody(layout, head, first, laid.base)
    return concat([base, ...laid.blocks])
  }
  const commented = layout.gaps[layout.index.get(first)!]!.comments.length > 0
  const hugs = laid.kind === 'operand' && !commented
  const { before, after } = gapBefore(layout, first, hugs ? space : line)
  return hugs ? concat([head, after, laid.doc]) : group(head, indent(before, after, laid.doc))
}
