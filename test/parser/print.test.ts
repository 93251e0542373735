/** The printer: what it writes reads back to the same tree, with no parentheses more than needed. */
import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { dump } from '../../src/parser/dump.ts'
import { printExpression, printProgram } from '../../src/parser/print.ts'
import fc from '../support/property.ts'
import { expressions, programs } from './arbitrary.ts'
import { parseExpression, parseProgram } from './support.ts'

test('a printed expression parses to the same tree', () => {
  fc.assert(
    fc.property(expressions, e => {
      expect(dump(parseExpression(printExpression(e)))).toBe(dump(e))
    }),
    { numRuns: 1500 },
  )
})

test('a printed program parses to the same tree, and printing again changes nothing', () => {
  fc.assert(
    fc.property(programs, p => {
      const text = printProgram(p)
      const again = parseProgram(text)
      expect(dump(again)).toBe(dump(p))
      expect(printProgram(again)).toBe(text)
    }),
    { numRuns: 500 },
  )
})

const PROBES = new URL('../language/probes/', import.meta.url)

test.each(readdirSync(PROBES).filter(f => f.endsWith('.dsp')))('%s prints and parses again', name => {
  const p = parseProgram(readFileSync(new URL(name, PROBES), 'utf8'))
  expect(dump(parseProgram(printProgram(p)))).toBe(dump(p))
})

// Written as the printer should: no parenthesis can be left out.
test.each([
  '1 + 2 * 3',
  '(1 + 2) * 3',
  'a - (b - c)',
  'a - b - c',
  'a ^ (b ^ c)',
  '(a, b : c), d',
  'a <: b : c :> d',
  '(a <: b) : c',
  '(a : b) : c',
  'a ~ (b ~ c)',
  '(a + b) @ c',
  "(a @ b)'",
  "-x' + -3",
  '-ma.PI * 2',
  '(-a).b',
  '(3).x',
  'f(1, (a, b), c : d)',
  'f((a, b) : c)',
  '- : +',
  '_ ~ !',
  '\\(x, y).(x, y)',
  'par(i, 4, i, i)',
  'hslider("a", 1, 0, 10, 0.1)',
  'route(2, 2, 1, 2, 2, 1)',
  'ffunction(float f|g(float, int), <math.h>, "")',
  '["l": +(10), "m" -> f, g]',
  'e[a = 1; b = 2;].c',
  'case {\n  (0) => 1;\n  (n) => n, n;\n}',
  'a : b with {\n  c = d with {\n    e = 1;\n  };\n}',
  "x letrec {\n  'x = x + y;\n  where\n  y = 1;\n}",
  '(a with { }) : b',
  '- - -3',
  '1e999',
  '1e-7',
  '1e+21',
  '100.0',
])('%s', text => expect(printExpression(parseExpression(text))).toBe(text))
