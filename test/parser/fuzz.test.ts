/** Whatever the text, the parser ends, throws nothing, and either accepts it or says what is wrong and where. */
import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { SYMBOLS, WORDS } from '../../src/lexer/tokens.ts'
import { dump } from '../../src/parser/dump.ts'
import { printProgram } from '../../src/parser/print.ts'
import fc from '../support/property.ts'
import { tryParse } from './support.ts'

const PROBES = new URL('../language/probes/', import.meta.url)
const probes = readdirSync(PROBES)
  .filter(f => f.endsWith('.dsp'))
  .map(f => readFileSync(new URL(f, PROBES), 'utf8'))

/** No mistake: prints and parses to the same. Mistakes: each with a place inside the text, a message and a help. */
function check(text: string): void {
  const { program, diagnostics } = tryParse(text)
  for (const { span, message, help, code } of diagnostics) {
    expect(span?.start.offset, code).toBeGreaterThanOrEqual(0)
    expect(span?.end.offset, code).toBeLessThanOrEqual(text.length)
    expect(span!.end.offset, code).toBeGreaterThanOrEqual(span!.start.offset)
    expect(message).not.toMatch(/undefined|NaN/)
    expect(help, message).toBeTruthy()
  }
  if (diagnostics.length === 0) expect(dump(tryParse(printProgram(program!)).program!)).toBe(dump(program!))
}

const words = [
  ...SYMBOLS.keys(),
  ...WORDS.keys(),
  'a',
  'f',
  'x',
  '1',
  '2.5',
  '"s"',
  '<math.h>',
  '\n',
  '\n',
  ' ',
]

test('token soup', () => {
  const soup = fc.array(fc.constantFrom(...words), { maxLength: 40 }).map(w => w.join(' '))
  fc.assert(fc.property(soup, check), { numRuns: 4000 })
})

test('token soup that begins like a program', () => {
  const soup = fc.array(fc.constantFrom(...words), { maxLength: 12 })
  const text = fc
    .array(soup, { maxLength: 6 })
    .map(list => list.map((w, i) => `d${i} = ${w.join(' ')};\n`).join(''))
  fc.assert(fc.property(text, check), { numRuns: 3000 })
})

test('brackets', () => {
  const bracket = fc.constantFrom(
    '(',
    ')',
    '[',
    ']',
    '{',
    '}',
    ';',
    ',',
    'a',
    'with',
    'case',
    '=',
    '"l" ->',
    '\n',
  )
  fc.assert(
    fc.property(
      fc.array(bracket, { maxLength: 60 }).map(b => b.join(' ')),
      check,
    ),
    { numRuns: 3000 },
  )
})

test('any characters', () => {
  fc.assert(fc.property(fc.string({ maxLength: 80 }), check), { numRuns: 2000 })
  fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 80 }), check), { numRuns: 2000 })
})

test('probes cut off anywhere', () => {
  for (const text of probes) for (let end = 0; end <= text.length; end++) check(text.slice(0, end))
})

test('probes with a stretch taken out, doubled or replaced', () => {
  const edit = fc.record({
    text: fc.constantFrom(...probes),
    at: fc.nat(300),
    length: fc.nat(8),
    insert: fc.oneof(fc.constant(''), fc.constantFrom(...words), fc.string({ maxLength: 3 })),
  })
  fc.assert(
    fc.property(edit, ({ text, at, length, insert }) => {
      const start = at % (text.length + 1)
      check(text.slice(0, start) + insert + text.slice(start + length))
    }),
    { numRuns: 4000 },
  )
})
