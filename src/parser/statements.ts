/**
 * Lists of statements, each parsed on its own, so that a mistake spoils one statement only.
 *
 * Comes in: the tokens of a file or of a block in braces. Goes out: the statements that could be parsed. A
 * stage of its own because recovery from errors happens here and nowhere else: statements end at `;`, and where
 * that is missing, at what looks like the beginning of the next one.
 */
import { EOF, type TokenType } from 'chevrotain'
import type { DiagnosticLog } from '../diagnostics.ts'
import { endOf, type Token } from '../lexer/lex.ts'
import * as T from '../lexer/tokens.ts'
import { type SourceFile, span } from '../source.ts'
import type { Definition, Expression, Recurrence, Rule, Statement, Variant } from './ast.ts'
import * as C from './constructs.ts'
import type { Grammar } from './grammar.ts'
import { startsLine } from './nest.ts'
import { explainFailure, type Failure, isReported } from './syntax-errors.ts'

export interface Context {
  readonly grammar: Grammar
  readonly file: SourceFile
  readonly log: DiagnosticLog
}

/** Rules for the elements of lists, with what they give. */
interface Elements {
  statement: Statement
  definition: Definition
  recurrence: Recurrence
  caseRule: Rule
}
type ElementRule = keyof Elements

const SHAPES: Readonly<Record<ElementRule, string>> = {
  statement: 'name = expression;',
  definition: 'name = expression;',
  recurrence: "'name = expression;",
  caseRule: '(pattern) => expression;',
}

/** Runs one rule; gives its value, or where and why it stopped. */
export function attemptRule<V>(
  { grammar, file }: Context,
  tokens: readonly Token[],
  rule: (g: Grammar) => V,
  end: Token,
): { value: V } | { failure: Failure } {
  grammar.input = tokens as Token[]
  const value = rule(grammar)
  const error = grammar.errors[0]
  if (!error) return { value }
  const index = error.token.tokenType === EOF ? tokens.length : tokens.indexOf(error.token)
  return { failure: { file, tokens, index, expected: error.message, end } }
}

export interface List {
  readonly tokens: readonly Token[]
  /** The closing bracket, or the end of the file. */
  readonly end: Token
  readonly muted: boolean
}

export function parseList<R extends ElementRule>(context: Context, list: List, rule: R): Elements[R][] {
  const found: Elements[R][] = []
  const { tokens } = list
  for (let from = 0; from < tokens.length; ) {
    let to = from
    if (tokens[from]!.tokenType !== T.Documentation)
      while (to < tokens.length - 1 && tokens[to]!.tokenType !== T.Semicolon) to++
    const { element, used } = parseElement(context, list, rule, tokens.slice(from, to + 1))
    if (element) found.push(element)
    from += used
  }
  return found
}

interface Parsed<E> {
  readonly element: E | undefined
  /** How many tokens it took; never 0. */
  readonly used: number
}

function parseElement<R extends ElementRule>(
  context: Context,
  list: List,
  rule: R,
  tokens: readonly Token[],
): Parsed<Elements[R]> {
  const result = run(context, tokens, rule, list.end)
  if ('value' in result) return { element: result.value, used: tokens.length }
  const { failure } = result
  const { index } = failure
  const cut = findCut(failure, rule)
  const first = cut && run(context, [...cut.tokens, semicolonAfter(cut.tokens.at(-1)!)], rule, list.end)
  if (first && (cut.missing === 'operand' || 'value' in first)) {
    if (!list.muted) reportCut(context, cut, rule, failure)
    const element = 'value' in first ? first.value : salvage(context, cut.tokens, rule)
    return { element, used: cut.next }
  }
  if (!list.muted) explainFailure(failure, context.log)
  const resume = findNext(context.file, tokens, Math.max(1, index), rule)
  return { element: salvage(context, tokens, rule), used: resume }
}

function run<R extends ElementRule>(context: Context, tokens: readonly Token[], rule: R, end: Token) {
  const result = attemptRule(context, tokens, g => (g[rule] as () => Elements[R])(), end)
  return 'value' in result ? result : { failure: { ...result.failure, shape: SHAPES[rule] } }
}

interface Cut {
  /** The statement up to where something is missing. */
  readonly tokens: readonly Token[]
  readonly missing: 'semicolon' | 'comma' | 'operand'
  /** Index of the first token after it. */
  readonly next: number
}

/** Where a statement lacks its end; undefined if the mistake is of another kind. */
function findCut({ file, tokens, index, expected }: Failure, rule: ElementRule): Cut | undefined {
  if (index === tokens.length && expected === '`;`' && !isReported(tokens[index - 1]!))
    return { tokens, missing: 'semicolon', next: index }
  const next = [index, index - 1, index - 2].find(i => i > 0 && startsElement(tokens, i, rule))
  if (next === undefined) return undefined
  const last = tokens[next - 1]!
  const before = tokens.slice(0, next)
  if (last.tokenType === T.Comma) return { tokens: before.slice(0, -1), missing: 'comma', next }
  const open = last.tokenType.CATEGORIES?.includes(T.Infix) || last.tokenType === T.Equals
  if (!open) return { tokens: before, missing: 'semicolon', next }
  return startsLine(file, tokens[next]!) ? { tokens: before, missing: 'operand', next } : undefined
}

function reportCut({ file, log }: Context, cut: Cut, rule: ElementRule, { tokens }: Failure): void {
  const last = cut.tokens.at(-1)!
  const after = nameElement(tokens[0]!, rule)
  const end = endOf(last)
  if (cut.missing === 'operand')
    log.report('missingOperand', span(file, last.startOffset, end), { operator: last.image })
  else if (cut.missing === 'comma')
    log.report('missingSemicolon', span(file, end, end + 1), { after }, [], 'write `;` instead of `,`')
  else log.report('missingSemicolon', span(file, end, end), { after })
}

function nameElement(first: Token, rule: ElementRule): string {
  if (rule === 'caseRule') return 'this rule'
  if (first.tokenType === C.ImportClause) return 'this import'
  return first.tokenType === T.Declare ? 'this declaration' : 'this definition'
}

function semicolonAfter(token: Token): Token {
  const at = endOf(token)
  const type = T.Semicolon
  return { image: ';', startOffset: at, endOffset: at - 1, tokenType: type, tokenTypeIdx: type.tokenTypeIdx! }
}

const STATEMENT_WORDS: ReadonlySet<TokenType> = new Set([
  T.Variant,
  C.ImportClause,
  T.Declare,
  T.Documentation,
])

function startsElement(tokens: readonly Token[], i: number, rule: ElementRule): boolean {
  const type = (offset: number) => tokens[i + offset]?.tokenType
  switch (rule) {
    case 'caseRule':
      return type(0) === C.Arguments && type(1) === T.DoubleArrow
    case 'recurrence':
      return type(0) === T.Prime && type(1) === T.Identifier && type(2) === T.Equals
    default:
      if (STATEMENT_WORDS.has(type(0)!)) return true
      return type(0) === T.Identifier && type(type(1) === C.Arguments ? 2 : 1) === T.Equals
  }
}

/** Where after an error something begins a line as a new statement would; else the end. */
function findNext(file: SourceFile, tokens: readonly Token[], from: number, rule: ElementRule): number {
  for (let i = from; i < tokens.length; i++)
    if (startsElement(tokens, i, rule) && startsLine(file, tokens[i]!)) return i
  return tokens.length
}

/** A definition whose body is broken still defines its name. */
function salvage<R extends ElementRule>(
  { file }: Context,
  tokens: readonly Token[],
  rule: R,
): Elements[R] | undefined {
  if (rule !== 'statement' && rule !== 'definition') return undefined
  const start = tokens.findIndex(t => t.tokenType !== T.Variant)
  if (start === -1 || !startsElement(tokens, start, 'definition')) return undefined
  const name = tokens[start]!
  if (name.tokenType !== T.Identifier) return undefined
  const second = tokens[start + 1]! as C.NestedToken
  const whole = span(file, tokens[0]!.startOffset, endOf(tokens.at(-1)!))
  const definition: Definition = {
    kind: 'definition',
    span: whole,
    variants: tokens.slice(0, start).map(t => t.image as Variant),
    name: name.image,
    nameSpan: span(file, name.startOffset, endOf(name)),
    ...(second.tokenType === C.Arguments ? { parameters: second.value as readonly Expression[] } : {}),
    body: { kind: 'wire', span: whole },
  }
  return definition as Elements[R]
}
