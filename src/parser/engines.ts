/**
 * The two ways to run a rule: at once, and by Chevrotain where that finds a mistake, to say which.
 *
 * Comes in: tokens and a rule. Goes out: what it gives, or where it stopped. Each engine is made when it is first needed.
 */
import type { Token } from '../lexer/lex.ts'
import type { SourceFile } from '../source.ts'
import { ChevrotainEngine, type Outcome } from './chevrotain-engine.ts'
import { DirectEngine } from './direct-engine.ts'
import { Grammar, VOCABULARY } from './grammar.ts'

export type RunRule = <V>(
  file: SourceFile,
  tokens: readonly Token[],
  rule: (grammar: Grammar) => V,
) => Outcome<V>

type Engines<E> = { readonly engine: E; readonly grammar: Grammar }

let direct: Engines<DirectEngine> | undefined
let exact: Engines<ChevrotainEngine> | undefined

export function directGrammar(): Engines<DirectEngine> {
  const engine = new DirectEngine()
  return { engine, grammar: new Grammar(engine) }
}

/** With `validate`, throws where the grammar is not one of Chevrotain's, in which the next token always decides. */
export function chevrotainGrammar(validate = false): Engines<ChevrotainEngine> {
  const engine = new ChevrotainEngine(VOCABULARY, validate)
  const grammar = new Grammar(engine)
  engine.prepare()
  return { engine, grammar }
}

/** Undefined: there is a mistake. */
export function runDirectly<V>(file: SourceFile, tokens: readonly Token[], rule: (grammar: Grammar) => V) {
  const { engine, grammar } = (direct ??= directGrammar())
  grammar.file = file
  return engine.attempt(tokens, () => rule(grammar))
}

export const runExactly: RunRule = (file, tokens, rule) => {
  const { engine, grammar } = (exact ??= chevrotainGrammar())
  grammar.file = file
  return engine.attempt(tokens, () => rule(grammar))
}

export const runRule: RunRule = (file, tokens, rule) =>
  runDirectly(file, tokens, rule) ?? runExactly(file, tokens, rule)
