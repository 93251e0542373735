/**
 * Optimised and unoptimised programs agree bit for bit: examples, differential programs, programs of the official
 * libraries. Controls move between blocks of many lengths; NaNs are one, whatever their bits.
 *
 * `DSPC_UNOPTIMISED=all` takes every program of the official libraries, not one in `PART`.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { PASS_NAMES } from '../../src/codegen/passes.ts'
import type { CompileOptions } from '../../src/compile.ts'
import { readPrograms } from '../conformance/data.ts'
import { sourceOf } from '../conformance/generate.ts'
import { movingStimulus, record, type Stimulus } from '../support/machine.ts'
import { loadOfficialLibrary } from '../support/official-libraries.ts'
import { compileOurs, openOurs } from '../support/ours.ts'
import { splitProgram } from '../support/program-file.ts'

const PART = 12
const EXAMPLES = new URL('../../examples/', import.meta.url)
const DIFFERENTIAL = new URL('../language/differential/', import.meta.url)
const LIBRARY = new URL('../../stdlib/', import.meta.url)

/** The moving one, and blocks long and odd enough for each way in which loops are divided. */
const STIMULUS: Stimulus = { ...movingStimulus, blocks: [256, 1, 64, 7, 130] }

type Load = NonNullable<CompileOptions['load']>

const loadOwn: Load = file =>
  readdirSync(LIBRARY).includes(file)
    ? { name: file, text: readFileSync(new URL(file, LIBRARY), 'utf8') }
    : undefined

async function hear(source: string, precision: 'single' | 'double', load: Load, disabledPasses: string[]) {
  const result = await compileOurs(source, { precision, load, disabledPasses })
  if (!result.ok) return undefined
  return record(await openOurs(result.program, 44_100), STIMULUS)
}

async function compare(source: string, load: Load, mayBeRefused = false): Promise<void> {
  for (const precision of ['single', 'double'] as const) {
    const plain = await hear(source, precision, load, [...PASS_NAMES])
    if (!mayBeRefused) expect(plain).toBeDefined()
    expect(await hear(source, precision, load, [])).toEqual(plain)
  }
}

const namesIn = (folder: URL) => readdirSync(folder).filter(file => file.endsWith('.dsp'))

describe('examples', () => {
  it.each(namesIn(EXAMPLES))('%s', name => compare(readFileSync(new URL(name, EXAMPLES), 'utf8'), loadOwn))
})

describe('differential programs', () => {
  it.each(namesIn(DIFFERENTIAL))('%s', name => {
    const { source, files } = splitProgram(readFileSync(new URL(name, DIFFERENTIAL), 'utf8'))
    return compare(source, file =>
      files[file] === undefined ? undefined : { name: file, text: files[file] },
    )
  })
})

describe('programs of the official libraries', () => {
  const all = Object.entries(readPrograms())
  const some = process.env.DSPC_UNOPTIMISED === 'all' ? all : all.filter((_, i) => i % PART === 0)
  it.each(some)('%s', (_, program) => {
    return compare(sourceOf(program), loadOfficialLibrary, true)
  })
})
