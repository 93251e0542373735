/**
 * How each statement is written.
 *
 * Comes in: a statement, definition, rule or recurrence. Goes out: pieces for the printer. Beside
 * `layout-expression`, because blocks inside expressions hold statements too.
 */
import { assertNever } from '../source.ts'
import type { Definition, Recurrence, Rule, Statement, Variant } from './ast.ts'
import { argumentList, full, type Piece, quoted } from './pieces.ts'

const prefix = (variants: readonly Variant[]) => variants.map(v => `${v} `).join('')

export function layoutStatement(s: Statement): Piece[] {
  switch (s.kind) {
    case 'definition':
      return layoutDefinition(s)
    case 'import':
      return [`${prefix(s.variants)}import(${quoted(s.file)});`]
    case 'declare': {
      const target = s.target === undefined ? '' : `${s.target} `
      return [`${prefix(s.variants)}declare ${target}${s.key} ${quoted(s.value)};`]
    }
    case 'documentation':
      return [`<mdoc>${s.text}</mdoc>`]
    default:
      return assertNever(s)
  }
}

export function layoutDefinition(d: Definition): Piece[] {
  const parameters = d.parameters ? argumentList(d.parameters) : []
  return [prefix(d.variants), d.name, ...parameters, ' = ', full(d.body), ';']
}

export function layoutRecurrence(r: Recurrence): Piece[] {
  return [`'${r.name} = `, full(r.body), ';']
}

export function layoutRule(r: Rule): Piece[] {
  return [...argumentList(r.patterns), ' => ', full(r.body), ';']
}
