/**
 * Grammar of expressions. Each rule stands under its EBNF line; what is in angle brackets is a nested construct,
 * parsed before (see `nest`).
 *
 * Comes in: the tokens of one construct. Goes out: AST. Precedence is not in the rules: operands and operators
 * are read in a row and ordered by `operators`, which keeps the parser flat and fast.
 */
import { EmbeddedActionsParser } from 'chevrotain'
import { endOf, type Token } from '../lexer/lex.ts'
import * as T from '../lexer/tokens.ts'
import { type SourceFile, type Span, span } from '../source.ts'
import type { Definition, Expression } from './ast.ts'
import * as C from './constructs.ts'
import { type Literal, literal, negated } from './literals.ts'
import {
  finishRow,
  INFIX_OPERATORS,
  type InfixOperator,
  pushBlock,
  pushOperand,
  pushOperator,
  type Row,
} from './operators.ts'

/** What a nested construct was parsed to. The token's type, which the grammar just checked, implies `V`. */
export function parsed<V extends C.NestedValue>(token: Token): V {
  return (token as C.NestedToken).value as V
}

function operatorOf(token: Token): InfixOperator {
  return INFIX_OPERATORS.get(token.image)!
}

export class ExpressionRules extends EmbeddedActionsParser {
  /** The file that spans refer to. Set before each parse, like `input`. */
  file!: SourceFile

  at(token: Token): Span {
    return span(this.file, token.startOffset, endOf(token))
  }

  /** From the start of `first` to the end of the last token consumed. */
  from(first: Token): Span {
    return span(this.file, first.startOffset, endOf(this.LA(0)))
  }

  // expression = terms { ( <with { }> | <letrec { }> ) [ joint terms ] }
  // joint = ":" | "<:" | ":>" | "~" | ","
  expression = this.RULE('expression', (): Expression => {
    const row: Row = { operands: [], operators: [] }
    this.SUBRULE(this.terms, { ARGS: [row] })
    this.MANY(() => {
      const block = this.OR([
        { ALT: () => this.CONSUME(C.WithBlock) },
        { ALT: () => this.CONSUME(C.LetrecBlock) },
      ])
      this.ACTION(() => this.wrap(row, block))
      this.OPTION(() => {
        const joint = this.CONSUME(T.Joint)
        this.ACTION(() => pushOperator(row, operatorOf(joint)))
        this.SUBRULE1(this.terms, { ARGS: [row] })
      })
    })
    return this.ACTION(() => finishRow(row))
  })

  // terms = operand { ( infix | "," ) operand }
  private terms = this.RULE('terms', (row: Row): void => {
    this.SUBRULE(this.operand, { ARGS: [row] })
    this.MANY(() => {
      const token = this.CONSUME(T.Connective)
      this.ACTION(() => pushOperator(row, operatorOf(token)))
      this.SUBRULE1(this.operand, { ARGS: [row] })
    })
  })

  // argument = operand { infix operand }
  argument = this.RULE('argument', (): Expression => {
    const row: Row = { operands: [], operators: [] }
    this.SUBRULE(this.operand, { ARGS: [row] })
    this.MANY(() => {
      const token = this.CONSUME(T.Infix)
      this.ACTION(() => pushOperator(row, operatorOf(token)))
      this.SUBRULE1(this.operand, { ARGS: [row] })
    })
    return this.ACTION(() => finishRow(row))
  })

  // operand = primary { "'" | "." IDENT | <( arguments )> | <[ definitions ]> }
  operand = this.RULE('operand', (row: Row): void => {
    const first = this.LA(1)
    let e = this.SUBRULE(this.primary)
    this.MANY(() =>
      this.OR([
        {
          ALT: () => {
            this.CONSUME(T.Prime)
            e = { kind: 'delay1', span: this.from(first), operand: e }
          },
        },
        {
          ALT: () => {
            this.CONSUME(T.Dot)
            const name = this.CONSUME(T.Identifier)
            this.ACTION(() => (e = this.access(e, first, name)))
          },
        },
        {
          ALT: () => {
            const list = parsed<readonly Expression[]>(this.CONSUME(C.Arguments))
            e = { kind: 'apply', span: this.from(first), function: e, arguments: list }
          },
        },
        {
          ALT: () => {
            const definitions = parsed<readonly Definition[]>(this.CONSUME(C.Substitution))
            e = { kind: 'substitution', span: this.from(first), environment: e, definitions }
          },
        },
      ]),
    )
    this.ACTION(() => pushOperand(row, e, this.from(first)))
  })

  // primary = NUMBER | "+" [ NUMBER ] | "-" [ NUMBER | IDENT ] | IDENT | "_" | "!" | PRIMITIVE | OPERATOR
  //         | lambda | <( expression )> | <construct>
  primary = this.RULE('primary', (): Expression => this.OR(this.primaries))

  /** Made once, because this choice is made more often than any other. */
  private primaries = [
    { ALT: () => this.SUBRULE(this.number) },
    { ALT: () => this.SUBRULE(this.signed) },
    { ALT: () => this.identifier(this.CONSUME(T.Identifier)) },
    { ALT: () => this.leaf('wire', this.CONSUME(T.Wire)) },
    { ALT: () => this.leaf('cut', this.CONSUME(T.Cut)) },
    { ALT: () => this.primitive(this.CONSUME(T.Primitive)) },
    { ALT: () => this.primitive(this.CONSUME(T.Operator)) },
    { ALT: () => parsed<Expression>(this.CONSUME(C.Parenthesised)) },
    { ALT: () => parsed<Expression>(this.CONSUME(C.Construct)) },
    { ALT: () => this.SUBRULE(this.lambda) },
  ]

  // number = INT | FLOAT
  number = this.RULE('number', (): Expression & Literal => {
    const token = this.OR([{ ALT: () => this.CONSUME(T.Int) }, { ALT: () => this.CONSUME(T.Float) }])
    return this.ACTION(() => ({ ...literal(token), span: this.at(token) }))
  })

  // A sign makes one literal with its number; `-x` is negation; else `+` and `-` are primitives.
  signed = this.RULE('signed', (): Expression => {
    const minus = this.LA(1).tokenType === T.Minus
    const sign = this.OR([{ ALT: () => this.CONSUME(T.Plus) }, { ALT: () => this.CONSUME(T.Minus) }])
    let e: Expression = this.ACTION(() => this.primitive(sign))
    this.OPTION(() =>
      this.OR1([
        {
          ALT: () => {
            const n = this.SUBRULE(this.number)
            e = this.ACTION(() => ({ ...(minus ? negated(n) : n), span: this.from(sign) }))
          },
        },
        {
          GATE: () => minus,
          ALT: () => {
            const operand = this.identifier(this.CONSUME(T.Identifier))
            e = { kind: 'negate', span: this.from(sign), operand }
          },
        },
      ]),
    )
    return e
  })

  // lambda = "\" <( names )> "." <( expression )>
  lambda = this.RULE('lambda', (): Expression => {
    const list = this.CONSUME(C.Parameters)
    this.CONSUME(T.Dot)
    const body = parsed<Expression>(this.CONSUME(C.Parenthesised))
    return { kind: 'lambda', span: this.from(list), parameters: parsed<readonly string[]>(list), body }
  })

  private leaf(kind: 'wire' | 'cut', token: Token): Expression {
    return { kind, span: this.at(token) }
  }

  identifier(token: Token): Expression {
    return { kind: 'identifier', span: this.at(token), name: token.image }
  }

  private primitive(token: Token): Expression {
    return { kind: 'primitive', span: this.at(token), name: T.primitiveWritten(token.image) }
  }

  /** The sign of `-ma.PI` applies to the whole access; Faust reads `(-ma).PI`, which never means anything. */
  private access(e: Expression, first: Token, token: Token): Expression {
    const name = { name: token.image, nameSpan: this.at(token) }
    const signed = first.tokenType === T.Minus && e.kind === 'negate'
    if (!signed) return { kind: 'access', span: this.from(first), environment: e, ...name }
    const inside = span(this.file, e.operand.span.start, endOf(token))
    const operand: Expression = { kind: 'access', span: inside, environment: e.operand, ...name }
    return { kind: 'negate', span: this.from(first), operand }
  }

  private wrap(row: Row, token: Token): void {
    const block = this.at(token)
    if (token.tokenType === C.WithBlock) {
      const definitions = parsed<readonly Definition[]>(token)
      pushBlock(row, block, (body, all) => ({ kind: 'with', span: all, body, definitions }))
    } else {
      const content = parsed<C.LetrecContent>(token)
      pushBlock(row, block, (body, all) => ({ kind: 'letrec', span: all, body, ...content }))
    }
  }
}
