/**
 * Grammar of the constructs that a word introduces: controls, groups, iterations, files, foreign functions.
 *
 * Comes in: the tokens of one construct, from its word to its closing parenthesis. Goes out: AST. Apart from
 * `expressions` because none of these knows about operators; the shape of each is all there is to say.
 */
import type { Token } from '../lexer/lex.ts'
import * as T from '../lexer/tokens.ts'
import type * as A from './ast.ts'
import * as C from './constructs.ts'
import { ExpressionRules, parsed } from './expressions.ts'
import { unquoted } from './literals.ts'

type NumberWord = 'int' | 'float' | 'any'
type SliderRange = { init: A.Expression; min: A.Expression; max: A.Expression; step: A.Expression }

export class ConstructRules extends ExpressionRules {
  // string = STRING
  protected string = this.RULE('string', (): string => {
    const token = this.CONSUME(T.Text)
    return this.ACTION(() => unquoted(token))
  })

  // importClause = "import" "(" string ")"
  importClause = this.RULE('importClause', (): string => {
    this.CONSUME(T.Import)
    this.CONSUME(T.LeftParen)
    const file = this.SUBRULE(this.string)
    this.CONSUME(T.RightParen)
    return file
  })

  // fileEnvironment = ( "library" | "component" ) "(" string ")"
  fileEnvironment = this.RULE('fileEnvironment', (): A.Expression => {
    const first = this.CONSUME(T.FileEnvironment)
    this.CONSUME(T.LeftParen)
    const file = this.SUBRULE(this.string)
    this.CONSUME(T.RightParen)
    return { kind: first.image as 'library' | 'component', span: this.from(first), file }
  })

  // button = ( "button" | "checkbox" ) "(" string ")"
  button = this.RULE('button', (): A.Expression => {
    const first = this.CONSUME(T.Button)
    this.CONSUME(T.LeftParen)
    const label = this.SUBRULE(this.string)
    this.CONSUME(T.RightParen)
    return { kind: first.image as 'button' | 'checkbox', span: this.from(first), label }
  })

  // slider = ( "hslider" | "vslider" | "nentry" ) "(" string "," range ")"
  slider = this.RULE('slider', (): A.Expression => {
    const first = this.CONSUME(T.Slider)
    this.CONSUME(T.LeftParen)
    const label = this.SUBRULE(this.string)
    this.CONSUME(T.Comma)
    const range = this.SUBRULE(this.range)
    this.CONSUME(T.RightParen)
    return { kind: first.image as A.SliderKind, span: this.from(first), label, ...range }
  })

  // range = argument "," argument "," argument "," argument
  private range = this.RULE('range', (): SliderRange => {
    const init = this.SUBRULE(this.argument)
    this.CONSUME(T.Comma)
    const min = this.SUBRULE1(this.argument)
    this.CONSUME1(T.Comma)
    const max = this.SUBRULE2(this.argument)
    this.CONSUME2(T.Comma)
    const step = this.SUBRULE3(this.argument)
    return { init, min, max, step }
  })

  // bargraph = ( "hbargraph" | "vbargraph" ) "(" string "," argument "," argument ")"
  bargraph = this.RULE('bargraph', (): A.Expression => {
    const first = this.CONSUME(T.Bargraph)
    this.CONSUME(T.LeftParen)
    const label = this.SUBRULE(this.string)
    this.CONSUME(T.Comma)
    const min = this.SUBRULE(this.argument)
    this.CONSUME1(T.Comma)
    const max = this.SUBRULE1(this.argument)
    this.CONSUME(T.RightParen)
    return { kind: first.image as 'vbargraph' | 'hbargraph', span: this.from(first), label, min, max }
  })

  // group = ( "hgroup" | "vgroup" | "tgroup" ) "(" string "," expression ")"
  group = this.RULE('group', (): A.Expression => {
    const first = this.CONSUME(T.Group)
    this.CONSUME(T.LeftParen)
    const label = this.SUBRULE(this.string)
    this.CONSUME(T.Comma)
    const body = this.SUBRULE(this.expression)
    this.CONSUME(T.RightParen)
    return { kind: first.image as A.GroupKind, span: this.from(first), label, body }
  })

  // soundfile = "soundfile" "(" string "," argument ")"
  soundfile = this.RULE('soundfile', (): A.Expression => {
    const first = this.CONSUME(T.Soundfile)
    this.CONSUME(T.LeftParen)
    const label = this.SUBRULE(this.string)
    this.CONSUME(T.Comma)
    const channels = this.SUBRULE(this.argument)
    this.CONSUME(T.RightParen)
    return { kind: 'soundfile', span: this.from(first), label, channels }
  })

  // node = "node" "(" string { "," argument } ")"
  node = this.RULE('node', (): A.Expression => {
    const first = this.CONSUME(T.NodeWord)
    this.CONSUME(T.LeftParen)
    const name = this.SUBRULE(this.string)
    const list: A.Expression[] = []
    this.MANY(() => {
      this.CONSUME(T.Comma)
      list.push(this.SUBRULE(this.argument))
    })
    this.CONSUME(T.RightParen)
    return { kind: 'node', span: this.from(first), name, arguments: list }
  })

  // iteration = ( "par" | "seq" | "sum" | "prod" ) "(" IDENT "," argument "," expression ")"
  iteration = this.RULE('iteration', (): A.Expression => {
    const first = this.CONSUME(T.Iteration)
    this.CONSUME(T.LeftParen)
    const name = this.CONSUME(T.Identifier).image
    this.CONSUME(T.Comma)
    const count = this.SUBRULE(this.argument)
    this.CONSUME1(T.Comma)
    const body = this.SUBRULE(this.expression)
    this.CONSUME(T.RightParen)
    const operator = first.image as A.IterationKind
    return { kind: 'iteration', span: this.from(first), operator, name, count, body }
  })

  // count = ( "inputs" | "outputs" ) "(" expression ")"
  count = this.RULE('count', (): A.Expression => {
    const first = this.CONSUME(T.Count)
    this.CONSUME(T.LeftParen)
    const operand = this.SUBRULE(this.expression)
    this.CONSUME(T.RightParen)
    return { kind: first.image as 'inputs' | 'outputs', span: this.from(first), operand }
  })

  // route = "route" "(" argument "," argument [ "," expression ] ")"
  route = this.RULE('route', (): A.Expression => {
    const first = this.CONSUME(T.Route)
    this.CONSUME(T.LeftParen)
    const inputs = this.SUBRULE(this.argument)
    this.CONSUME(T.Comma)
    const outputs = this.SUBRULE1(this.argument)
    let connections: A.Expression | undefined
    this.OPTION(() => {
      this.CONSUME1(T.Comma)
      connections = this.SUBRULE(this.expression)
    })
    this.CONSUME(T.RightParen)
    const span = this.from(first)
    return { kind: 'route', span, inputs, outputs, ...(connections ? { connections } : {}) }
  })

  // foreignFunction = "ffunction" "(" TYPE IDENT { "|" IDENT } <( types )> "," fileName "," fileName ")"
  foreignFunction = this.RULE('foreignFunction', (): A.Expression => {
    const first = this.CONSUME(T.ForeignFunction)
    this.CONSUME(T.LeftParen)
    const result = this.CONSUME(T.TypeWord).image as NumberWord
    const names = [this.CONSUME(T.Identifier).image]
    this.MANY(() => {
      this.CONSUME(T.Bar)
      names.push(this.CONSUME1(T.Identifier).image)
    })
    const types = parsed<readonly string[]>(this.CONSUME(C.TypeList)) as readonly NumberWord[]
    this.CONSUME(T.Comma)
    const include = this.SUBRULE(this.fileName)
    this.CONSUME1(T.Comma)
    const library = this.SUBRULE1(this.fileName)
    this.CONSUME(T.RightParen)
    const signature: A.ForeignSignature = { result, names, arguments: types }
    return { kind: 'ffunction', span: this.from(first), signature, include, library }
  })

  // typeList = "(" ( ")" | TYPE { "," TYPE } ")" )
  typeList = this.RULE('typeList', (): string[] => {
    const list: string[] = []
    this.CONSUME(T.LeftParen)
    this.OR([
      { ALT: () => this.CONSUME(T.RightParen) },
      {
        ALT: () => {
          this.AT_LEAST_ONE_SEP({ SEP: T.Comma, DEF: () => list.push(this.CONSUME(T.TypeWord).image) })
          this.CONSUME1(T.RightParen)
        },
      },
    ])
    return list
  })

  // foreignValue = ( "fconstant" | "fvariable" ) "(" TYPE IDENT "," fileName ")"
  foreignValue = this.RULE('foreignValue', (): A.Expression => {
    const first = this.CONSUME(T.ForeignValue)
    this.CONSUME(T.LeftParen)
    const type = this.CONSUME(T.TypeWord).image as NumberWord
    const name = this.CONSUME(T.Identifier).image
    this.CONSUME(T.Comma)
    const include = this.SUBRULE(this.fileName)
    this.CONSUME(T.RightParen)
    return { kind: first.image as 'fconstant' | 'fvariable', span: this.from(first), type, name, include }
  })

  // fileName = STRING | FILESTRING
  private fileName = this.RULE('fileName', (): string => {
    const token: Token = this.OR([
      { ALT: () => this.CONSUME(T.Text) },
      { ALT: () => this.CONSUME(T.FileString) },
    ])
    return this.ACTION(() => unquoted(token))
  })
}
