/** Statements, constructs and spans, from the grammar. */
import { Lexer } from 'chevrotain'
import { expect, test } from 'vitest'
import { LEXED } from '../../src/lexer/tokens.ts'
import { dump } from '../../src/parser/dump.ts'
import { Grammar } from '../../src/parser/grammar.ts'
import { parseExpression, parseProgram, tree, tryParse } from './support.ts'

test('the grammar passes the checks that users are spared', () => {
  expect(new Lexer(LEXED, { positionTracking: 'onlyOffset' }).lexerDefinitionErrors).toEqual([])
  expect(() => new Grammar(true)).not.toThrow()
})

test.each([
  ['a = 1;', '(definition a (int 1))'],
  ['f(0, (x, y), g(z)) = x;', null],
  ['singleprecision doubleprecision a = 1;', '(definition (singleprecision doubleprecision) a (int 1))'],
  ['import("stdfaust.lib");', '(import "stdfaust.lib")'],
  ['quadprecision import("q.lib");', '(import (quadprecision) "q.lib")'],
  ['declare name "x y";', '(declare name "x y")'],
  ['declare f author "me";', '(declare f author me)'],
  ['<mdoc> a <equation>b</equation> </mdoc>', '(documentation " a <equation>b</equation> ")'],
])('%s', (text, expected) => {
  const [statement] = parseProgram(text).statements
  expect(dump(statement!)).toBe(
    expected ??
      '(definition f ((int 0) (composition par (identifier x) (identifier y)) (apply (identifier g) ((identifier z)))) (identifier x))',
  )
})

test.each([
  ['button("b")', '(button b)'],
  ['checkbox("c")', '(checkbox c)'],
  ['hslider("l", 1+2, 0, 5*2, 0.1)', '(hslider l (add 1 2) 0 (mul 5 2) 0.1)'],
  ['vslider("l",a:b,0,1,.1)', '(vslider l (seq a b) 0 1 0.1)'],
  ['nentry("n",5,0,9,1)', '(nentry n 5 0 9 1)'],
  ['vbargraph("l",-1,1)', '(vbargraph l -1 1)'],
  ['a:hbargraph("l",0,1)', '(seq a (hbargraph l 0 1))'],
  ['tgroup("g",vgroup("h",a))', '(tgroup g (vgroup h a))'],
  ['soundfile("s",2)', '(soundfile s 2)'],
  ['prod(i,n+1,i)', '(iteration prod i (add n 1) i)'],
  ['outputs(!)', '(outputs !)'],
  ['library("a.lib").b', '(access (library "a.lib") b)'],
  ['component("a.dsp")[x=3;]', '(substitution (component "a.dsp") ((definition x 3)))'],
  ['waveform{1,-2,+3.5}', '(waveform ((1 int) (-2 int) (3.5 real)))'],
  ['fvariable(int count, <math.h>)', '(fvariable int count "math.h")'],
  ['fconstant(int fSamplingFreq,"math.h")', '(fconstant int fSamplingFreq "math.h")'],
  [
    'ffunction(float sinhf|sinh|sinhl(float), <math.h>, "-lm")',
    '(ffunction (float (sinhf sinh sinhl) (float)) "math.h" "-lm")',
  ],
  ['ffunction(int rand(), <stdlib.h>, "")', '(ffunction (int (rand) ()) "stdlib.h" "")'],
  ['ffunction(any f(float, any), <sys/types.h>, "")', '(ffunction (any (f) (float any)) "sys/types.h" "")'],
])('%s', (text, expected) => expect(tree(text)).toBe(expected))

test('spans cover what was written', () => {
  const text = 'f(x) = (a + b) * -c.d(2) with { e = 1; };'
  const { statements } = parseProgram(text)
  const seen: string[] = []
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return
    const node = value as Record<string, unknown>
    const { span } = node as { span?: { start: number; end: number } }
    if (span) seen.push(text.slice(span.start, span.end))
    for (const [key, child] of Object.entries(node)) if (!/span/i.test(key)) visit(child)
  }
  visit(statements)
  expect(seen).toEqual([
    text,
    'x',
    text.slice(7, -1),
    '(a + b) * -c.d(2)',
    'a + b',
    'a',
    'b',
    '-c.d(2)',
    '-c.d',
    'c.d',
    'c',
    '2',
    'e = 1;',
    '1',
  ])
})

test('what is in parentheses has the span of its text alone', () => {
  const e = parseExpression('((a))')
  expect([e.kind, e.span.start, e.span.end]).toEqual(['identifier', 6, 7])
})

test('an empty file is an empty program', () => {
  expect(tryParse('')).toMatchObject({ program: { statements: [] }, diagnostics: [] })
  expect(tryParse(' // nothing\n/* at all */')).toMatchObject({
    program: { statements: [] },
    diagnostics: [],
  })
})
