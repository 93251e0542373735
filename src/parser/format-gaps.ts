/**
 * What stands between tokens: comments and empty lines.
 *
 * Comes in: a file and its tokens. Goes out: for the gap before each token, its comments and how they stand; and a
 * document that keeps them where they belong: at the end of the line of the token before, on lines of their own, or
 * before the token after. Apart from the layout because a comment can stand in any gap, and no layout should care.
 */
import { endOf, type Token } from '../lexer/lex.ts'
import * as T from '../lexer/tokens.ts'
import type { SourceFile } from '../source.ts'
import { concat, type Doc, hardline, line, nothing, softline, space, text } from './format-doc.ts'

export interface Comment {
  readonly text: string
  /** Ends with its line. */
  readonly toLineEnd: boolean
  /** Line breaks before it, from the token or comment before. */
  readonly breaks: number
}

export interface Gap {
  readonly comments: readonly Comment[]
  /** Line breaks after the last comment. */
  readonly breaks: number
}

/** One more gap than tokens: the last is before the end of the file. */
export function findGaps(file: SourceFile, tokens: readonly Token[]): Gap[] {
  const gaps: Gap[] = []
  let from = 0
  for (const token of tokens) {
    gaps.push(readGap(file.text.slice(from, token.startOffset)))
    from = endOf(token)
  }
  gaps.push(readGap(file.text.slice(from)))
  moveBehindPunctuation(gaps, tokens)
  return gaps
}

function readGap(content: string): Gap {
  const comments: Comment[] = []
  let breaks = 0
  for (const [piece] of content.matchAll(/\/\/[^\n]*|\/\*[\s\S]*?\*\/|\n/g)) {
    if (piece === '\n') breaks++
    else {
      comments.push({ text: piece.trimEnd(), toLineEnd: piece.startsWith('//'), breaks })
      breaks = 0
    }
  }
  return { comments, breaks }
}

/** `a // why` newline `, b` becomes `a, // why`: else the comma would stand alone on its line. */
function moveBehindPunctuation(gaps: Gap[], tokens: readonly Token[]): void {
  tokens.forEach((token, i) => {
    if (token.tokenType !== T.Comma && token.tokenType !== T.Semicolon) return
    const { comments } = gaps[i]!
    if (comments.length === 0 || ownLines(gaps[i]!) > 0) return
    const moved = comments.map((comment, k) => (k === 0 ? { ...comment, breaks: 0 } : comment))
    const [first, ...others] = gaps[i + 1]!.comments
    const after = moved.at(-1)!.toLineEnd
    const shifted = first && after ? { ...first, breaks: Math.max(1, first.breaks) } : first
    const breaks = first || !after ? gaps[i + 1]!.breaks : Math.max(1, gaps[i + 1]!.breaks)
    gaps[i] = { comments: [], breaks: 0 }
    gaps[i + 1] = { comments: [...moved, ...(shifted ? [shifted, ...others] : [])], breaks }
  })
}

/** How many comments lead to the last one that has the end of a line of its own to itself. */
function ownLines({ comments, breaks }: Gap): number {
  const first = comments.findIndex(comment => comment.breaks > 0)
  if (first < 0) return 0
  for (let i = comments.length - 1; i >= first; i--) {
    if ((comments[i + 1]?.breaks ?? breaks) > 0) return i + 1
  }
  return 0
}

export function commentDoc({ text: content, toLineEnd }: Comment): Doc {
  // Nobody breaks a line because its remark is long.
  if (toLineEnd) return text(content, 0)
  const [first, ...others] = content.split(/\r?\n/)
  if (others.length === 0 || !others.every(l => l.trimStart().startsWith('*'))) return text(content)
  return concat([text(first!), ...others.flatMap(l => [hardline, text(` ${l.trim()}`)])])
}

/** Comments of a gap around `separator`, which becomes a line break where they need one. */
export interface Between {
  /** Belongs to what stands before. */
  readonly before: Doc
  readonly after: Doc
}

/** Inside of expressions: empty lines are not kept. */
export function between(gap: Gap, separator: Doc): Between {
  const { comments } = gap
  if (comments.length === 0) return { before: nothing, after: separator }
  const own = ownLines(gap)
  const firstBreak = comments.findIndex(comment => comment.breaks > 0)
  const leads = firstBreak < 0 ? comments.length : Math.max(own, firstBreak)
  const before = comments
    .slice(0, leads)
    .flatMap(comment => [comment.breaks > 0 ? hardline : space, commentDoc(comment)])
  const after = comments.slice(leads).flatMap(comment => [commentDoc(comment), space])
  const mustBreak = own > 0 || comments[leads - 1]?.toLineEnd === true
  const blank = separator === nothing ? space : separator === softline ? line : separator
  return { before: concat(before), after: concat([mustBreak ? hardline : blank, ...after]) }
}

/** Between statements: one empty line is kept, more become one. `separator` is used where nothing breaks. */
export function betweenStatements(gap: Gap, separator: Doc, at: 'fileStart' | 'start' | 'inside'): Between {
  const newLines = (breaks: number, first: boolean) =>
    breaks > 1 && !first ? [hardline, hardline] : [hardline]
  const before = gap.comments.flatMap((comment, i): Doc[] => {
    const first = i === 0 && at !== 'inside'
    if (first && at === 'fileStart') return [commentDoc(comment)]
    return [...(comment.breaks === 0 ? [space] : newLines(comment.breaks, first)), commentDoc(comment)]
  })
  const last = gap.comments.at(-1)
  if (!last)
    return {
      before: nothing,
      after: concat(gap.breaks > 1 && at === 'inside' ? newLines(2, false) : [separator]),
    }
  const leads = at === 'fileStart' || gap.comments.some(comment => comment.breaks > 0)
  const sameLine = leads ? space : separator
  const breaks = gap.breaks > 0 || last.toLineEnd
  return { before: concat(before), after: concat(breaks ? newLines(gap.breaks, false) : [sameLine]) }
}
