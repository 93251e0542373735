/**
 * The signal graph of every probe keeps its invariants, before and after simplification.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { foldMath } from '../../src/codegen/fold.ts'
import { verifyCore } from '../../src/core/verify.ts'
import { attempt } from '../../src/diagnostics.ts'
import { lower } from '../../src/lower/lower.ts'
import { verifySignals } from '../../src/lower/verify.ts'
import { parseSource } from '../../src/parser/parse.ts'
import { SourceFile } from '../../src/source.ts'

const folder = join(import.meta.dirname, '../language/probes')
const probes = readdirSync(folder).filter(name => name.endsWith('.dsp'))

describe('signal graphs of the probes', () => {
  test.each(probes)('%s', name => {
    const file = new SourceFile(name, readFileSync(join(folder, name), 'utf8'))
    const { value, diagnostics } = attempt(log => {
      const program = parseSource(file, log)
      log.stopIfFailed()
      const options = {
        load: () => undefined,
        precision: 'double',
        entry: 'process',
        math: foldMath(),
        loadSound: () => undefined,
        definitions: {},
      } as const
      return lower(program, file, options, log)
    })
    if (!value) {
      expect(diagnostics.map(d => d.code)).not.toEqual([])
      return
    }
    expect(verifySignals(value.signals)).toEqual([])
    expect(verifySignals(value.lean)).toEqual([])
    expect(verifyCore(value.core)).toEqual([])
  })
})
