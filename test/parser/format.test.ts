/**
 * The formatter: the same tree, the same comments, nothing left to change; and the layout as a reader wants it.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { DiagnosticLog } from '../../src/diagnostics.ts'
import { endOf, lex } from '../../src/lexer/lex.ts'
import { dump } from '../../src/parser/dump.ts'
import { formatSource } from '../../src/parser/format.ts'
import { printProgram } from '../../src/parser/print.ts'
import { SourceFile } from '../../src/source.ts'
import fc from '../support/property.ts'
import { programs } from './arbitrary.ts'
import { parseProgram } from './support.ts'

function format(text: string): string {
  const log = new DiagnosticLog()
  const result = formatSource(new SourceFile('test.dsp', text), log)
  if (result === undefined) throw new Error(log.diagnostics.map(d => d.message).join('\n'))
  return result
}

/** What stands between tokens, by the lexical rules of the language, without the code under test. */
function commentsOf(text: string): string[] {
  const { tokens } = lex(new SourceFile('test.dsp', text), new DiagnosticLog())
  const ends = [0, ...tokens.map(endOf)]
  const gaps = ends.map((end, i) => text.slice(end, tokens[i]?.startOffset))
  return gaps
    .flatMap(gap => gap.match(/\/\/[^\n]*|\/\*[\s\S]*?\*\//g) ?? [])
    .map(c => c.replace(/\s+/g, ' ').trim())
}

function expectFormatted(text: string): string {
  const result = format(text)
  expect(dump(parseProgram(result))).toBe(dump(parseProgram(text)))
  expect(commentsOf(result)).toEqual(commentsOf(text))
  expect(format(result)).toBe(result)
  expect(result).not.toMatch(/\n\n\n/)
  return result
}

const remark = fc.constantFrom(
  ' ',
  '  ',
  '\n',
  '\n\n\n',
  '// why\n',
  ' // a "quoted" remark\n\n',
  '\n// own line\n',
  '/* in between */',
  ' /* at the end */\n',
  '\n/* own line */\n',
  '\n /* leads */ ',
  '\n/*\n * a star\n   * a line\n */\n',
  '/* over\n     lines */ ',
  '/**/',
)

/** A program with a remark in every so many of its gaps. A slash in front of one would become part of it. */
function remarked(text: string, remarks: readonly string[], every: number): string {
  const { tokens } = lex(new SourceFile('test.dsp', text), new DiagnosticLog())
  let result = remarks[0]!
  tokens.forEach((token, i) => {
    const gap = text.slice(endOf(token), tokens[i + 1]?.startOffset)
    const added = i % every === 0 ? remarks[(i / every) % remarks.length]! : ''
    const apart = token.image.endsWith('/') && gap === '' ? ' ' : ''
    result += token.image + gap + apart + added
  })
  return result
}

describe('what must not change', () => {
  test('the tree of any program, and its comments', () => {
    fc.assert(
      fc.property(
        programs,
        fc.array(remark, { minLength: 1, maxLength: 12 }),
        fc.integer({ min: 1, max: 7 }),
        (program, remarks, every) => {
          expectFormatted(remarked(printProgram(program), remarks, every))
        },
      ),
      { numRuns: 800 },
    )
  })

  const ROOT = new URL('../../', import.meta.url)
  const folders = ['test/language/probes', 'test/language/differential', 'examples', 'stdlib']
  const files = folders.flatMap(folder =>
    readdirSync(new URL(folder, ROOT))
      .filter(file => /\.(dsp|lib)$/.test(file))
      .map(file => `${folder}/${file}`),
  )

  test.each(files)('%s', file => {
    const result = expectFormatted(readFileSync(new URL(file, ROOT), 'utf8'))
    const code = result.split('\n').filter(l => l.length > 100 && !/"|\/[/*]|<mdoc>/.test(l))
    expect(code).toEqual([])
    expect(result).not.toMatch(/[ \t]\n(?!.*<\/mdoc>)/)
  })
})

describe('how it looks', () => {
  const CASES: readonly (readonly [string, string, string])[] = [
    ['blanks', 'p=a+b *  c:d<:e,f:>g~h;', 'p = a + b * c : d <: e, f :> g ~ h;\n'],
    ['literals as written', 'p=1e-3,.5,1.,+ 3,- 4,- x;', 'p = 1e-3, .5, 1., +3, -4, -x;\n'],
    ['postfixes', "p = f (1) ' . a [ b = 2 ; ] ;", "p = f(1)'.a[b = 2;];\n"],
    ['operators as values', 'p = * (2) : + ~ _ : - ;', 'p = *(2) : + ~ _ : -;\n'],
    ['a number before a dot', 'p = 3 .x;', 'p = 3 .x;\n'],
    ['parentheses as written', 'p=((a));', 'p = ((a));\n'],
    ['two empty lines', 'a=1;\n\n\nb=2;', 'a = 1;\n\nb = 2;\n'],
    ['one statement in a block', 'p=a with{a=1;};', 'p = a with { a = 1; };\n'],
    ['two', 'p=a with{a=1;b=2;};', 'p = a\nwith {\n    a = 1;\n    b = 2;\n};\n'],
    ['none', 'p=a with{};', 'p = a with {};\n'],
    ['rules', 'f=case{(0)=>1;(n)=>n;};', 'f = case {\n    (0) => 1;\n    (n) => n;\n};\n'],
    [
      'equations',
      "p=x letrec{'x=y;where y=1;};",
      "p = x\nletrec {\n    'x = y;\n    where\n    y = 1;\n};\n",
    ],
    ['a comment before a comma', 'p=a // a\n,b;', 'p =\n    a, // a\n    b;\n'],
    ['a comment at the end', 'p=a; // end', 'p = a; // end\n'],
    ['only a comment', '\n\n// nothing\n', '// nothing\n'],
    ['nothing', ' \n\n', ''],
    ['documentation', '<mdoc>\n  a   b\n</mdoc>p=1;', '<mdoc>\n  a   b\n</mdoc>\np = 1;\n'],
    [
      'a comment of stars',
      'a=b with{/*\n* x\n  */\nb=1;};',
      'a = b\nwith { /*\n     * x\n     */\n    b = 1;\n};\n',
    ],
  ]

  test.each(CASES)('%s', (_name, text, expected) => {
    expect(format(text)).toBe(expected)
  })

  const long = (count: number) => Array.from({ length: count }, (_, i) => `stage${i}(${i}, ${i + 1})`)

  test('long compositions break at the loosest operator, which begins the line', () => {
    const sum = long(4).join(' + ')
    const pair = `${sum}\n        : ${sum}`
    expect(format(`p=${sum}:${sum}<:x;`)).toBe(`p =\n    ${pair}\n    <: x;\n`)
  })

  test('long arguments stand below each other', () => {
    const items = long(9)
    expect(format(`p=f(${items.join(',')});`)).toBe(`p = f(\n    ${items.join(',\n    ')}\n);\n`)
  })

  test('many short items fill their lines', () => {
    const lines = format(`p=waveform{${Array.from({ length: 200 }, (_, i) => i).join(',')}};`).split('\n')
    expect(lines.length).toBeLessThan(14)
    for (const l of lines) expect(l.length).toBeLessThanOrEqual(100)
  })

  test('programs that are deep or long', () => {
    const nested = (count: number, open: string, inner: string, close: string) =>
      `process = ${open.repeat(count)}${inner}${close.repeat(count)};`
    const texts = [
      nested(5000, 'f(', '1', ')'),
      nested(5000, '(1 + ', '1', ') * 2'),
      nested(3000, 'a with { a = ', '1', '; }'),
      nested(3000, 'case { (x) => ', '1', '; }'),
      `process = ${'1 + '.repeat(10_000)}1;`,
      `process = ${'foo : '.repeat(10_000)}_;`,
      `process = a${' with { a = 1; }'.repeat(10_000)};`,
      `process = _${"'".repeat(10_000)};`,
      `${'// line\n'.repeat(20_000)}process = 1;`,
    ]
    for (const text of texts) {
      const result = format(text)
      expect(format(result) === result).toBe(true)
    }
  })
})

test('programs with mistakes are refused', () => {
  const log = new DiagnosticLog()
  expect(formatSource(new SourceFile('test.dsp', 'p = (1;'), log)).toBeUndefined()
  expect(log.failed).toBe(true)
})
