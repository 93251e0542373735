/**
 * Tokens in words, for messages: what was found, and how a construct is written.
 *
 * Comes in: tokens. Goes out: phrases. Apart from `syntax-errors`, which decides what to say, not how it reads.
 */
import { EOF, type TokenType } from 'chevrotain'
import type { Token } from '../lexer/lex.ts'
import * as T from '../lexer/tokens.ts'
import * as C from './constructs.ts'

const MAX_LENGTH = 30

const shorten = (s: string) => (s.length <= MAX_LENGTH ? s : `${s.slice(0, MAX_LENGTH - 1)}…`)

export function describe(token: Token): string {
  const { image, tokenType } = token
  switch (tokenType) {
    case EOF:
      return 'the end of the file'
    case T.Identifier:
      return `the name \`${shorten(image)}\``
    case T.Int:
    case T.Float:
      return `the number \`${shorten(image)}\``
    case T.Text:
      return `the string ${shorten(image.replace(/\s+/g, ' '))}`
    case T.FileString:
      return `the file name \`${shorten(image)}\``
    case T.Documentation:
      return 'a documentation block'
    case C.Parenthesised:
    case C.Arguments:
      return 'the parenthesis'
    case C.Construct:
      return image === '[' ? 'the modulation' : `the \`${image}\` expression`
    case C.WithBlock:
    case C.LetrecBlock:
      return `the \`${image}\` block`
    case C.Substitution:
      return '`[`'
    default:
      return isReservedWord(token) ? `the reserved word \`${image}\`` : `\`${shorten(image)}\``
  }
}

export function isReservedWord(token: Token): boolean {
  return T.WORDS.has(token.image)
}

/** How the constructs that a word introduces are written. */
export const USAGE: ReadonlyMap<string, string> = new Map(
  Object.entries({
    import: 'import("file.lib");',
    library: 'library("file.lib")',
    component: 'component("file.dsp")',
    route: 'route(inputs, outputs, from1, to1, from2, to2)',
    ffunction: 'ffunction(float name(float), <math.h>, "")',
    fconstant: 'fconstant(int name, <math.h>)',
    fvariable: 'fvariable(int name, <math.h>)',
    button: 'button("label")',
    checkbox: 'checkbox("label")',
    hslider: 'hslider("label", init, min, max, step)',
    vslider: 'vslider("label", init, min, max, step)',
    nentry: 'nentry("label", init, min, max, step)',
    hbargraph: 'hbargraph("label", min, max)',
    vbargraph: 'vbargraph("label", min, max)',
    hgroup: 'hgroup("label", expression)',
    vgroup: 'vgroup("label", expression)',
    tgroup: 'tgroup("label", expression)',
    soundfile: 'soundfile("label", channels)',
    node: 'node("name", argument, …)',
    par: 'par(i, count, expression)',
    seq: 'seq(i, count, expression)',
    sum: 'sum(i, count, expression)',
    prod: 'prod(i, count, expression)',
    inputs: 'inputs(expression)',
    outputs: 'outputs(expression)',
    waveform: 'waveform{1, 2.5, -3}',
    case: 'case { (pattern) => expression; }',
    environment: 'environment { name = expression; }',
    with: 'expression with { name = expression; }',
    letrec: "expression letrec { 'name = expression; }",
    declare: 'declare name "value";',
    '\\': '\\(x).(expression)',
    '[': '["label": circuit -> expression]',
  }),
)

const OPERAND_STARTS: ReadonlySet<TokenType> = new Set<TokenType>([
  T.Identifier,
  T.Int,
  T.Float,
  T.Text,
  T.Wire,
  T.Cut,
  T.Primitive,
  T.NumberType,
  C.Parenthesised,
  C.Construct,
  C.Parameters,
])

export function startsOperand(token: Token): boolean {
  return OPERAND_STARTS.has(token.tokenType)
}
