/**
 * Anything a user can type or open gives a program or a diagnostic: no exception, no crash, no endless run.
 */
import { describe, expect, it } from 'vitest'
import { attempt, expectAccepted, expectRefused } from '../support/attempt.ts'
import { sampleDifference } from '../support/compare.ts'
import { hash, probeStimulus } from '../support/machine.ts'
import { recordOurs } from '../support/ours.ts'

const EVERYTHING = `
declare name "everything"; declare f author "x";
import("k.lib"); l = library("k.lib");
f(0, x) = x; f(n, (x, xs)) = x + f(n - 1, xs); f(n, x) = x * n;
e = environment { a = 1; b(x) = x' @ 3 + a; };
g = case { (1) => 2; (x : y) => y; (x) => x ^ 2 ; };
h(i) = hgroup("v%i [style:knob]", hslider("[1]a %2i", 0.5, 0, 1, 0.01) * button("b")) : vbargraph("m%i", -1, 1);
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
    ['comments that look nested', `/*${' /*'.repeat(DEEP)} */ process = 1;`],
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
