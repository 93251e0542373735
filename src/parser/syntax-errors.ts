/**
 * Syntax errors to messages that help.
 *
 * Comes in: where the grammar stopped in a construct or statement, and what it expected. Goes out: one
 * diagnostic. Apart from the grammar because what a mistake means shows best in the tokens around it.
 */
import { EOF } from 'chevrotain'
import type { MessageArguments, MessageName } from '../diagnostic-codes.ts'
import type { DiagnosticLog } from '../diagnostics.ts'
import { endOf, type Token } from '../lexer/lex.ts'
import * as T from '../lexer/tokens.ts'
import { type SourceFile, type Span, span } from '../source.ts'
import * as C from './constructs.ts'
import { describe, isReservedWord, startsOperand, USAGE } from './describe.ts'

/** Where a rule stopped: at `tokens[index]`, or at their end. */
export interface Failure {
  readonly file: SourceFile
  readonly tokens: readonly Token[]
  readonly index: number
  readonly expected: string
  /** Stands in for the token past the end: a closing bracket, or the end of the file. */
  readonly end: Token
  /** In the parameters of a definition. */
  readonly inHeader?: boolean
  /** How such a statement is written. */
  readonly shape?: string
}

const STRING_HELP = 'strings can stand only in labels, file names and `declare`'

type Say = <N extends MessageName>(
  name: N,
  at: Token | Span,
  args: MessageArguments<N>,
  help?: string,
) => void

/** A guess at the mistake: says what it is and returns true, or returns false if it is something else. */
type Guess = (f: Failure, found: Token, before: Token | undefined, say: Say) => boolean

export function foundToken(f: Failure): Token {
  return f.tokens[f.index] ?? f.end
}

export function explainFailure(f: Failure, log: DiagnosticLog): void {
  const found = foundToken(f)
  const before = f.tokens[f.index - 1]
  const say: Say = (name, at, args, help) => log.report(name, place(f.file, at), args, [], help)
  if (isReported(found) || (before && isReported(before))) return
  if (GUESSES.some(guess => guess(f, found, before, say))) return
  say('unexpected', found, { expected: f.expected, found: describe(found) }, helpFor(f, found, before))
}

function helpFor(f: Failure, found: Token, before: Token | undefined): string | undefined {
  if (found.tokenType === T.Where) return 'local definitions are written `expression with { … }`'
  if (before?.tokenType === T.Plus && f.expected === 'a number') return 'leave out the sign'
  const usage = usageOf(f)
  if (usage) return `write \`${usage}\``
  return found.tokenType === T.Text && wantsExpression(f) ? STRING_HELP : undefined
}

/** How the construct is written; of a statement, only while its head is being read. */
function usageOf({ tokens, index, shape }: Failure): string | undefined {
  const body = tokens.slice(0, index).some(t => t.tokenType === T.Equals || t.tokenType === T.DoubleArrow)
  const word = index > 0 ? USAGE.get(tokens[0]!.image) : undefined
  return word ?? (body ? undefined : shape)
}

/** Whether something is known to be wrong with the token, so that more about it would be noise. */
export function isReported(token: Token): boolean {
  return (
    token.tokenType === T.Unknown ||
    token.tokenType === C.Misplaced ||
    (token as C.NestedToken).broken === true
  )
}

function place(file: SourceFile, at: Token | Span): Span {
  if ('file' in at) return at
  if (at.tokenType === EOF) return span(file, file.text.length, file.text.length)
  return span(file, at.startOffset, endOf(at))
}

/** What can end an operand in brackets, and what can end any. */
const SEPARATORS: ReadonlySet<string> = new Set(['`,`', '`)`', '`->`'])
const ENDS: ReadonlySet<string> = new Set(['`;`', '`)`', '`]`', '`->`'])

const wantsExpression = (f: Failure) => f.expected === 'an expression'
const isBlock = (t: Token | undefined) => t?.tokenType === C.WithBlock || t?.tokenType === C.LetrecBlock
const isInfix = (t: Token) => t.tokenType.CATEGORIES?.includes(T.Infix) || t.tokenType === T.Bar
const isConnective = (t: Token) => isInfix(t) || t.tokenType === T.Comma

const reservedName: Guess = ({ tokens, expected, inHeader }, found, _before, say) => {
  const first = tokens[0]
  let word = expected === 'a name' || inHeader ? found : undefined
  if (first && isHeader(tokens)) word = first
  if (!word || !isReservedWord(word)) return false
  say('reservedName', { ...word, endOffset: word.startOffset + word.image.length - 1 }, { word: word.image })
  return true
}

/** `word = …` or `word(…) = …` */
function isHeader(tokens: readonly Token[]): boolean {
  const second = tokens[1]?.tokenType
  const next = second === C.Arguments || second === C.Parenthesised ? tokens[2] : tokens[1]
  return next?.tokenType === T.Equals || next?.image === '=='
}

const needsBracket: Guess = (_f, found, _before, say) => {
  const opening = C.WORD_OPENINGS.get(found.tokenType)
  if (!opening) return false
  const open = opening.bracket === T.LeftParen ? '(' : '{'
  say('needsParentheses', found, { word: found.image, open }, `write \`${USAGE.get(found.image)}\``)
  return true
}

const emptyStatement: Guess = ({ tokens }, found, _before, say) => {
  if (tokens.length !== 1 || found.tokenType !== T.Semicolon) return false
  say('emptyStatement', found, {})
  return true
}

const equality: Guess = ({ expected, index }, found, before, say) => {
  if (expected === '`=`' && found.image === '==') say('comparisonForDefinition', found, {})
  else if (found.tokenType === T.Equals && index > 0 && before?.tokenType !== T.Equals)
    say('equalsInExpression', found, {})
  else return false
  return true
}

const singleQuotes: Guess = (f, found, _before, say) => {
  const wantsText = f.expected.startsWith('a string') || f.expected.startsWith('a file name')
  if (found.tokenType !== T.Prime || !(wantsText || wantsExpression(f))) return false
  say('singleQuotes', found, {})
  return true
}

const blocks: Guess = (f, found, before, say) => {
  if (isBlock(found) && SEPARATORS.has(f.expected)) {
    const word = span(f.file, found.startOffset, found.startOffset + found.image.length)
    say('withInArgument', word, { word: found.image })
  } else if (isBlock(before) && isInfix(found)) say('operatorAfterBlock', found, { operator: found.image })
  else return false
  return true
}

const emptyParentheses: Guess = (f, found, before, say) => {
  if (found.tokenType !== T.RightParen || before?.tokenType !== T.LeftParen || !wantsExpression(f))
    return false
  const both = span(f.file, before.startOffset, endOf(found))
  const header = 'a definition without parameters is written `name = expression;`'
  say('emptyArguments', both, {}, f.inHeader ? header : undefined)
  return true
}

const lambdaBody: Guess = ({ expected, tokens, index }, found, _before, say) => {
  const parameters =
    tokens[index - 1]?.tokenType === C.Parameters || tokens[index - 2]?.tokenType === C.Parameters
  if (!parameters || (expected !== '`.`' && expected !== 'an expression in parentheses')) return false
  say('lambdaBody', found, {})
  return true
}

const missingOperand: Guess = (f, found, before, say) => {
  if (!wantsExpression(f) || !before || startsOperand(found) || isBlock(found)) return false
  if (!isConnective(before) && before.tokenType !== T.Equals) return false
  say('missingOperand', before, { operator: before.image })
  return true
}

const missingOperator: Guess = (f, found, before, say) => {
  if (wantsExpression(f) || !before || !startsOperand(found)) return false
  if (!ENDS.has(f.expected)) return false
  if (
    startsOperand(before) ||
    [C.Arguments, C.Substitution, T.Prime, T.Operator].includes(before.tokenType)
  ) {
    const help = operatorHelp(f.tokens, before, found)
    say('missingOperator', found, { left: describe(before), right: describe(found) }, help)
    return true
  }
  return false
}

function operatorHelp(tokens: readonly Token[], left: Token, right: Token): string | undefined {
  if (tokens.some(t => t.image === 'if' || t.image === 'else'))
    return 'there is no `if`; to choose, write `select2(condition, ifZero, ifNotZero)`'
  if (left.tokenType === T.Cut) return `\`!\` discards a signal; the opposite of x is \`x == 0\``
  if (left.image === '*') return 'the power of a number is `a ^ b`'
  if (right.tokenType === T.Text) return STRING_HELP
  return undefined
}

/** In this order: the more particular come first. */
const GUESSES: readonly Guess[] = [
  emptyStatement,
  reservedName,
  needsBracket,
  equality,
  singleQuotes,
  blocks,
  emptyParentheses,
  lambdaBody,
  missingOperand,
  missingOperator,
]
