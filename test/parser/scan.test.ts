/** Chevrotain's lexer makes the same tokens of the same patterns, without the table of first characters. */
import { readdirSync, readFileSync } from 'node:fs'
import { Lexer } from 'chevrotain'
import { expect, test } from 'vitest'
import { scan } from '../../src/lexer/scan.ts'
import { LEXED, SYMBOLS, WORDS } from '../../src/lexer/tokens.ts'
import fc from '../support/property.ts'

const lexer = new Lexer(LEXED, { positionTracking: 'onlyOffset', safeMode: true })

function check(text: string): void {
  const { tokens, errors } = lexer.tokenize(text)
  expect(errors).toEqual([])
  expect(scan(text)).toEqual(tokens)
}

function textsIn(folder: string): string[] {
  const url = new URL(folder, import.meta.url)
  const names = readdirSync(url).filter(name => /\.(lib|dsp)$/.test(name))
  return names.map(name => readFileSync(new URL(name, url), 'utf8'))
}

test('the standard library, the examples and the probes', () => {
  const texts = ['../../stdlib/', '../../examples/', '../language/probes/'].flatMap(textsIn)
  expect(texts.length).toBeGreaterThan(50)
  for (const text of texts) check(text)
})

test('every character, alone, doubled and between others', () => {
  for (let code = 0; code <= 0xffff; code += code < 0x3100 ? 1 : 101) {
    const c = String.fromCharCode(code)
    check(`${c} ${c}${c}a${c}1${c},<${c}x>`)
  }
  check('\uFEFF\uFFFF\uFFFE')
})

const PIECES = [
  '/*',
  '*/',
  '//',
  '"',
  '<mdoc>',
  '</mdoc>',
  ',<a.h>',
  '<a/b>',
  '1e',
  '1.',
  '.5e-',
  'f',
  '::',
  '_',
  '__a',
  ' ',
  '\n',
  '\uFEFF',
  '\u2212',
  '🎹',
  '$',
  '`',
]

test('random text', () => {
  const piece = fc.oneof(
    fc.constantFrom(...PIECES, ...SYMBOLS.keys(), ...WORDS.keys()),
    fc.string({ maxLength: 3 }),
  )
  const text = fc.array(piece, { maxLength: 12 }).map(pieces => pieces.join(''))
  fc.assert(fc.property(text, check), { numRuns: 3000 })
})
