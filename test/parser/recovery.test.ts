/** What is kept of a program with mistakes, and how many mistakes one run finds. */
import { expect, test } from 'vitest'
import { dump } from '../../src/parser/dump.ts'
import { shown, tryParse } from './support.ts'

function names(text: string): string[] {
  const { statements } = tryParse(text).program!
  return statements.map(s => (s.kind === 'definition' ? s.name : s.kind))
}

test.each([
  ['a = 1 b = 2; c = 3;', 'a b c'],
  ['a = (1; b = 2;', 'a b'],
  ['a = f(1\nb = 2;', 'a b'],
  ['a = 1 +\nb = 2;', 'a b'],
  ['a = x y;\nb = 2;', 'a b'],
  ['a = x y\nb = 2;', 'a b'],
  ['a == 1; b = 2;', 'b'],
  ['import "x"; b = 2;', 'b'],
  ['import("x") b = 2;', 'import b'],
  ['f(x) { return x; }\nb = 2;', 'b'],
  ['a = b with { x = 1 y = 2; }; c = 1;', 'a c'],
  ['a = 1); b = 2;', 'a b'],
  [']]}) a = 1;', 'a'],
  ['declare a; b = 2;', 'b'],
])('%s', (text, expected) => {
  const { diagnostics } = tryParse(text)
  expect(names(text).join(' ')).toBe(expected)
  expect(diagnostics.length).toBeGreaterThan(0)
})

test('a missing semicolon loses nothing', () => {
  const good = 'a = case { (0) => 1; (n) => n; }; declare x "y"; b = c with { d = 1; e = 2; };'
  const whole = dump(tryParse(good).program!)
  for (let at = good.indexOf(';'); at !== -1; at = good.indexOf(';', at + 1)) {
    const { program, diagnostics } = tryParse(`${good.slice(0, at)} ${good.slice(at + 1)}`)
    expect(
      diagnostics.map(d => d.code),
      String(at),
    ).toEqual(['DSP0202'])
    expect(dump(program!)).toBe(whole)
  }
})

test('each of many mistakes is found, in order', () => {
  const count = 60
  const text = Array.from({ length: count }, (_, i) => `good${i} = 1;\nbad${i} = f(1, 2;\n`).join('')
  const { diagnostics, program } = tryParse(text)
  expect(shown(diagnostics)).toEqual(
    Array.from({ length: count }, (_, i) => `${2 * i + 2}:${9 + String(i).length - 1} DSP0203`),
  )
  expect(program!.statements).toHaveLength(2 * count)
})

test('one place gives one message', () => {
  for (const text of ['a = (((((1;', 'a = 1 § § §;', 'a = b c d e f;', 'a = ) ;', 'a = (1];', 'a = "x;'])
    expect(tryParse(text).diagnostics.length, text).toBeLessThanOrEqual(3)
})
