/**
 * Every message of evaluation, composition and signals, provoked by a program of its own.
 *
 * `lower/NAME.dsp` is the program, `lower/NAME.txt` what a user reads: a snapshot of text, for review.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { MESSAGES } from '../../src/diagnostic-codes.ts'
import { compile, formatDiagnostics } from '../../src/index.ts'

const folder = join(import.meta.dirname, 'lower')
const programs = readdirSync(folder).filter(name => name.endsWith('.dsp'))
const provoked = new Set<string>()

describe('messages of evaluation, composition and signals', () => {
  test.each(programs)('%s', async name => {
    const source = readFileSync(join(folder, name), 'utf8')
    const result = await compile(source, { filename: name })
    expect(result.ok).toBe(false)
    for (const d of result.diagnostics) {
      provoked.add(d.code)
      expect(d.span, d.message).toBeDefined()
      expect(d.help, d.message).toBeTruthy()
    }
    const text = formatDiagnostics(result.diagnostics, { source: () => source })
    await expect(`${text}\n`).toMatchFileSnapshot(join(folder, name.replace(/\.dsp$/, '.txt')))
  })

  test('there is a program for each of them', () => {
    const elsewhere = ['redefinition', 'modulationUnmatched', 'soundNotFound']
    const codes = Object.entries(MESSAGES).filter(
      ([key, m]) => /^DSP0[345]/.test(m.code) && !elsewhere.includes(key),
    )
    expect(codes.filter(([, m]) => !provoked.has(m.code)).map(([key]) => key)).toEqual([])
  })

  test('a name that two imported files define differently', async () => {
    const files: Record<string, string> = { 'a.lib': 'x = 1;', 'b.lib': 'x = 2;' }
    const load = (file: string) => (files[file] === undefined ? undefined : { name: file, text: files[file] })
    const result = await compile('import("a.lib"); import("b.lib"); process = x;', { load })
    expect(result.diagnostics.map(d => d.code)).toEqual(['DSP0304'])
  })

  test('a modulation that meets no widget warns, and the program plays', async () => {
    const result = await compile('process = ["freq": *(2) -> hslider("gain", 1, 0, 10, 1)];')
    expect(result.ok).toBe(true)
    expect(result.diagnostics.map(d => `${d.severity} ${d.code}`)).toEqual(['warning DSP0325'])
  })
})
