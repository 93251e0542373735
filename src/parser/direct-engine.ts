/**
 * Runs the rules of the grammar as plain functions, for what has no mistakes.
 *
 * Comes in: tokens and a rule. Goes out: what the rule gives; nothing where the tokens are not what it wants. An engine of
 * its own because Chevrotain's looks at all rules before it runs one. This one finds out which alternative a token
 * begins by trying, once for each place in the grammar and kind of token: since the next token always decides (a test
 * lets Chevrotain check that), one that does not begin so stops before it takes anything.
 */
import { EOF, type TokenType, tokenMatcher } from 'chevrotain'
import type { Token } from '../lexer/lex.ts'
import type { Alternative, Engine, Rule } from './rules.ts'

/** Thrown where a token does not fit. */
const MISMATCH = Symbol('mismatch')
/** Thrown where only a condition stood against it, from which nothing is to be learned. */
const REFUSED = Symbol('refused')

const NONE = -1

const END: Token = {
  image: '',
  startOffset: Number.NaN,
  tokenType: EOF,
  tokenTypeIdx: EOF.tokenTypeIdx!,
}

/** Places in a rule where the next token decides: choices, options and repetitions, ten of each. */
const PLACES_A_RULE = 30
const OPTIONS = 10
const REPETITIONS = 20

export class DirectEngine implements Engine {
  private tokens: readonly Token[] = []
  private position = 0
  private rules = 0
  private current = 0
  /** By place and kind of token: the alternative that it begins. */
  private readonly learned: number[][] = []

  /** Undefined: there are mistakes. */
  attempt<V>(tokens: readonly Token[], rule: () => V): { readonly value: V } | undefined {
    this.tokens = tokens
    this.position = 0
    try {
      const value = rule()
      return this.position === tokens.length ? { value } : undefined
    } catch (error) {
      if (error !== MISMATCH && error !== REFUSED) throw error
      return undefined
    }
  }

  rule<Given extends unknown[], V>(_name: string, implementation: Rule<Given, V>): Rule<Given, V> {
    const number = this.rules++
    return (...given) => {
      const outer = this.current
      this.current = number
      const value = implementation(...given)
      this.current = outer
      return value
    }
  }

  call<Given extends unknown[], V>(_index: number, rule: Rule<Given, V>, given?: Given): V {
    return given ? rule(...given) : (rule as Rule<[], V>)()
  }

  take(_index: number, type: TokenType): Token {
    const token = this.look(1)
    if (token.tokenType !== type && !tokenMatcher(token, type)) throw MISMATCH
    this.position++
    return token
  }

  choose<V>(index: number, alternatives: readonly Alternative<V>[]): V {
    const place = this.learnedAt(index)
    const known = place[this.look(1).tokenTypeIdx]
    if (known === undefined) return this.tryEach(place, alternatives)
    if (known === NONE) throw MISMATCH
    const { ALT, GATE } = alternatives[known]!
    if (GATE && !GATE()) throw REFUSED
    return ALT()
  }

  maybe(index: number, body: () => void): void {
    this.enter(this.learnedAt(OPTIONS + index), body)
  }

  repeat(index: number, body: () => void): void {
    const place = this.learnedAt(REPETITIONS + index)
    while (this.enter(place, body));
  }

  list(separator: TokenType, body: () => void): void {
    body()
    while (tokenMatcher(this.look(1), separator)) {
      this.position++
      body()
    }
  }

  act<V>(body: () => V): V {
    return body()
  }

  look(ahead: number): Token {
    return this.tokens[this.position + ahead - 1] ?? END
  }

  private learnedAt(index: number): number[] {
    return (this.learned[this.current * PLACES_A_RULE + index] ??= [])
  }

  /** Whether the next token begins the body, which then has run. */
  private enter(place: number[], body: () => void): boolean {
    const kind = this.look(1).tokenTypeIdx
    const known = place[kind]
    if (known === undefined) {
      if (this.tryOne(place, 0, body)) return true
      place[kind] = NONE
      return false
    }
    if (known === NONE) return false
    body()
    return true
  }

  private tryEach<V>(place: number[], alternatives: readonly Alternative<V>[]): V {
    for (const [number, { ALT, GATE }] of alternatives.entries()) {
      const isRefused = GATE !== undefined && !GATE()
      const found = this.tryOne(place, number, isRefused ? refused(ALT) : ALT)
      if (found) return found.value
    }
    place[this.look(1).tokenTypeIdx] = NONE
    throw MISMATCH
  }

  /** Undefined: the next token does not begin it. */
  private tryOne<V>(place: number[], number: number, body: () => V): { readonly value: V } | undefined {
    const { position, current } = this
    const kind = this.look(1).tokenTypeIdx
    try {
      const value = body()
      place[kind] = number
      return { value }
    } catch (error) {
      if (error !== MISMATCH) throw error
      this.current = current
      if (this.position === position) return undefined
      place[kind] = number
      throw error
    }
  }
}

/** Whether a token would begin it is to be seen all the same. */
function refused(body: () => unknown): () => never {
  return () => {
    body()
    throw REFUSED
  }
}
