/**
 * Imports of library users who give no loader.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { compile } from '../../src/index.ts'

const folder = mkdtempSync(join(tmpdir(), 'dspc-imports-'))
writeFileSync(join(folder, 'mine.lib'), 'half = 0.5;')
afterAll(() => rmSync(folder, { recursive: true }))

test('the standard library is found', async () => {
  expect((await compile('import("stdfaust.lib"); process = os.osc(440);')).ok).toBe(true)
})

test('import paths and the folder of the program are searched', async () => {
  const source = 'import("mine.lib"); process = half;'
  expect((await compile(source)).diagnostics[0]?.code).toBe('DSP0305')
  expect((await compile(source, { importPaths: [folder] })).ok).toBe(true)
  expect((await compile(source, { filename: join(folder, 'patch.dsp') })).ok).toBe(true)
})
