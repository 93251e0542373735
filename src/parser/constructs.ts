/**
 * Which brackets make which construct.
 *
 * Types and one table. `nest` decides by it what a bracket is when it opens, `grammar` has a rule of the same
 * name for each role, and in the construct around it one token of type `becomes` carries the result.
 */
import { createToken, Lexer, type TokenType } from 'chevrotain'
import type { Token } from '../lexer/lex.ts'
import * as T from '../lexer/tokens.ts'
import type { Definition, Expression, Recurrence } from './ast.ts'

const nested = (name: string, label: string) => createToken({ name, label, pattern: Lexer.NA })

/** `( expression )` */
export const Parenthesised = nested('Parenthesised', 'an expression in parentheses')
/** Anything else in brackets that is an expression by itself: `hslider(…)`, `case {…}`, `["l" -> e]`. */
export const Construct = nested('Construct', 'an expression')
export const Arguments = nested('Arguments', '`(`')
export const Parameters = nested('Parameters', '`(` and parameter names')
export const TypeList = nested('TypeList', '`(` and argument types')
export const Substitution = nested('Substitution', '`[`')
export const WithBlock = nested('WithBlock', '`with`')
export const LetrecBlock = nested('LetrecBlock', '`letrec`')
export const ImportClause = nested('ImportClause', '`import`')
/** A bracket where none may open; reported already. */
export const Misplaced = nested('Misplaced', 'nothing')

export const NESTED = [
  Parenthesised,
  Construct,
  Arguments,
  Parameters,
  TypeList,
  Substitution,
  WithBlock,
  LetrecBlock,
  ImportClause,
  Misplaced,
]

/** Roles whose content is a list of statements that end with `;`. */
export type ListRole = 'program' | 'environment' | 'definitions' | 'substitution' | 'letrec' | 'caseRules'

/** Roles that one grammar rule of the same name parses. */
export type RuleRole =
  | 'parenthesised'
  | 'argumentList'
  | 'parameterList'
  | 'typeList'
  | 'modulation'
  | 'importClause'
  | 'fileEnvironment'
  | 'waveform'
  | 'route'
  | 'foreignFunction'
  | 'foreignValue'
  | 'button'
  | 'slider'
  | 'bargraph'
  | 'group'
  | 'soundfile'
  | 'node'
  | 'iteration'
  | 'count'

export type Role = ListRole | RuleRole | 'misplaced'

const LIST_ROLES: ReadonlySet<Role> = new Set<ListRole>([
  'program',
  'environment',
  'definitions',
  'substitution',
  'letrec',
  'caseRules',
])

export function isListRole(role: Role): role is ListRole {
  return LIST_ROLES.has(role)
}

export interface LetrecContent {
  readonly recurrences: readonly Recurrence[]
  readonly where: readonly Definition[]
}

/** What nested tokens carry once their construct is parsed; the token type says which. */
export type NestedValue =
  | Expression
  | readonly Expression[]
  | readonly string[]
  | readonly Definition[]
  | LetrecContent
  | string

export interface NestedToken extends Token {
  value: NestedValue
  /** Its brackets are at fault, which is reported. */
  readonly broken: boolean
}

/** A bracketed construct, or the whole program, ready to be parsed. */
export interface Nest {
  readonly role: Role
  /** Everything from the leading word to the closing bracket; inner constructs are one token each. */
  readonly tokens: readonly Token[]
  /** How many tokens stand before the content (word and bracket) and after it. */
  readonly head: number
  readonly tail: number
  /** Its brackets are at fault and that is reported: what goes wrong inside is no news. */
  readonly muted: boolean
  /** Stands for this construct in the one around it; none for the program. */
  readonly token?: NestedToken
}

export interface Opening {
  readonly role: Role
  readonly becomes: TokenType
}

/** Words that claim the bracket after them, which becomes part of their construct. */
export const WORD_OPENINGS: ReadonlyMap<TokenType, Opening & { readonly bracket: TokenType }> = new Map(
  (
    [
      [T.Import, T.LeftParen, 'importClause', ImportClause],
      [T.FileEnvironment, T.LeftParen, 'fileEnvironment', Construct],
      [T.Route, T.LeftParen, 'route', Construct],
      [T.ForeignFunction, T.LeftParen, 'foreignFunction', Construct],
      [T.ForeignValue, T.LeftParen, 'foreignValue', Construct],
      [T.Button, T.LeftParen, 'button', Construct],
      [T.Slider, T.LeftParen, 'slider', Construct],
      [T.Bargraph, T.LeftParen, 'bargraph', Construct],
      [T.Group, T.LeftParen, 'group', Construct],
      [T.Soundfile, T.LeftParen, 'soundfile', Construct],
      [T.NodeWord, T.LeftParen, 'node', Construct],
      [T.Iteration, T.LeftParen, 'iteration', Construct],
      [T.Count, T.LeftParen, 'count', Construct],
      [T.Backslash, T.LeftParen, 'parameterList', Parameters],
      [T.Waveform, T.LeftBrace, 'waveform', Construct],
      [T.Case, T.LeftBrace, 'caseRules', Construct],
      [T.Environment, T.LeftBrace, 'environment', Construct],
      [T.With, T.LeftBrace, 'definitions', WithBlock],
      [T.Letrec, T.LeftBrace, 'letrec', LetrecBlock],
    ] as const
  ).map(([word, bracket, role, becomes]) => [word, { bracket, role, becomes }]),
)
