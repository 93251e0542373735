/**
 * The vocabulary: every kind of token, and which text is which kind.
 *
 * Comes in: the primitive table, for operator symbols and primitive names. Goes out: Chevrotain token types and
 * the maps from a word or symbol to its type. Its own file because lexer, grammar and error messages share it.
 *
 * The lexer recognises only shapes (a word, a number, a symbol); words and symbols are then looked up here. That
 * keeps "longest match" trivially right and the lexer's start-up short.
 */
import { createToken, Lexer, type TokenType } from 'chevrotain'
import { PRIMITIVE_NAMES, type PrimitiveName, primitive } from '../core/primitives.ts'

/** A type whose tokens are assigned after lexing. `label` is how messages name it. */
function kind(name: string, label: string, ...categories: TokenType[]): TokenType {
  return createToken({ name, label, pattern: Lexer.NA, categories })
}

// Categories: what may stand between two operands.
export const Connective = kind('Connective', 'an operator')
export const Infix = kind('Infix', 'an operator', Connective)
/** Those that join compositions, not numbers. */
export const Joint = kind('Joint', 'an operator')

export const Identifier = kind('Identifier', 'a name')
export const Int = createToken({ name: 'Int', label: 'a number', pattern: /\d+/ })
export const Float = createToken({
  name: 'Float',
  label: 'a number',
  pattern: /(?:\d+\.\d*|\.\d+)(?:e[+-]?\d+)?f?|\d+(?:e[+-]?\d+f?|f)/,
})
export const Text = createToken({
  name: 'Text',
  label: 'a string in double quotes',
  pattern: /"[^"]*"/,
  line_breaks: true,
})

const FILE_STRING = /<[A-Za-z0-9_][A-Za-z0-9_./+-]*>/y

/**
 * `<math.h>`. Only after a comma, where an expression could not hold it: there `<` would be the comparison as a
 * value, which no name can follow. So `a<b>c` stays two comparisons, unlike in Faust.
 */
export const FileString = createToken({
  name: 'FileString',
  label: 'a file name',
  line_breaks: false,
  start_chars_hint: ['<'],
  pattern: (text, offset, matched) => {
    if (matched.at(-1)?.image !== ',') return null
    FILE_STRING.lastIndex = offset
    return FILE_STRING.exec(text)
  },
})
export const Documentation = createToken({
  name: 'Documentation',
  label: 'documentation',
  pattern: /<mdoc>[\s\S]*?<\/mdoc>/,
  line_breaks: true,
  start_chars_hint: ['<'],
})

// Symbols.
export const Operator = kind('Operator', 'an operator', Infix)
/** An operator as any other, and between the names of a foreign function. */
export const Bar = kind('Bar', '`|`', Operator)
export const Plus = kind('Plus', '`+`', Infix)
export const Minus = kind('Minus', '`-`', Infix)
export const Colon = kind('Colon', '`:`', Infix, Joint)
export const Composition = kind('Composition', 'an operator', Infix, Joint)
export const Comma = kind('Comma', '`,`', Connective, Joint)
export const Wire = kind('Wire', '`_`')
export const Cut = kind('Cut', '`!`')
export const Prime = kind('Prime', "`'`")
export const Dot = kind('Dot', '`.`')
export const Backslash = kind('Backslash', '`\\`')
export const Semicolon = kind('Semicolon', '`;`')
export const Equals = kind('Equals', '`=`')
export const DoubleArrow = kind('DoubleArrow', '`=>`')
export const Arrow = kind('Arrow', '`->`')
export const LeftParen = kind('LeftParen', '`(`')
export const RightParen = kind('RightParen', '`)`')
export const LeftBracket = kind('LeftBracket', '`[`')
export const RightBracket = kind('RightBracket', '`]`')
export const LeftBrace = kind('LeftBrace', '`{`')
export const RightBrace = kind('RightBrace', '`}`')

// Words. The image tells apart those that share a type.
export const Primitive = kind('Primitive', 'a primitive')
export const TypeWord = kind('TypeWord', 'a type (`int`, `float` or `any`)')
/** `int` and `float`, which are primitives in an expression and types in a foreign signature. */
export const NumberType = kind('NumberType', 'a type', Primitive, TypeWord)
export const AnyType = kind('AnyType', '`any`', TypeWord)
export const Variant = kind('Variant', 'a precision')
export const Import = kind('Import', '`import`')
export const Declare = kind('Declare', '`declare`')
export const Case = kind('Case', '`case`')
export const With = kind('With', '`with`')
export const Letrec = kind('Letrec', '`letrec`')
export const Where = kind('Where', '`where`')
export const Environment = kind('Environment', '`environment`')
export const FileEnvironment = kind('FileEnvironment', '`library` or `component`')
export const Waveform = kind('Waveform', '`waveform`')
export const Route = kind('Route', '`route`')
export const ForeignFunction = kind('ForeignFunction', '`ffunction`')
export const ForeignValue = kind('ForeignValue', '`fconstant` or `fvariable`')
export const Button = kind('Button', 'a button')
export const Slider = kind('Slider', 'a slider')
export const Bargraph = kind('Bargraph', 'a bargraph')
export const Group = kind('Group', 'a group')
export const Soundfile = kind('Soundfile', '`soundfile`')
/** The word `node`, when a text in brackets follows; else it is a name like any other. */
export const NodeWord = kind('NodeWord', '`node`')
export const Iteration = kind('Iteration', 'an iteration')
export const Count = kind('Count', '`inputs` or `outputs`')
export const Reserved = kind('Reserved', 'a reserved word')

/** Characters that mean nothing. Already reported, so the parser keeps silent about them. */
export const Unknown = createToken({
  name: 'Unknown',
  label: 'nothing',
  // Characters that start nothing come in one token, however many there are.
  pattern: /[#$?`\0-\x08\x0E-\x1F\x7F-\uFFFF]+|[\0-\uFFFF]/,
  line_breaks: true,
})

// What only the lexer sees.
export const Blank = createToken({
  name: 'Blank',
  pattern: /[ \t\r\n\uFEFF]+/,
  group: Lexer.SKIPPED,
  line_breaks: true,
})
export const Comment = createToken({
  name: 'Comment',
  pattern: /\/\/[^\n]*|\/\*[\s\S]*?\*\//,
  group: Lexer.SKIPPED,
  line_breaks: true,
})
export const OpenComment = createToken({ name: 'OpenComment', pattern: /\/\*[\s\S]*/, line_breaks: true })
export const OpenDocumentation = createToken({
  name: 'OpenDocumentation',
  pattern: /<mdoc>[\s\S]*/,
  line_breaks: true,
  start_chars_hint: ['<'],
})
export const OpenText = createToken({ name: 'OpenText', pattern: /"[^"\n]*/ })
export const Word = createToken({
  name: 'Word',
  pattern: /(?:::)?_*[A-Za-z][_A-Za-z0-9]*(?:::_*[A-Za-z][_A-Za-z0-9]*)*/,
})

/** How programs write a primitive: its symbol, else its key. `pow` can be written both ways. */
const writtenAs = new Map<string, PrimitiveName>([['pow', 'pow']])
for (const name of PRIMITIVE_NAMES) writtenAs.set(primitive(name).symbol ?? name, name)

/** The primitive that a word or symbol stands for. */
export function primitiveWritten(image: string): PrimitiveName {
  return writtenAs.get(image)!
}

const isWord = (image: string) => /^\w+$/.test(image)

const wordTypes: readonly (readonly [TokenType, string])[] = [
  [NumberType, 'int float'],
  [AnyType, 'any'],
  [Variant, 'singleprecision doubleprecision quadprecision fixedpointprecision'],
  [Import, 'import'],
  [Declare, 'declare'],
  [Case, 'case'],
  [With, 'with'],
  [Letrec, 'letrec'],
  [Where, 'where'],
  [Environment, 'environment'],
  [FileEnvironment, 'library component'],
  [Waveform, 'waveform'],
  [Route, 'route'],
  [ForeignFunction, 'ffunction'],
  [ForeignValue, 'fconstant fvariable'],
  [Button, 'button checkbox'],
  [Slider, 'hslider vslider nentry'],
  [Bargraph, 'hbargraph vbargraph'],
  [Group, 'hgroup vgroup tgroup'],
  [Soundfile, 'soundfile'],
  [Iteration, 'par seq sum prod'],
  [Count, 'inputs outputs'],
  [Reserved, 'minput'],
]

/** Reserved words. A word that is not here is an identifier. */
export const WORDS: ReadonlyMap<string, TokenType> = new Map([
  ...[...writtenAs.keys()].filter(isWord).map(w => [w, w === 'xor' ? Operator : Primitive] as const),
  ...wordTypes.flatMap(([type, words]) => words.split(' ').map(w => [w, type] as const)),
])

export const SYMBOLS: ReadonlyMap<string, TokenType> = new Map([
  ...[...writtenAs.keys()].filter(s => !isWord(s)).map(s => [s, Operator] as const),
  ['|', Bar],
  ['+', Plus],
  ['-', Minus],
  [':', Colon],
  ['<:', Composition],
  [':>', Composition],
  ['+>', Composition],
  ['~', Composition],
  [',', Comma],
  ['_', Wire],
  ['!', Cut],
  ["'", Prime],
  ['.', Dot],
  ['\\', Backslash],
  [';', Semicolon],
  ['=', Equals],
  ['=>', DoubleArrow],
  ['->', Arrow],
  ['(', LeftParen],
  [')', RightParen],
  ['[', LeftBracket],
  [']', RightBracket],
  ['{', LeftBrace],
  ['}', RightBrace],
  // Habits from other languages. As two operators they would make sense to the parser, but to nobody else.
  ['&&', Unknown],
  ['||', Unknown],
])

const quoted = (s: string) => s.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')

export const SymbolText = createToken({
  name: 'SymbolText',
  pattern: new RegExp(
    [...SYMBOLS.keys()]
      .sort((a, b) => b.length - a.length)
      .map(quoted)
      .join('|'),
  ),
})

export const CATEGORIES: TokenType[] = [Connective, Infix, Joint, TypeWord]

/** In the order in which the lexer tries them: the first that matches wins. */
export const LEXED: TokenType[] = [
  Blank,
  Comment,
  OpenComment,
  Word,
  Float,
  Int,
  Text,
  OpenText,
  FileString,
  Documentation,
  OpenDocumentation,
  SymbolText,
  Unknown,
]
