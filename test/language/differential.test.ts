/**
 * Programs, one point of the language each, through both compilers: same controls, same samples, same
 * bargraphs over several blocks, with noise on the inputs and moving controls.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { disagreement } from '../support/compare.ts'
import { splitProgram } from '../support/program-file.ts'

const FOLDER = new URL('differential/', import.meta.url)

const names = readdirSync(FOLDER)
  .filter(file => file.endsWith('.dsp'))
  .map(file => file.slice(0, -'.dsp'.length))

describe('same as the official compiler', () => {
  it.each(names)('%s', async name => {
    const { source, files } = splitProgram(readFileSync(new URL(`${name}.dsp`, FOLDER), 'utf8'))
    expect(await disagreement(source, { files })).toBeUndefined()
  })
})
