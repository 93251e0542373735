/** The files of the suite agree with each other, and nothing of the official test programs gets into them. */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { officialLibraries } from '../support/official-libraries.ts'
import { DATA, readArguments, readDeviations, readExpected, readPrograms } from './data.ts'
import { generatePrograms, publicFunctions } from './generate.ts'
import { identify, sampledFrames } from './outcome.ts'
import { renderReport } from './report.ts'
import { documentedFunctions } from './usage.ts'

describe('conformance suite', () => {
  it('has a program for every documented function', () => {
    const tried = new Set(Object.keys(readPrograms()).map(name => name.split('/')[0]))
    expect(publicFunctions().filter(({ name }) => !tried.has(name))).toEqual([])
    expect(publicFunctions().length).toBeGreaterThan(1200)
  })

  it('has the programs that its arguments make', () => {
    const { programs, unknown } = generatePrograms(readArguments())
    expect(unknown).toEqual([])
    expect(readPrograms()).toEqual(programs)
  })

  it('has an answer of the official compiler for every program, and no others', () => {
    expect(Object.keys(readExpected()).sort()).toEqual(Object.keys(readPrograms()).sort())
  })

  it('names only programs that exist in its deviations', () => {
    const programs = readPrograms()
    expect(Object.keys(readDeviations()).filter(name => !(name in programs))).toEqual([])
  })

  it('has a page that says what its files say', () => {
    const page = renderReport(readPrograms(), readExpected(), readDeviations())
    expect(readFileSync(DATA.report, 'utf8'), 'node scripts/conformance.js report').toBe(page)
  })

  it('compares frames in rising order, each once', () => {
    expect(sampledFrames).toEqual([...new Set(sampledFrames)].sort((a, b) => a - b))
    expect(sampledFrames.at(-1)).toBe(4409)
  })

  it('identifies programs by their text', () => {
    expect(identify('process = 1;')).not.toBe(identify('process = 2;'))
  })
})

describe('usage of a documented function', () => {
  const comment = (...lines: string[]) =>
    ['//---`(xx.)one`, `(xx.)two`---', ...lines, 'one(a,b) = a;'].join('\n')

  it('is the call in the section "Usage"', () => {
    const [one, two] = documentedFunctions(
      comment('// text one(no)', '// #### Usage', '// _ : one(a,(b,c)) : _', '// two : _'),
    )
    expect(one).toEqual({ prefix: 'xx', name: 'one', parameters: ['a', '(b,c)'] })
    expect(two).toEqual({ prefix: 'xx', name: 'two', parameters: undefined })
  })

  it('is never taken from a test or an example', () => {
    for (const section of ['Test', 'Example', 'Example test program']) {
      const [one] = documentedFunctions(comment(`// #### ${section}`, '// process = one(1, 2);'))
      expect(one?.parameters).toBeUndefined()
    }
    const [one] = documentedFunctions(comment('// #### Usage', '// process = one(1, 2);'))
    expect(one?.parameters).toBeUndefined()
  })

  it('is found in the libraries of the package', () => {
    const fi = documentedFunctions(officialLibraries.get('filters.lib') ?? '')
    expect(fi.find(f => f.name === 'lowpass')).toEqual({
      prefix: 'fi',
      name: 'lowpass',
      parameters: ['N', 'fc'],
    })
  })
})
