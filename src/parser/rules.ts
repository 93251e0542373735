/**
 * What the rules of the grammar are written in: Chevrotain's notation, for whichever engine runs them.
 *
 * Comes in: an engine. Goes out: the base class of the grammar. Apart from Chevrotain's own base class because that takes
 * longer to prepare than most programs take to parse, and only those with mistakes need it (`engines`).
 */
import type { TokenType } from 'chevrotain'
import { endOf, type Token } from '../lexer/lex.ts'
import { type SourceFile, type Span, span } from '../source.ts'

export interface Alternative<V> {
  readonly ALT: () => V
  /** Where it is false, this alternative is a mistake. */
  readonly GATE?: () => boolean
}

export type Rule<Given extends unknown[], V> = (...given: Given) => V

/** `index` tells apart what is of one kind in one rule. */
export interface Engine {
  rule<Given extends unknown[], V>(name: string, implementation: Rule<Given, V>): Rule<Given, V>
  call<Given extends unknown[], V>(index: number, rule: Rule<Given, V>, given?: Given): V
  take(index: number, type: TokenType): Token
  choose<V>(index: number, alternatives: Alternative<V>[]): V
  maybe(index: number, body: () => void): void
  repeat(index: number, body: () => void): void
  list(separator: TokenType, body: () => void): void
  /** What must not run when the engine only looks at the rules. */
  act<V>(body: () => V): V
  /** 1: the next token; 0: the last one taken. */
  look(ahead: number): Token
}

type Arguments<Given> = { readonly ARGS: Given }

export abstract class Rules {
  /** The file that spans refer to. Set before each parse. */
  file!: SourceFile
  private readonly engine: Engine

  constructor(engine: Engine) {
    this.engine = engine
  }

  at(token: Token): Span {
    return span(this.file, token.startOffset, endOf(token))
  }

  /** From the start of `first` to the end of the last token consumed. */
  from(first: Token): Span {
    return span(this.file, first.startOffset, endOf(this.LA(0)))
  }

  protected RULE<Given extends unknown[], V>(name: string, implementation: Rule<Given, V>): Rule<Given, V> {
    return this.engine.rule(name, implementation)
  }

  protected SUBRULE<Given extends unknown[], V>(rule: Rule<Given, V>, given?: Arguments<Given>): V {
    return this.engine.call(0, rule, given?.ARGS)
  }

  protected SUBRULE1<Given extends unknown[], V>(rule: Rule<Given, V>, given?: Arguments<Given>): V {
    return this.engine.call(1, rule, given?.ARGS)
  }

  protected SUBRULE2<Given extends unknown[], V>(rule: Rule<Given, V>, given?: Arguments<Given>): V {
    return this.engine.call(2, rule, given?.ARGS)
  }

  protected SUBRULE3<Given extends unknown[], V>(rule: Rule<Given, V>, given?: Arguments<Given>): V {
    return this.engine.call(3, rule, given?.ARGS)
  }

  protected CONSUME(type: TokenType): Token {
    return this.engine.take(0, type)
  }

  protected CONSUME1(type: TokenType): Token {
    return this.engine.take(1, type)
  }

  protected CONSUME2(type: TokenType): Token {
    return this.engine.take(2, type)
  }

  protected OR<V>(alternatives: Alternative<V>[]): V {
    return this.engine.choose(0, alternatives)
  }

  protected OR1<V>(alternatives: Alternative<V>[]): V {
    return this.engine.choose(1, alternatives)
  }

  protected OPTION(body: () => void): void {
    this.engine.maybe(0, body)
  }

  protected MANY(body: () => void): void {
    this.engine.repeat(0, body)
  }

  protected AT_LEAST_ONE_SEP({ SEP, DEF }: { readonly SEP: TokenType; readonly DEF: () => void }): void {
    this.engine.list(SEP, DEF)
  }

  protected ACTION<V>(body: () => V): V {
    return this.engine.act(body)
  }

  protected LA(ahead: number): Token {
    return this.engine.look(ahead)
  }
}
