/** Files parsed as far as they are used give the trees that the parser makes of the whole file. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { lowerSource } from '../../src/compile.ts'
import { attempt, DiagnosticLog } from '../../src/diagnostics.ts'
import { type Deferred, outlineSource, parseDeferred } from '../../src/parser/outline.ts'
import { parseSource } from '../../src/parser/parse.ts'
import { SourceFile } from '../../src/source.ts'

const STANDARD = join(import.meta.dirname, '..', '..', 'stdlib')
const isDeferred = (s: { kind: string }): s is Deferred => s.kind === 'deferred'

/** Spans of both are of one file, so equal trees are equal objects. */
function both(text: string, name = 'f.lib') {
  const file = new SourceFile(name, text)
  const log = new DiagnosticLog()
  const outline = outlineSource(file, log)
  const whole = parseSource(file, new DiagnosticLog())
  const complete = () => outline.statements.map(s => (isDeferred(s) ? parseDeferred(s, log) : s))
  return { outline, whole, complete, log }
}

describe('the standard library', () => {
  it.each(readdirSync(STANDARD))('%s', name => {
    const { outline, whole, complete, log } = both(readFileSync(join(STANDARD, name), 'utf8'), name)
    const definitions = whole.statements.filter(s => s.kind === 'definition')
    // The rest has patterns, or holds at one precision only.
    expect(outline.statements.filter(isDeferred).length).toBeGreaterThanOrEqual(definitions.length * 0.7)
    for (const [i, statement] of complete().entries()) expect(statement).toStrictEqual(whole.statements[i])
    expect(outline.statements.length).toBe(whole.statements.length)
    expect(outline.span).toStrictEqual(whole.span)
    expect(log.diagnostics).toEqual([])
  })
})

describe('what is hard to cut', () => {
  it.each([
    ['a = button("x;y"); // ; \n b = /* ; } */ 1;', 2],
    ['a = b with { c = 1; d = 2; }; e(x, y) = x;', 2],
    ['a = environment { b = case { (0) => 1; (n) => n; }; }; c = d[e = 1;];', 2],
    ["x = _'; y = '\"';", 0],
    ['f((a, b)) = a; f(x) /* ; */ = 1; g == 2; h => 3;', 0],
    ['singleprecision p = 1; doubleprecision p = 2; q = 3;', 1],
    ['declare a "b;c"; import("f;g.lib"); b = 1;', 1],
    ['<mdoc> a = 1; </mdoc> b = 2;', 0],
    ['import = 1; ok = 2;', 0],
    ['a = 1; b = 2', 0],
    ['a = (1; b = 2;', 0],
    ['a = 1;; b = 2;', 0],
    ['a = 1 } ; b = 2;', 0],
    ['/* a = 1;', 0],
    ['', 0],
    ['a = waveform { 1, -2.5 }; b = ffunction(float f (float), <math.h>, "");', 2],
    ['::a = 1; _b = 2; c::d = 3; e = 4;', 1],
  ] as const)('%s', (text, deferred) => {
    const { outline, whole, complete } = both(text)
    expect(outline.statements.filter(isDeferred).length).toBe(deferred)
    expect(complete()).toStrictEqual([...whole.statements])
  })
})

describe('mistakes in a file that should have none', () => {
  const library = 'good = 1;\n\nbad(x) = x + ;\nother = 2;\nbad2 = * 3 4;\n'
  const compile = (use: string, standard: boolean) =>
    attempt(log => {
      const load = () => ({ name: 'l.lib', text: library, standard })
      return lowerSource(`l = library("l.lib"); process = l.${use};`, { load }, log)
    }).diagnostics

  it('do not matter where they are not used', () => {
    expect(compile('good', true)).toEqual([])
    expect(compile('good', false)).not.toEqual([])
  })

  it.each(['bad(1)', 'bad2'])('are told as ever when they are: %s', use => {
    expect(compile(use, true)).toEqual(compile(use, false))
  })
})
