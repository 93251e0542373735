/**
 * Grammar of statements and of lists in brackets; the whole grammar together with `expressions` and
 * `construct-rules`. Each rule stands under its EBNF line.
 *
 * Comes in: the tokens of one construct or statement. Goes out: AST. A rule has the name of its construct's role
 * and reads it from the leading word to the closing bracket.
 */
import { type IParserErrorMessageProvider, tokenLabel } from 'chevrotain'
import type { Token } from '../lexer/lex.ts'
import * as T from '../lexer/tokens.ts'
import type * as A from './ast.ts'
import { ConstructRules } from './construct-rules.ts'
import * as C from './constructs.ts'
import { parsed } from './expressions.ts'
import { literal, negated } from './literals.ts'

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

const VOCABULARY = [...T.LEXED, ...T.CATEGORIES, ...new Set([...T.WORDS.values(), ...T.SYMBOLS.values()])]

export class Grammar extends ConstructRules {
  constructor(validate = false) {
    super([...VOCABULARY, T.Identifier, ...C.NESTED], {
      maxLookahead: 1,
      recoveryEnabled: false,
      skipValidations: !validate,
      errorMessageProvider: expectedOnly,
    })
    this.performSelfAnalysis()
  }

  // statement = { VARIANT } ( definitionOf | <import("file")> ";" | declare | MDOC )
  statement = this.RULE('statement', (): A.Statement => {
    const first = this.LA(1)
    const variants = this.SUBRULE(this.variants)
    return this.OR<A.Statement>([
      { ALT: () => this.SUBRULE(this.definitionOf, { ARGS: [first, variants] }) },
      {
        ALT: () => {
          const file = parsed<string>(this.CONSUME(C.ImportClause))
          this.CONSUME(T.Semicolon)
          return { kind: 'import', span: this.from(first), variants, file }
        },
      },
      { ALT: () => this.SUBRULE(this.declare, { ARGS: [first, variants] }) },
      {
        ALT: () => {
          const token = this.CONSUME(T.Documentation)
          const text = token.image.slice('<mdoc>'.length, -'</mdoc>'.length)
          return { kind: 'documentation', span: this.at(token), text }
        },
      },
    ])
  })

  // definition = { VARIANT } definitionOf
  definition = this.RULE('definition', (): A.Definition => {
    const first = this.LA(1)
    const variants = this.SUBRULE(this.variants)
    return this.SUBRULE(this.definitionOf, { ARGS: [first, variants] })
  })

  private variants = this.RULE('variants', (): A.Variant[] => {
    const list: A.Variant[] = []
    this.MANY(() => list.push(this.CONSUME(T.Variant).image as A.Variant))
    return list
  })

  // definitionOf = IDENT [ <( patterns )> ] "=" expression ";"
  private definitionOf = this.RULE('definitionOf', (first: Token, variants: A.Variant[]): A.Definition => {
    const name = this.CONSUME(T.Identifier)
    let parameters: readonly A.Expression[] | undefined
    this.OPTION(() => {
      parameters = parsed<readonly A.Expression[]>(this.CONSUME(C.Arguments))
    })
    this.CONSUME(T.Equals)
    const body = this.SUBRULE(this.expression)
    this.CONSUME(T.Semicolon)
    return this.ACTION(() => ({
      kind: 'definition',
      span: this.from(first),
      variants,
      name: name.image,
      nameSpan: this.at(name),
      ...(parameters ? { parameters } : {}),
      body,
    }))
  })

  // declare = "declare" IDENT [ IDENT ] STRING ";"
  private declare = this.RULE('declare', (first: Token, variants: A.Variant[]): A.DeclareStatement => {
    this.CONSUME(T.Declare)
    const target = this.CONSUME(T.Identifier).image
    let key: string | undefined
    this.OPTION(() => {
      key = this.CONSUME1(T.Identifier).image
    })
    const value = this.SUBRULE(this.string)
    this.CONSUME(T.Semicolon)
    const rest = key === undefined ? { key: target } : { target, key }
    return this.ACTION(() => ({ kind: 'declare', span: this.from(first), variants, ...rest, value }))
  })

  // recurrence = "'" IDENT "=" expression ";"
  recurrence = this.RULE('recurrence', (): A.Recurrence => {
    const first = this.CONSUME(T.Prime)
    const name = this.CONSUME(T.Identifier).image
    this.CONSUME(T.Equals)
    const body = this.SUBRULE(this.expression)
    this.CONSUME(T.Semicolon)
    return { span: this.from(first), name, body }
  })

  // caseRule = <( patterns )> "=>" expression ";"
  caseRule = this.RULE('caseRule', (): A.Rule => {
    const first = this.CONSUME(C.Arguments)
    this.CONSUME(T.DoubleArrow)
    const body = this.SUBRULE(this.expression)
    this.CONSUME(T.Semicolon)
    return { span: this.from(first), patterns: parsed<readonly A.Expression[]>(first), body }
  })

  // parenthesised = "(" expression ")"
  parenthesised = this.RULE('parenthesised', (): A.Expression => {
    this.CONSUME(T.LeftParen)
    const e = this.SUBRULE(this.expression)
    this.CONSUME(T.RightParen)
    return e
  })

  // argumentList = "(" argument { "," argument } ")"
  argumentList = this.RULE('argumentList', (): A.Expression[] => {
    this.CONSUME(T.LeftParen)
    const list = [this.SUBRULE(this.argument)]
    this.MANY(() => {
      this.CONSUME(T.Comma)
      list.push(this.SUBRULE1(this.argument))
    })
    this.CONSUME(T.RightParen)
    return list
  })

  // parameterList = "\" "(" IDENT { "," IDENT } ")"
  parameterList = this.RULE('parameterList', (): string[] => {
    this.CONSUME(T.Backslash)
    this.CONSUME(T.LeftParen)
    const list = [this.CONSUME(T.Identifier).image]
    this.MANY(() => {
      this.CONSUME(T.Comma)
      list.push(this.CONSUME1(T.Identifier).image)
    })
    this.CONSUME(T.RightParen)
    return list
  })

  // modulation = "[" target { "," target } "->" expression "]"
  modulation = this.RULE('modulation', (): A.Expression => {
    const first = this.CONSUME(T.LeftBracket)
    const targets = [this.SUBRULE(this.target)]
    this.MANY(() => {
      this.CONSUME(T.Comma)
      targets.push(this.SUBRULE1(this.target))
    })
    this.CONSUME(T.Arrow)
    const body = this.SUBRULE(this.expression)
    this.CONSUME(T.RightBracket)
    return { kind: 'modulation', span: this.from(first), targets, body }
  })

  // target = STRING [ ":" argument ]
  private target = this.RULE('target', (): A.ModulationTarget => {
    const first = this.LA(1)
    const label = this.SUBRULE(this.string)
    let circuit: A.Expression | undefined
    this.OPTION(() => {
      this.CONSUME(T.Colon)
      circuit = this.SUBRULE(this.argument)
    })
    return { span: this.from(first), label, ...(circuit ? { circuit } : {}) }
  })

  // waveform = "waveform" "{" signedNumber { "," signedNumber } "}"
  waveform = this.RULE('waveform', (): A.Expression => {
    const first = this.CONSUME(T.Waveform)
    this.CONSUME(T.LeftBrace)
    const values = [this.SUBRULE(this.signedNumber)]
    this.MANY(() => {
      this.CONSUME(T.Comma)
      values.push(this.SUBRULE1(this.signedNumber))
    })
    this.CONSUME(T.RightBrace)
    return { kind: 'waveform', span: this.from(first), values }
  })

  // signedNumber = [ "+" | "-" ] ( INT | FLOAT )
  private signedNumber = this.RULE('signedNumber', (): { value: number; type: 'int' | 'real' } => {
    const minus = this.LA(1).tokenType === T.Minus
    this.OPTION(() => this.OR([{ ALT: () => this.CONSUME(T.Plus) }, { ALT: () => this.CONSUME(T.Minus) }]))
    const token = this.OR1([{ ALT: () => this.CONSUME(T.Int) }, { ALT: () => this.CONSUME(T.Float) }])
    return this.ACTION(() => {
      const n = minus ? negated(literal(token)) : literal(token)
      return { value: n.value, type: n.kind }
    })
  })
}
