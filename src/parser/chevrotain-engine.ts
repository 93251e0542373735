/**
 * Runs the rules of the grammar by Chevrotain, for what has mistakes, and checks the grammar.
 *
 * Comes in: tokens and a rule. Goes out: where the rule stopped and what it wanted. An engine of its own because it looks at
 * all rules before it can run one, which only programs with mistakes should pay for.
 */
import {
  EmbeddedActionsParser,
  type IParserErrorMessageProvider,
  type ParserMethod,
  type TokenType,
  tokenLabel,
} from 'chevrotain'
import type { Token } from '../lexer/lex.ts'
import type { Alternative, Engine, Rule } from './rules.ts'

/** Messages are written in `syntax-errors`; from Chevrotain we take only what was expected. */
const expectedOnly: IParserErrorMessageProvider = {
  buildMismatchTokenMessage: ({ expected }) => tokenLabel(expected),
  buildNotAllInputParsedMessage: () => '`;`',
  buildNoViableAltMessage: ({ ruleName }) => ALTERNATIVES[ruleName] ?? 'an expression',
  buildEarlyExitMessage: ({ ruleName }) => ALTERNATIVES[ruleName] ?? 'an expression',
}

/** What a rule with alternatives looks for, in words. */
const ALTERNATIVES: Readonly<Record<string, string>> = {
  statement: 'a definition, `import` or `declare`',
  definition: 'a definition',
  definitionOf: 'a name to define',
  typeList: 'a type (`int`, `float` or `any`)',
  number: 'a number',
  signed: 'a number',
  signedNumber: 'a number',
  fileName: 'a file name like "…" or <…>',
}

export type Outcome<V> =
  | { readonly value: V }
  /** The token where the rule stopped, and what it wanted there. */
  | { readonly stoppedAt: Token; readonly expected: string }

export class ChevrotainEngine extends EmbeddedActionsParser implements Engine {
  constructor(vocabulary: TokenType[], validate: boolean) {
    super(vocabulary, {
      maxLookahead: 1,
      recoveryEnabled: false,
      skipValidations: !validate,
      errorMessageProvider: expectedOnly,
    })
  }

  /** After the last rule. */
  prepare(): void {
    this.performSelfAnalysis()
  }

  attempt<V>(tokens: readonly Token[], rule: () => V): Outcome<V> {
    this.input = tokens as Token[]
    const value = rule()
    const error = this.errors[0]
    return error ? { stoppedAt: error.token, expected: error.message } : { value }
  }

  rule<Given extends unknown[], V>(name: string, implementation: Rule<Given, V>): Rule<Given, V> {
    const rule = this.RULE(name, implementation)
    const bound = Object.assign((...given: Given): V => rule.apply(this, given), rule)
    // Chevrotain looks rules up by name.
    Object.assign(this, { [name]: bound })
    return bound
  }

  /** Every rule has come from `rule`. */
  call<Given extends unknown[], V>(index: number, rule: Rule<Given, V>, given?: Given): V {
    return this.subrule(index, rule as ParserMethod<Given, V>, given && { ARGS: given })
  }

  take(index: number, type: TokenType): Token {
    return this.consume(index, type)
  }

  choose<V>(index: number, alternatives: Alternative<V>[]): V {
    return this.or<V>(index, alternatives)
  }

  maybe(index: number, body: () => void): void {
    this.option(index, body)
  }

  repeat(index: number, body: () => void): void {
    this.many(index, body)
  }

  list(separator: TokenType, body: () => void): void {
    this.AT_LEAST_ONE_SEP({ SEP: separator, DEF: body })
  }

  act<V>(body: () => V): V {
    return this.ACTION(body)
  }

  look(ahead: number): Token {
    return this.LA(ahead)
  }
}
