/**
 * The surface AST back to program text.
 *
 * Comes in: a program or an expression. Goes out: text that parses to the same tree, with parentheses only where
 * precedence asks for them. Works on a stack of its own, so depth does not matter. What each kind of node looks
 * like is in `layout-expression` and `layout-statement`.
 */
import type { Expression, Program, Statement } from './ast.ts'
import { layoutExpression } from './layout-expression.ts'
import { layoutStatement } from './layout-statement.ts'
import { type Piece, TOP } from './pieces.ts'

export function printProgram(p: Program): string {
  return p.statements.map(printStatement).join('')
}

export function printStatement(s: Statement): string {
  return render([...layoutStatement(s), '\n'])
}

export function printExpression(e: Expression): string {
  return render([{ expression: e, slot: TOP }])
}

/** Past this, deeper blocks are not indented further, or deep programs would be mostly blanks. */
const MAX_INDENT = 40

const newLine = (indent: number) => `\n${'  '.repeat(Math.min(indent, MAX_INDENT))}`

interface Work {
  readonly piece: Piece
  readonly indent: number
}

function render(pieces: readonly Piece[]): string {
  const out: string[] = []
  const stack: Work[] = []
  const push = (list: readonly Piece[], indent: number) => {
    for (let i = list.length - 1; i >= 0; i--) stack.push({ piece: list[i]!, indent })
  }
  push(pieces, 0)
  for (let work = stack.pop(); work; work = stack.pop()) {
    const { piece, indent } = work
    if (typeof piece === 'string') out.push(piece)
    else if ('lines' in piece) {
      if (piece.lines.length === 0) out.push('{ }')
      else push(['{', ...piece.lines.map(line => ({ line })), { close: '}' }], indent)
    } else if ('line' in piece) {
      out.push(newLine(indent + 1))
      push(piece.line, indent + 1)
    } else if ('close' in piece) out.push(newLine(indent), piece.close)
    else push(layoutExpression(piece.expression, piece.slot), indent)
  }
  return out.join('')
}
