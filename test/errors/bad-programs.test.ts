/**
 * Programs that read well and mean nothing, or mean too much: refused in bounded time, with a place.
 */
import { describe, expect, it } from 'vitest'
import { attempt, expectAccepted, expectRefused } from '../support/attempt.ts'

const FILES = { 'k.lib': 'k = 3;' }

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
