/**
 * Tokens to the surface AST.
 *
 * Comes in: the tokens of a file. Goes out: the program as written, or what of it could be parsed, with every
 * mistake found in the log. The stage has three steps: `nest` finds the bracketed constructs, the grammar parses
 * each of them, innermost first, and lists of statements recover from errors (`statements`).
 */
import { EOF } from 'chevrotain'
import type { DiagnosticLog } from '../diagnostics.ts'
import { endOf, lex, type Tokens } from '../lexer/lex.ts'
import * as T from '../lexer/tokens.ts'
import { type SourceFile, span } from '../source.ts'
import type { Expression, Program } from './ast.ts'
import type { Nest, NestedValue, RuleRole } from './constructs.ts'
import { reportDuplicates } from './duplicates.ts'
import { Grammar } from './grammar.ts'
import { nest } from './nest.ts'
import { attemptRule, type Context, type List, parseList } from './statements.ts'
import { explainFailure, type Failure, isReported } from './syntax-errors.ts'

let grammar: Grammar | undefined

/** One parser for all: building it takes longer than parsing most programs. */
function getGrammar(): Grammar {
  return (grammar ??= new Grammar())
}

export function parseSource(file: SourceFile, log: DiagnosticLog): Program {
  const before = log.diagnostics.length
  try {
    return parse(lex(file, log), log)
  } finally {
    // Constructs are parsed innermost first; people read from the top.
    const found = log.diagnostics.splice(before)
    log.diagnostics.push(...found.sort((a, b) => (a.span?.start.offset ?? 0) - (b.span?.start.offset ?? 0)))
  }
}

export function parse(tokens: Tokens, log: DiagnosticLog): Program {
  const { file } = tokens
  const context: Context = { grammar: getGrammar(), file, log }
  context.grammar.file = file
  const nests = nest(tokens, log)
  for (const n of nests) if (n.token) n.token.value = parseNest(context, n)
  const program = nests.at(-1)!
  return {
    span: span(file, 0, file.text.length),
    statements: parseList(context, contentOf(program), 'statement'),
  }
}

function contentOf(n: Nest): List {
  const end = n.tail === 0 ? EOF_TOKEN : n.tokens.at(-1)!
  return { tokens: n.tokens.slice(n.head, n.tokens.length - n.tail), end, muted: n.muted }
}

const EOF_TOKEN = { image: '', startOffset: Number.NaN, tokenType: EOF, tokenTypeIdx: EOF.tokenTypeIdx! }

function parseNest(context: Context, n: Nest): NestedValue {
  const at = span(context.file, n.token!.startOffset, endOf(n.token!))
  switch (n.role) {
    case 'program':
    case 'environment':
      return { kind: 'environment', span: at, statements: parseUnique(context, contentOf(n), 'statement') }
    case 'definitions':
    case 'substitution':
      return parseUnique(context, contentOf(n), 'definition')
    case 'letrec':
      return parseLetrec(context, contentOf(n))
    case 'caseRules':
      return { kind: 'case', span: at, rules: parseList(context, contentOf(n), 'caseRule') }
    case 'misplaced':
      return ''
    default:
      return parseByRule(context, n, n.role, { kind: 'wire', span: at })
  }
}

// recurrences = { recurrence } [ "where" { definition } ]
function parseLetrec(context: Context, list: List): NestedValue {
  const where = list.tokens.findIndex(t => t.tokenType === T.Where)
  if (where === -1) return { recurrences: parseUnique(context, list, 'recurrence'), where: [] }
  const before = { ...list, tokens: list.tokens.slice(0, where), end: list.tokens[where]! }
  const after = { ...list, tokens: list.tokens.slice(where + 1) }
  return {
    recurrences: parseUnique(context, before, 'recurrence'),
    where: parseUnique(context, after, 'definition'),
  }
}

function parseUnique<R extends 'statement' | 'definition' | 'recurrence'>(
  context: Context,
  list: List,
  rule: R,
) {
  const found = parseList(context, list, rule)
  reportDuplicates(found, context.log)
  return found
}

function parseByRule(context: Context, n: Nest, role: RuleRole, fallback: Expression): NestedValue {
  const result = attemptRule(context, n.tokens, g => (g[role] as () => NestedValue)(), EOF_TOKEN)
  if ('value' in result) return result.value
  const inHeader = isDefined(n, context.file)
  if (!n.muted && (role === 'argumentList' || !inHeader))
    reportFailure(context, n, { ...result.failure, inHeader })
  switch (role) {
    case 'argumentList':
      return [fallback]
    case 'parameterList':
    case 'typeList':
      return []
    case 'importClause':
      return ''
    default:
      return fallback
  }
}

/** `f(x) = …`. And `par(x) = …` is not a wrong iteration but a forbidden name; the statement around says so. */
function isDefined(n: Nest, file: SourceFile): boolean {
  const end = endOf(n.token!)
  return /^\s*=(?![=>])/.test(file.text.slice(end, end + 100))
}

/** After the mistake of an unknown character inside, what follows is no news either. */
function reportFailure(context: Context, n: Nest, failure: Failure): void {
  if (n.tokens.slice(0, failure.index).some(isReported)) return
  explainFailure(failure, context.log)
}
