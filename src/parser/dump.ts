/**
 * Tokens and AST as text, for `--emit=tokens` and `--emit=ast` and for tests.
 *
 * Comes in: a file or any part of its AST. Goes out: a line a token; a tree as an s-expression. Apart from
 * `print`, which writes programs: here every node shows, and spans and defaults do not.
 */
import type { DiagnosticLog } from '../diagnostics.ts'
import { lex } from '../lexer/lex.ts'
import type { SourceFile } from '../source.ts'
import type { Expression, Program, Statement } from './ast.ts'

/** One token a line: line:column, type, text. */
export function printTokens(file: SourceFile, log: DiagnosticLog): string {
  const { tokens } = lex(file, log)
  const lines = tokens.map(({ startOffset, tokenType, image }) => {
    const { line, column } = file.position(startOffset)
    return `${`${line}:${column}`.padEnd(8)}${tokenType.name.padEnd(16)}${JSON.stringify(image)}\n`
  })
  return lines.join('')
}

/** The tree of a whole program, over lines. */
export function dumpProgram(p: Program): string {
  return `${dump(p, true)}\n`
}

export type Dumpable = Program | Statement | Expression

type Value = string | number | readonly Value[] | { readonly [field: string]: Value } | undefined

/** What is still to be written: a value at a depth of indentation, or finished text. */
type Work = { readonly value: Value; readonly indent: number } | string

/** Past this, deeper nodes are not indented further, or deep trees would be mostly blanks. */
const MAX_INDENT = 40
const HIDDEN = new Set(['kind', 'span', 'nameSpan'])

/**
 * `(kind field …)`, without spans; empty lists are `()` and absent fields are left out. With `pretty`, nodes that
 * hold nodes are spread over lines. Reads the tree as plain data, so a new kind of node needs no code here, and
 * with a stack of its own, so depth does not matter.
 */
export function dump(root: Dumpable, pretty = false): string {
  const out: string[] = []
  const stack: Work[] = [{ value: root as unknown as Value, indent: 0 }]
  for (let work = stack.pop(); work !== undefined; work = stack.pop()) {
    if (typeof work === 'string') out.push(work)
    else pushValue(stack, out, work.value, work.indent, pretty)
  }
  return out.join('')
}

function pushValue(stack: Work[], out: string[], value: Value, indent: number, pretty: boolean): void {
  if (typeof value === 'string') out.push(/^[\w:]+$/.test(value) ? value : JSON.stringify(value))
  else if (typeof value === 'number') out.push(Object.is(value, -0) ? '-0' : String(value))
  else {
    const fields = fieldsOf(value)
    const spread = pretty && fields.some(f => typeof f === 'object' && fieldsOf(f).length > 1)
    out.push('(')
    stack.push(')')
    for (let i = fields.length - 1; i >= 0; i--) {
      stack.push({ value: fields[i], indent: indent + 1 })
      if (i > 0) stack.push(spread ? `\n${'  '.repeat(Math.min(indent, MAX_INDENT) + 1)}` : ' ')
    }
  }
}

function fieldsOf(value: Value): Value[] {
  if (Array.isArray(value)) return [...value]
  const node = value as { readonly [field: string]: Value }
  const kind = node.kind === undefined ? [] : [node.kind]
  const shown = Object.keys(node).filter(
    k => !HIDDEN.has(k) && node[k] !== undefined && !isDefault(k, node[k]),
  )
  return [...kind, ...shown.map(k => node[k])]
}

const isDefault = (field: string, value: Value) =>
  (field === 'variants' || field === 'where') && Array.isArray(value) && value.length === 0
