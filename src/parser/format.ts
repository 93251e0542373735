/**
 * The formatter: program text in its usual form.
 *
 * Comes in: a source file. Goes out: the same tokens and comments with other blanks and line breaks; nothing, when
 * the file has syntax errors. The layout of each construct is in `format-layout` and `format-statements`.
 */
import { DiagnosticLog } from '../diagnostics.ts'
import { lex, type Token } from '../lexer/lex.ts'
import type { SourceFile } from '../source.ts'
import { SourceFile as Source } from '../source.ts'
import * as C from './constructs.ts'
import { type Doc, printDoc } from './format-doc.ts'
import { findGaps } from './format-gaps.ts'
import { type Layout, layBrackets } from './format-layout.ts'
import { layBlock, layProgram } from './format-statements.ts'
import { nest } from './nest.ts'
import { parseSource } from './parse.ts'

const WIDTH = 100

/** The formatted text, or undefined after mistakes, which are in the log. */
export function formatSource(file: SourceFile, log: DiagnosticLog): string | undefined {
  const before = log.diagnostics.length
  parseSource(file, log)
  if (log.diagnostics.slice(before).some(d => d.severity === 'error')) return undefined
  const silent = new DiagnosticLog()
  const tokens = lex(file, silent)
  const content = printDoc(layFile(file, tokens.tokens, nest(tokens, silent)), WIDTH)
  const whole = content === '' ? '' : `${content}\n`
  const result = file.text.includes('\r\n') ? whole.replace(/\r?\n/g, '\r\n') : whole
  assertSame(file, result)
  return result
}

function layFile(file: SourceFile, tokens: readonly Token[], nests: readonly C.Nest[]): Doc {
  const index = new Map(tokens.map((token, i) => [token, i]))
  const layout: Layout = { gaps: findGaps(file, tokens), index, docs: new Map() }
  for (const construct of nests) {
    const { token, tokens, role } = construct
    if (!token) continue
    index.set(token, index.get(tokens[0]!)!)
    layout.docs.set(token, C.isListRole(role) ? layBlock(layout, construct) : layBrackets(layout, construct))
  }
  return layProgram(layout, nests.at(-1)!.tokens)
}

/** A formatter that changes a program is worse than none. */
function assertSame(file: SourceFile, result: string): void {
  const content = (text: string) => {
    const source = new Source(file.name, text)
    const { tokens } = lex(source, new DiagnosticLog())
    const comments = findGaps(source, tokens).flatMap(gap => gap.comments)
    return [tokens.map(token => token.image), comments.map(c => c.text)]
      .map(list => list.join(' ').replace(/\s+/g, ' '))
      .join('\n')
  }
  if (content(file.text) !== content(result))
    throw new Error('internal error: formatting changed the program')
}
