/**
 * Mistakes in writing, one file each in test/errors/syntax. The first lines of a file say what must be reported:
 * `//! line:column CODE`. Nothing else may be.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { MESSAGES } from '../../src/diagnostic-codes.ts'
import { shown, tryParse } from './support.ts'

const FOLDER = new URL('../errors/syntax/', import.meta.url)
const files = readdirSync(FOLDER).filter(f => f.endsWith('.dsp'))
const textOf = (name: string) => readFileSync(new URL(name, FOLDER), 'utf8')
const expectations = (text: string) => [...text.matchAll(/^\/\/! (.*)$/gm)].map(m => m[1]!)
const byPlace = (a: string, b: string) => a.localeCompare(b, 'en', { numeric: true })

test.each(files)('%s', name => {
  const { diagnostics } = tryParse(textOf(name))
  expect(shown(diagnostics).sort(byPlace)).toEqual(expectations(textOf(name)).sort(byPlace))
  for (const { message, help } of diagnostics) {
    expect(message).not.toMatch(/undefined|NaN|\bEOF\b/)
    expect(help, message).toBeTruthy()
  }
})

test('every message of lexer and parser has a file that provokes it', () => {
  const provoked = new Set(files.flatMap(f => expectations(textOf(f))).map(e => e.split(' ')[1]))
  const elsewhere = new Set(['DSP0105', 'DSP0217']) // lex.test.ts and depth.test.ts: too big for a file
  const codes = Object.values(MESSAGES).map(m => m.code)
  const ours = codes.filter(c => /^DSP0[12]/.test(c) && !elsewhere.has(c))
  expect(ours.filter(c => !provoked.has(c))).toEqual([])
})

describe('what is said', () => {
  test.each([
    ['import "a.lib";', '`import` must be followed by `(`', 'write `import("file.lib");`'],
    ['p = 1E5;', '`1E5` is not a number', 'write `1e5`: the exponent letter is a small e'],
    ['p = f(1;', 'this `(` is never closed', 'add `)` before `;`'],
    ['p = 1', 'expected `;` after this definition', 'add `;` here'],
    ['p = a b;', 'the name `a` and the name `b` stand side by side', null],
    ['p = nentry("a", 1);', 'expected `,`, found `)`', 'write `nentry("label", init, min, max, step)`'],
    ['p = ;', '`=` has nothing on its right', null],
    ['p = par(3, 4, _);', 'expected a name, found the number `3`', 'write `par(i, count, expression)`'],
    ['3 = p;', 'expected a definition, `import` or `declare`, found the number `3`', null],
    ['p = "x";', 'expected an expression, found the string "x"', null],
    ['p(x)', 'expected `=`, found the end of the file', null],
    ['p = a ? 1 : 2;', '`?` has no meaning here', 'to choose, write `select2(condition, ifZero, ifNotZero)`'],
    [
      'p = ffunction(float f(flt), <math.h>, "");',
      'expected a type (`int`, `float` or `any`), found the name `flt`',
      null,
    ],
  ])('%s', (text, message, help) => {
    const [first] = tryParse(text).diagnostics
    expect(first?.message).toBe(message)
    if (help !== null) expect(first?.help).toBe(help)
  })
})
