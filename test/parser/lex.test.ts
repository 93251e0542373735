/** Tokens, from the lexical table of the language. */
import { expect, test } from 'vitest'
import { DiagnosticLog } from '../../src/diagnostics.ts'
import { lex } from '../../src/lexer/lex.ts'
import { WORDS } from '../../src/lexer/tokens.ts'
import { printTokens } from '../../src/parser/dump.ts'
import { SourceFile } from '../../src/source.ts'
import { parseExpression, shown, tryParse } from './support.ts'

function images(text: string): string[] {
  const log = new DiagnosticLog()
  const { tokens } = lex(new SourceFile('t.dsp', text), log)
  expect(log.diagnostics).toEqual([])
  return tokens.map(t => t.image)
}

function value(text: string): number {
  const e = parseExpression(text)
  if (e.kind !== 'int' && e.kind !== 'real') throw new Error(e.kind)
  return e.value
}

test.each([
  ['a<:b:>c+>d<e', 'a <: b :> c +> d < e'],
  ['a<=b>=c==d!=e<<f>>g', 'a <= b >= c == d != e << f >> g'],
  ['a->b=>c=d', 'a -> b => c = d'],
  ['_a __x1 _ __', '_a __x1 _ _ _'],
  ['a::b::c ::d', 'a::b::c ::d'],
  ['memory mem', 'memory mem'],
  ['1.foo(2)', null],
  ['1.5.5', '1.5 .5'],
  ['1e3f 2f .5e1f 1.e2 3.', '1e3f 2f .5e1f 1.e2 3.'],
  ['a/*b*//*c*/d//e\nf', 'a d f'],
  ['"a//b" "c/*d"', '"a//b" "c/*d"'],
  ['a,<math.h>', 'a , <math.h>'],
  ['a<b>c', 'a < b > c'],
  ['a,<(3)', 'a , < ( 3 )'],
  ["x''", "x ' '"],
  ['3xor 4', '3 xor 4'],
  ['\uFEFFa\r\n=\r\n1', 'a = 1'],
])('%s', (text, expected) => {
  if (expected !== null)
    expect(images(text)).toEqual(expected.split(' ').flatMap(s => (s === '_' ? ['_'] : [s])))
  else expect(shown(tryParse(`x = ${text};`).diagnostics)).toEqual(['1:5 DSP0106'])
})

test.each([
  ['2147483647', 2147483647],
  ['2147483648', -2147483648],
  ['4294967295', -1],
  ['4294967296', 0],
  ['-2147483648', -2147483648],
  ['99999999999999999999', 1661992959],
  ['007', 7],
  ['1.5', 1.5],
  ['.5', 0.5],
  ['1.', 1],
  ['1e3', 1000],
  ['1.5e-3', 0.0015],
  ['2f', 2],
  ['.5e1f', 5],
  ['1.e2', 100],
  ['0.1f', 0.1],
  ['-0.0', -0],
])('the value of %s', (text, expected) => expect(value(text)).toBe(expected))

test('ints wrap like 32-bit arithmetic, whatever their length', () => {
  for (const digits of ['12345678901234567890', '4294967297', '18446744073709551617'])
    expect(value(digits)).toBe(Number(BigInt.asIntN(32, BigInt(digits))))
})

test('strings run over lines, and line breaks read as blanks', () => {
  expect(parseExpression('button("a\nb\r\nc")')).toMatchObject({ label: 'a b c' })
  expect(parseExpression('button("a\\n")')).toMatchObject({ label: 'a\\n' })
})

test.each([...WORDS.keys()])('%s can name neither a definition nor a parameter', word => {
  for (const text of [`${word} = 1;`, `${word}(x) = 1;`, `f = \\(${word}).(1);`]) {
    const codes = tryParse(text).diagnostics.map(d => d.code)
    expect(codes, text).toEqual(['DSP0206'])
  }
})

test('a file that is not text gives one message', () => {
  const bytes = Array.from({ length: 5000 }, (_, i) => String.fromCharCode((i * 7919) % 256)).join('')
  expect(tryParse(bytes).diagnostics.map(d => d.code)).toEqual(['DSP0105'])
  const unicode = Array.from({ length: 500 }, (_, i) => String.fromCharCode(0x400 + i)).join(' ')
  expect(tryParse(unicode).diagnostics.map(d => d.code)).toEqual(['DSP0105'])
})

test('the list of tokens shows place, type and text', () => {
  const file = new SourceFile('t.dsp', 'a =\n  "b";')
  expect(printTokens(file, new DiagnosticLog())).toBe(
    [
      '1:1     Identifier      "a"',
      '1:3     Equals          "="',
      '2:3     Text            "\\"b\\""',
      '2:6     Semicolon       ";"',
      '',
    ].join('\n'),
  )
})
