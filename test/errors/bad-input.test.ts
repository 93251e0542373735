/**
 * Anything a user can type or open gives a program or a diagnostic: no exception, no crash, no endless run.
 */
import { describe, expect, it } from 'vitest'
import { sampleDifference, summary } from '../support/compare.ts'
import { hash, probeStimulus } from '../support/machine.ts'
import { compileOurs, type OurOptions, openOurs, recordOurs } from '../support/ours.ts'

/** Compiles and checks that a refusal is one a user can act on. */
async function attempt(source: string, options: OurOptions = {}) {
  const result = await compileOurs(source, options)
  const errors = result.diagnostics.filter(d => d.severity === 'error')
  expect(errors.length > 0).toBe(!result.ok)
  for (const diagnostic of result.diagnostics) {
    expect(diagnostic.code).toMatch(/^DSP\d{4}$/)
    expect(diagnostic.message).not.toMatch(/internal error|undefined is not|not a function|NaN/i)
    expect(diagnostic.message.length).toBeLessThan(2000)
    if (diagnostic.span) expectInside(source, diagnostic.span)
  }
  return result
}

function expectInside(source: string, { file, start, end }: { file: string; start: Place; end: Place }) {
  expect(start.offset).toBeLessThanOrEqual(end.offset)
  if (file === 'process.dsp') expect(end.offset).toBeLessThanOrEqual(source.length)
  expect(start.line).toBeGreaterThan(0)
  expect(start.column).toBeGreaterThan(0)
}

type Place = { readonly offset: number; readonly line: number; readonly column: number }

async function expectRefused(source: string, options: OurOptions = {}) {
  const result = await attempt(source, options)
  expect(result.ok, `accepted: ${source.slice(0, 200)}`).toBe(false)
  return result.diagnostics.find(d => d.severity === 'error')!
}

async function expectAccepted(source: string, options: OurOptions = {}) {
  const result = await attempt(source, options)
  expect(result.ok, summary(result.diagnostics).slice(0, 500)).toBe(true)
  if (!result.ok) throw new Error('unreachable')
  await openOurs(result.program, 44_100)
  return result.program
}

const EVERYTHING = `
declare name "everything"; declare f author "x";
import("k.lib"); l = library("k.lib");
f(0, x) = x; f(n, (x, xs)) = x + f(n - 1, xs); f(n, x) = x * n;
e = environment { a = 1; b(x) = x' @ 3 + a; };
g = case { (1) => 2; (x : y) => y; (x) => x ^ 2 ; };
h(i) = hgroup("v%i [style:knob]", hslider("[1]a %2i", 0.5, 0, 1, 0.01) * button("b")) : vbargraph("m", -1, 1);
p = x + y letrec { 'x = (x + 1) & 7; 'y = k(x); where k(z) = z * 0.5; };
/* comment */ q = \\(x, y).(select2(x < y, -x, +1.5e-3f));
process = par(i, 2, h(i)), seq(i, 2, *(i + 1)), sum(i, 2, _), prod(i, 2, 3.), (_ <: _, ! :> _) // end
  , + ~ _, e.b(2), e[a = 3;].a, g(1), p, q(1, 2), f(1, (2, 3)), rdtable(waveform{1, -2.5}, int(_)), l.k
  , route(2, 2, 1, 2, 2, 1), (attach(_, _) with { z = 1; }), inputs(+), prefix(1, _), k << 2 xor 1;
`
const FILES = { 'k.lib': 'k = 3;' }

describe('damaged text', () => {
  it('accepts the program that the others are made of', async () => {
    await expectAccepted(EVERYTHING, { files: FILES })
  })

  it('cut off anywhere', async () => {
    for (let length = 0; length < EVERYTHING.length; length += 3) {
      await attempt(EVERYTHING.slice(0, length), { files: FILES })
    }
  })

  it('with a character missing, doubled or replaced', async () => {
    for (let i = 0; i < EVERYTHING.length; i += 5) {
      const [before, after] = [EVERYTHING.slice(0, i), EVERYTHING.slice(i + 1)]
      await attempt(before + after, { files: FILES })
      await attempt(before + EVERYTHING[i] + EVERYTHING[i] + after, { files: FILES })
      await attempt(before + '(){}[];,:"~@\\%\0'[i % 15] + after, { files: FILES })
    }
  })

  it.each(['', ' \n\t', '// only a comment', '/* open comment', ';', ';;;;', '"', '<mdoc>', '}', '\\'])(
    'nearly nothing: %j',
    async source => {
      await expectRefused(source)
    },
  )

  it('binary data', async () => {
    const random = (seed: number, limit: number) =>
      String.fromCharCode(...Array.from({ length: 4000 }, (_, i) => Math.floor(hash(seed, i) * limit)))
    await expectRefused(random(1, 256))
    await expectRefused(random(2, 65_536))
    await expectRefused('\0asm\x01\0\0\0')
    await expectRefused('process = 1;\0')
    await expectRefused('process = \ud800;')
  })

  it('a byte order mark is skipped or reported', async () => {
    const result = await attempt('\ufeffprocess = _;')
    if (!result.ok) expect(result.diagnostics[0]!.span!.start.line).toBe(1)
  })

  it('CRLF line ends count as one', async () => {
    await expectAccepted('// comment\r\na = 1;\r\nprocess = a;\r\n')
    const error = await expectRefused('// comment\r\na = 1;\r\nprocess = b;\r\n')
    expect(error.span!.start).toMatchObject({ line: 3, column: 11 })
  })

  it('letters outside the language', async () => {
    await expectRefused('größe = 1; process = größe;')
    await expectRefused('process = “a”;')
    await expectAccepted('/* größe 🎵 */ process = hslider("größe 🎵", 0, 0, 1, 0.1);')
  })
})

describe('names that JavaScript knows', () => {
  const names = ['constructor', 'toString', 'hasOwnProperty', '__proto__', 'valueOf', 'prototype', 'length']

  it.each(names)('%s', async name => {
    const error = await expectRefused(`process = ${name};`)
    expect(error.message).toContain(name)
    await expectAccepted(`${name} = 3; process = ${name};`)
    await expectAccepted(`f(${name}) = ${name} + 1; process = f(2);`)
    await expectRefused(`e = environment { a = 1; }; process = e.${name};`)
    await expectAccepted(`process = hslider("${name}", 0, 0, 1, 0.1) + button("[${name}:x]b");`)
    await expectRefused(`import("${name}"); process = 1;`)
  })
})

describe('large text', () => {
  const MEGABYTE = 1 << 20

  it('10 MB of comment', async () => {
    await expectAccepted(`/*${'x'.repeat(10 * MEGABYTE)}*/ process = _;`)
  })

  it('10 MB of characters outside the language', async () => {
    await expectRefused('#'.repeat(10 * MEGABYTE))
  })

  it('10 MB of opening parentheses', async () => {
    await expectRefused(`process = ${'('.repeat(10 * MEGABYTE)}`)
  })

  it('10 MB of definitions', async () => {
    const line = (i: number) => `name${i} = name${i + 1} * 0.5 + _ : sin;\n`
    const text = Array.from({ length: 10_000 }, (_, i) => line(i)).join('')
    await attempt(`process = 1;\n${text.repeat(Math.ceil((10 * MEGABYTE) / text.length))}`)
  })

  it('one name and one string of 1 MB', async () => {
    const long = 'x'.repeat(MEGABYTE)
    await attempt(`process = ${long};`)
    await attempt(`process = hslider("${long}", 0, 0, 1, 0.1);`)
  })
})

describe('depth', () => {
  const DEEP = 5000
  const nest = (open: string, inner: string, close: string, depth = DEEP) =>
    open.repeat(depth) + inner + close.repeat(depth)

  it.each([
    ['parentheses', `process = ${nest('(', '_', ')')};`],
    ['applications', `process = ${nest('sin(', '_', ')')};`],
    ['lambdas', `process = ${nest('\\(x).(', 'x', ')', 1000)};`],
    ['primes', `process = _${"'".repeat(DEEP)};`],
    ['sequences', `process = _${' : *(0.5)'.repeat(DEEP)};`],
    ['parallels', `process = _${', 1'.repeat(DEEP)};`],
    ['delays', `process = _${' @ 1'.repeat(DEEP)};`],
    ['groups', `process = ${nest('vgroup("g", ', 'button("b")', ')', 500)};`],
    ['definitions', `${chain(DEEP)} process = a0;`],
    ['recursive function', `f(0) = 0; f(n) = sin(f(n - 1)) + _; process = f(300);`],
    ['with blocks', `process = ${nest('(', 'a', ' with { a = 1; })', 500)};`],
    ['comments that look nested', `/*${'/*'.repeat(DEEP)}*/ process = 1;`],
  ])('%s', async (_, source) => {
    await expectAccepted(source)
  })

  function chain(length: number) {
    const links = Array.from({ length }, (_, i) => `a${i} = a${i + 1} + 1;`)
    return `${links.join('\n')} a${length} = _;`
  }

  it('a sum of 10,000 terms', async () => {
    const run = await recordOurs(`process = _${' + 1'.repeat(10_000)};`, probeStimulus)
    expect(run.ok).toBe(true)
    const wanted = Float64Array.from({ length: 64 }, (_, i) => (i === 0 ? 10_001 : 10_000))
    if (run.ok) expect(sampleDifference(run.outputs, [wanted], { relative: 1e-12 })).toBeUndefined()
  })

  it.each([
    ['parentheses', `process = ${nest('(', '_', ')', 200_000)};`],
    ['environments', `process = ${nest('environment { a = ', '1', '; }.a', 20_000)};`],
    ['substitutions', `e = environment { a = 1; }; process = e${'[a = 2;]'.repeat(20_000)}.a;`],
    ['lambdas', `process = ${nest('\\(x).(', 'x', ')', 20_000)};`],
    ['lets', `process = ${nest("x letrec { 'x = ", '1', '; }', 2000)};`],
    ['case patterns', `f(${nest('(x,', 'x', ')', 20_000)}) = 1; process = f(1);`],
    ['minus signs', `a = 1; process = ${'-'.repeat(20_000)}a;`],
    ['feedback', `process = ${nest('(+ ~ ', '_', ')', 2000)};`],
  ])('more than anyone needs: %s', async (_, source) => {
    await attempt(source)
  })
})

describe('programs without an end', () => {
  it.each([
    'f(x) = f(x + 1); process = f(1);',
    'f(x) = f(x); process = f(1);',
    'f(x) = f(x) + 1; process = f(_);',
    'f(n) = _, f(n - 1); process = f(3);',
    'f(n) = sin : f(n - 1); process = f(3);',
    'a = b; b = a; process = a;',
    'a = a; process = a;',
    'a = a + 1; process = a;',
    'f = \\(x).(x(x)); process = f(f);',
    'process = process;',
    'process = process, 1;',
    'e = environment { a = e.a; }; process = e.a;',
    'f(x) = g(x) with { g(y) = f(y); }; process = f(1);',
    'f(x) = e.a with { e = environment { a = f(x + 1); }; }; process = f(1);',
  ])('%s', async source => {
    const error = await expectRefused(source)
    expect(error.span).toBeDefined()
  })

  it('files that read each other', async () => {
    const files = {
      'a.lib': 'import("b.lib"); a = b + 1;',
      'b.lib': 'import("a.lib"); b = 2;',
      'self.lib': 'import("self.lib"); s = 3;',
      'c.dsp': 'process = component("c.dsp");',
      'l.lib': 'l = library("l.lib"); x = l.x;',
    }
    await expectAccepted('import("a.lib"); import("self.lib"); process = a + s;', { files })
    await expectRefused('process = component("c.dsp");', { files })
    await expectRefused('process = library("l.lib").x;', { files })
  })
})

describe('programs beyond any machine', () => {
  it.each([
    'process = _ @ 2147483647;',
    'process = _ @ (1 << 30);',
    'process = _ @ int(hslider("d", 0, 0, 2e9, 1));',
    'process = rdtable(2147483647, 0.5, 0);',
    'process = rwtable(1000000000, 0.0, 0, _, 0);',
    'process = par(i, 1000000000, _);',
    'process = sum(i, 2147483647, i);',
    'process = seq(i, 1000000000, +(1));',
    'process = par(i, 10000, par(j, 10000, par(k, 10000, _)));',
    'process = route(1000000000, 1000000000, 1, 1);',
    'f(0) = _; f(n) = f(n - 1), f(n - 1); process = f(60);',
    'f(0) = _; f(n) = f(n - 1) <: _, _ :> _ <: f(n - 1); process = f(100);',
  ])('%s', async source => {
    await expectRefused(source)
  })

  it('work that only looks endless', async () => {
    await expectAccepted('f(0) = 1; f(n) = f(n - 1) + f(n - 1); process = f(60);')
    await expectAccepted('f(0) = _; f(n) = f(n - 1) <: +; process = f(40);')
    await expectAccepted('process = _ <: par(i, 1000, *(i)) :> _;')
    await expectAccepted(`process = waveform{${'1, '.repeat(50_000)}2};`)
  })
})

describe('values out of range', () => {
  it.each([
    'process = rdtable(0, 1.0, 0);',
    'process = rwtable(0, 1.0, 0, _, 0);',
    'process = rdtable(-1, 1.0, 0);',
    'process = _ @ (-1);',
    'process = hslider("a", 0 / 0, 0, 1, 0.1);',
    'process = hslider("a", sqrt(-1), 0, 1, 0.1);',
    'process = hslider("a", 0, log(0), 1, 0.1);',
    'process = hslider("a", 0, 0, 1 / 0, 0.1);',
    'process = hslider("a", 0, 1, 0, 0.1);',
    'process = nentry("a", 2, 0, 1, 0.1);',
    'process = vbargraph("a", 0, acos(2));',
    'process = par(i, 0 / 0, _);',
    'process = par(i, -1, _);',
    'process = _ / 0;',
    'process = route(-1, 2, 1, 1);',
  ])('%s', async source => {
    const error = await expectRefused(source)
    expect(error.span).toBeDefined()
  })

  it('numbers that no format holds', async () => {
    await attempt('process = 1e999;')
    await attempt('process = 1e999 - 1e999;')
    await expectAccepted('process = 1e-999;')
    await expectAccepted(`process = ${'9'.repeat(1000)};`)
    await expectAccepted(`process = 0.${'3'.repeat(10_000)};`)
  })
})

describe('programs without what they need', () => {
  it('no process', async () => {
    expect((await expectRefused('a = 1;')).message).toContain('process')
    await expectRefused('import("k.lib");', { files: FILES })
  })

  it('an entry that is no block', async () => {
    await expectRefused('process = environment { a = 1; };')
    await expectRefused('process = library("k.lib");', { files: FILES })
  })

  it('another entry', async () => {
    await expectAccepted('other = _;', { entry: 'other' })
    expect((await expectRefused('process = _;', { entry: 'other' })).message).toContain('other')
  })

  it('files that do not exist', async () => {
    for (const text of ['import("no.lib"); process = 1;', 'process = component("no.lib");']) {
      const error = await expectRefused(text)
      expect(error.message).toContain('no.lib')
      expect(error.span).toBeDefined()
    }
    await expectRefused('process = library("../../../../etc/passwd").root;')
    await expectRefused('import(""); process = 1;')
    const nested = await expectRefused('import("a.lib"); process = 1;', {
      files: { 'a.lib': '\nimport("no.lib");' },
    })
    expect(nested.span).toMatchObject({ file: 'a.lib', start: { line: 2 } })
  })

  it('a file that is damaged', async () => {
    const error = await expectRefused('import("a.lib"); process = 1;', {
      files: { 'a.lib': 'x = 1;\ny = ;' },
    })
    expect(error.span).toMatchObject({ file: 'a.lib', start: { line: 2 } })
  })
})
