/** Programs that are deep or long: parsed, printed and dumped without running out of stack. */
import { describe, expect, test } from 'vitest'
import { dump } from '../../src/parser/dump.ts'
import { printProgram } from '../../src/parser/print.ts'
import { parseProgram, tryParse } from './support.ts'

const nested = (count: number, open: string, inner: string, close: string) =>
  `process = ${open.repeat(count)}${inner}${close.repeat(count)};`

const DEEP: readonly (readonly [string, string])[] = [
  ['calls', nested(5000, 'f(', '1', ')')],
  ['parentheses', nested(5000, '(', '1', ')')],
  ['parentheses that matter', nested(5000, '(1 + ', '1', ') * 2')],
  ['lambdas', nested(5000, '\\(x).(', 'x', ')')],
  ['iterations', nested(5000, 'par(i, 2, ', '_', ')')],
  ['groups', nested(5000, 'hgroup("g", ', '_', ')')],
  ['blocks', nested(5000, 'a with { a = ', '1', '; }')],
  ['environments', nested(5000, 'environment { a = ', '1', '; }')],
  ['cases', nested(5000, 'case { (x) => ', '1', '; }')],
  ['substitutions', nested(5000, 'e[a = ', '1', ';]')],
  ['modulations', nested(5000, '["l" -> ', 'f', ']')],
  ['a sum', `process = ${'1 + '.repeat(10_000)}1;`],
  ['a chain', `process = ${'_ : '.repeat(10_000)}_;`],
  ['a list', `process = ${'1, '.repeat(10_000)}1;`],
  ['arguments', `process = f(${'1, '.repeat(10_000)}1);`],
  ['delays', `process = _${"'".repeat(10_000)};`],
  ['applications', `process = f${'(1)'.repeat(10_000)};`],
  ['accesses', `process = -e${'.a'.repeat(10_000)};`],
  ['blocks in a row', `process = a${' with { a = 1; }'.repeat(10_000)};`],
]

test.each(DEEP)('%s', (_name, text) => {
  const p = parseProgram(text)
  const tree = dump(p)
  expect(dump(parseProgram(printProgram(p))) === tree).toBe(true)
  expect(dump(p, true).length).toBeGreaterThan(tree.length)
})

describe('limits', () => {
  test('too deep is said, once', () => {
    const { diagnostics } = tryParse('process = '.concat('('.repeat(150_000)))
    expect(diagnostics.map(d => d.code)).toEqual(['DSP0217'])
  })

  test('deep and never closed', () => {
    for (const open of ['f(', '(', '[', 'a with { b = ', 'case { (', '\\('])
      expect(tryParse(`process = ${open.repeat(5000)}`).diagnostics.length).toBeLessThanOrEqual(5)
  })

  test('a source of a megabyte', () => {
    const line = (i: number) =>
      `v${i}(f, g) = os.osc(f * ${i}.5) * g : fi.lowpass(2, ma.SR / 4) <: _, @(${i}) :> *(0.5);\n`
    let text = ''
    let count = 0
    while (text.length < 1_000_000) text += line(count++)
    expect(parseProgram(text).statements).toHaveLength(count)
  })
})
