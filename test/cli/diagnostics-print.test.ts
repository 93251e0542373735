import { describe, expect, test } from 'vitest'
import { type Diagnostic, makeDiagnostic } from '../../src/diagnostics.ts'
import { diagnosticsToJson, formatDiagnostic, formatDiagnostics } from '../../src/diagnostics-print.ts'
import { SourceFile, span } from '../../src/source.ts'
import fc from '../support/property.ts'

/** A diagnostic at the place that `«…»` marks in the text; further marks become notes. */
function marked(text: string, ...notes: string[]) {
  const places: [number, number][] = []
  let plain = ''
  for (const character of text) {
    if (character === '«') places.push([plain.length, plain.length])
    else if (character === '»') places.at(-1)![1] = plain.length
    else plain += character
  }
  const file = new SourceFile('a.dsp', plain)
  const at = places.map(([start, end]) => span(file, start, end))
  const labels = notes.map((message, i) => ({ message, span: at[i + 1] }))
  const diagnostic = makeDiagnostic('unknownName', at[0], { name: 'x' }, labels)
  return { diagnostic, source: (name: string) => (name === 'a.dsp' ? plain : undefined) }
}

function print(text: string, ...notes: string[]): string[] {
  const { diagnostic, source } = marked(text, ...notes)
  return formatDiagnostic(diagnostic, { source }).split('\n')
}

/** The lines of the frame alone, without the line numbers. */
function frame(text: string, ...notes: string[]): string[] {
  return print(text, ...notes)
    .filter(line => line.includes('|') || line === '...')
    .map(line => line.replace(/^[\d ]*\| ?/, ''))
    .slice(1, -1)
}

describe('one place', () => {
  test('message, place, line, underline, help', () => {
    expect(print('import("a");\nprocess = «foo»(1);\n')).toEqual([
      'error[DSP0301]: `x` is not defined',
      ' --> a.dsp:2:11',
      '  |',
      '2 | process = foo(1);',
      '  |           ^^^',
      '  |',
      'help: define it, or check the spelling',
    ])
  })

  test('the gutter fits the line number', () => {
    const lines = print(`${'\n'.repeat(99)}«x»`)
    expect(lines.slice(1, 4)).toEqual(['   --> a.dsp:100:1', '    |', '100 | x'])
  })

  test('an empty place and the end of the file get one mark', () => {
    expect(frame('a = «»1;')).toEqual(['a = 1;', '    ^'])
    expect(frame('a = 1«»')).toEqual(['a = 1', '     ^'])
    expect(frame('«»')).toEqual(['', '^'])
    expect(frame('a = 1;\n«»')).toEqual(['', '^'])
  })

  test('carriage returns do not show', () => {
    expect(frame('a = 1;\r\nb = «c»;\r\nd = 2;')).toEqual(['b = c;', '    ^'])
  })

  test('without the text there is only the place', () => {
    const { diagnostic } = marked('process = «foo»;')
    expect(formatDiagnostic(diagnostic).split('\n')).toEqual([
      'error[DSP0301]: `x` is not defined',
      ' --> a.dsp:1:11',
      'help: define it, or check the spelling',
    ])
  })

  test('without a place there is only the message', () => {
    const diagnostic = makeDiagnostic('fileNotFound', undefined, { file: 'x.dsp' }, [], 'look')
    expect(formatDiagnostic(diagnostic)).toBe('error[DSP0801]: cannot find `x.dsp`\nhelp: look')
  })
})

describe('notes', () => {
  test('both sides of a mismatch share the frame', () => {
    expect(frame('process = ««_,_» : «sin»»;', 'this has 2 outputs', 'this has 1 input')).toEqual([
      'process = _,_ : sin;',
      expect.stringMatching(/^ {10}\^+$/),
      '          --- this has 2 outputs',
      '                --- this has 1 input',
    ])
  })

  test('lines between places are left out', () => {
    expect(frame('«a» = 1;\nb = 2;\nc = 3;\n«a» = 2;', 'first defined here')).toEqual([
      'a = 1;',
      '^',
      '...',
      'a = 2;',
      '- first defined here',
    ])
  })

  test('another file gets a frame of its own', () => {
    const [main, lib] = [new SourceFile('a.dsp', 'f = 1;'), new SourceFile('b.lib', '\nf = 2;')]
    const labels = [{ message: 'also here', span: span(lib, 1, 2) }, { message: 'just so you know' }]
    const diagnostic = makeDiagnostic('unknownName', span(main, 0, 1), { name: 'f' }, labels)
    const source = (name: string) => ({ 'a.dsp': main.text, 'b.lib': lib.text })[name]
    expect(formatDiagnostic(diagnostic, { source }).split('\n').slice(1)).toEqual([
      ' --> a.dsp:1:1',
      '  |',
      '1 | f = 1;',
      '  | ^',
      '  |',
      ' ::: b.lib:2:1',
      '  |',
      '2 | f = 2;',
      '  | - also here',
      '  |',
      'note: just so you know',
      'help: define it, or check the spelling',
    ])
  })

  test('a note with a place keeps it when the diagnostic has none', () => {
    const file = new SourceFile('a.dsp', 'f = 1;')
    const diagnostic = makeDiagnostic('noProgram', undefined, {}, [
      { message: 'here', span: span(file, 0, 1) },
    ])
    expect(formatDiagnostic(diagnostic, { source: () => file.text })).toContain('1 | f = 1;\n  | ^')
  })
})

describe('characters', () => {
  test('tabs reach to the next stop', () => {
    expect(frame('\ta\t= «b»;')).toEqual(['    a   = b;', '          ^'])
    expect(frame('a =«\tb»;')).toEqual(['a = b;', '   ^^'])
  })

  test('wide characters take two columns, combining ones none', () => {
    expect(frame('"音楽" : «x»;')).toEqual(['"音楽" : x;', '         ^'])
    expect(frame('"«音楽»";')).toEqual(['"音楽";', ' ^^^^'])
    expect(frame('"😀" : «x»;')).toEqual(['"😀" : x;', '       ^'])
    expect(frame('"e\u0301" : «x»;')).toEqual(['"e\u0301" : x;', '      ^'])
  })

  test('escape sequences in a program do not reach the terminal', () => {
    const lines = print('a = «\x1b[31m\x07»;\x9b\u202e')
    expect(lines.join('\n')).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]/)
    expect(lines.join('\n')).toContain('␛[31m␇')
  })
})

describe('long things', () => {
  test('a long line is cropped around its place', () => {
    const { diagnostic, source } = marked(`${'a+'.repeat(500)}«foo»${'+b'.repeat(500)}`)
    const lines = formatDiagnostic(diagnostic, { source, width: 60 }).split('\n')
    expect(lines[1]).toBe(' --> a.dsp:1:1001')
    for (const line of lines.slice(2, 6)) expect(line.length).toBeLessThanOrEqual(60)
    const at = lines[4]!.indexOf('^^^')
    expect(lines[3]!.slice(at, at + 3)).toBe('foo')
    expect(lines[3]).toMatch(/…a?\+.*foo.*…$/)
  })

  test('the end of a long line is shown whole', () => {
    const { diagnostic, source } = marked(`${'a'.repeat(200)}«foo»`)
    const lines = formatDiagnostic(diagnostic, { source, width: 60 }).split('\n')
    expect(lines[3]).toMatch(/… ?a+foo$/)
    expect(lines[4]!.length).toBe(lines[3]!.length)
  })

  test('a place of several lines is marked on each', () => {
    expect(frame('x = «f(\n  1,\n  2)»;')).toEqual(['x = f(', '    ^^', '  1,', '  ^^', '  2);', '  ^^'])
  })

  test('of many lines the first two and the last are shown', () => {
    const lines = frame(`«${Array.from({ length: 20 }, (_, i) => `line${i}`).join('\n')}»`)
    expect(lines).toEqual(['line0', '^^^^^', 'line1', '^^^^^', '...', 'line19', '^^^^^^'])
  })

  test('a place that ends with its line break stays on its line', () => {
    expect(frame('«a = 1;\n»b = 2;')).toEqual(['a = 1;', '^^^^^^'])
  })
})

test('any text and any places are printed within the width', () => {
  const unit = fc.oneof(
    fc.constantFrom('\t', '\n', '\r\n', '音', '😀', 'e\u0301', ' '),
    fc.string({ maxLength: 3 }),
  )
  const text = fc.array(unit, { maxLength: 60 }).map(parts => parts.join(''))
  fc.assert(
    fc.property(text, fc.nat(200), fc.nat(80), fc.nat(200), (source, start, length, other) => {
      const file = new SourceFile('a.dsp', source)
      const labels = [{ message: 'm', span: span(file, other, other + length) }]
      const diagnostic = makeDiagnostic(
        'unknownName',
        span(file, start, start + length),
        { name: 'x' },
        labels,
      )
      const lines = formatDiagnostic(diagnostic, { source: () => source, width: 40 }).split('\n')
      expect(lines.some(line => /\| +\^+$/.test(line) || /\|\s*\^/.test(line))).toBe(true)
      for (const line of lines.filter(l => /^\d/.test(l))) expect([...line].length).toBeLessThanOrEqual(40)
    }),
  )
})

describe('colours', () => {
  test('only when asked', () => {
    const { diagnostic, source } = marked('process = «foo»;', 'unused')
    expect(formatDiagnostic(diagnostic, { source })).not.toContain('\x1b')
    const colored = formatDiagnostic(diagnostic, { source, color: true })
    expect(colored).toContain('\x1b[1;31merror[DSP0301]\x1b[0m')
    expect(colored.replace(/\x1b\[[\d;]*m/g, '')).toBe(formatDiagnostic(diagnostic, { source }))
  })
})

describe('several', () => {
  const { diagnostic, source } = marked('process = «foo»;')

  test('are separated by an empty line', () => {
    const text = formatDiagnostics([diagnostic, diagnostic], { source })
    expect(text.split('\n\n')).toHaveLength(2)
    expect(text.endsWith('spelling\n')).toBe(true)
    expect(formatDiagnostics([])).toBe('')
  })

  test('as JSON are what they were', () => {
    const parsed = JSON.parse(diagnosticsToJson([diagnostic])) as Diagnostic[]
    expect(parsed).toEqual([diagnostic])
    expect(parsed[0]!.span).toMatchObject({ file: 'a.dsp', start: { offset: 10, line: 1, column: 11 } })
  })
})
