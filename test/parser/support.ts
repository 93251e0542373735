/** Shared by the parser's tests: parse text, expect no mistakes, show the tree. */
import { type Diagnostic, DiagnosticLog, Stop } from '../../src/diagnostics.ts'
import type { Expression, Program } from '../../src/parser/ast.ts'
import { dump } from '../../src/parser/dump.ts'
import { parseSource } from '../../src/parser/parse.ts'
import { SourceFile } from '../../src/source.ts'

/** Parses whatever the text is; a run that stops early gives no program. */
export function tryParse(text: string): { program?: Program; diagnostics: readonly Diagnostic[] } {
  const log = new DiagnosticLog()
  try {
    return { program: parseSource(new SourceFile('test.dsp', text), log), diagnostics: log.diagnostics }
  } catch (error) {
    if (!(error instanceof Stop)) throw error
    return { diagnostics: log.diagnostics }
  }
}

export function parseProgram(text: string): Program {
  const { program, diagnostics } = tryParse(text)
  if (diagnostics.length > 0) throw new Error(`${shown(diagnostics).join('\n')}\nin: ${text.slice(0, 2000)}`)
  return program!
}

export function parseExpression(text: string): Expression {
  const [statement] = parseProgram(`x = ${text}\n;`).statements
  if (statement?.kind !== 'definition') throw new Error('not a definition')
  return statement.body
}

/** The expression as an s-expression in short forms: `a`, `1`, `(add a b)`, `(seq a b)`. */
export function tree(text: string): string {
  return dump(parseExpression(text))
    .replace(/\((?:identifier|int|real|primitive) ([^\s()]+)\)/g, '$1')
    .replace(/\((?:infix|composition) /g, '(')
    .replace(/\(wire\)/g, '_')
    .replace(/\(cut\)/g, '!')
}

/** `line:column code`, one a diagnostic. */
export function shown(diagnostics: readonly Diagnostic[]): string[] {
  return diagnostics.map(d => `${d.span?.start.line}:${d.span?.start.column} ${d.code}`)
}
