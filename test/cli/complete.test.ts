/**
 * Tab in the REPL: what is offered, and what it replaces. And the index of libraries behind it.
 */
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { complete } from '../../src/cli/repl/complete.ts'
import { indexLibraries } from '../../src/cli/repl/library-index.ts'
import { control, running, type } from './session-support.ts'

const library = {
  prefixes: new Map([
    ['os', ['osc', 'oscsin', 'saw']],
    ['fi', ['lowpass']],
  ]),
  document: () => undefined,
  parameters: () => undefined,
}

const context = (session = type(['voice = 1;']).session) => ({
  session,
  library: () => library,
  files: (path: string) => [`${path}x.dsp`],
  words: ['hslider', 'vslider'],
})

it.each([
  [':sw', [':swap-report'], ':sw'],
  [':sa', [':save '], ':sa'],
  [':help pl', ['play', 'plot'], 'pl'],
  [':load so', ['sox.dsp'], 'so'],
  [':midi c', ['cc '], 'c'],
  [':scope os.o', ['os.osc', 'os.oscsin'], 'os.o'],
  [':doc fi.', ['fi.lowpass'], 'fi.'],
  ['process = vo', ['voice'], 'vo'],
  ['process = f', ['fi.'], 'f'],
  ['a = v', ['voice', 'vslider'], 'v'],
  ['process = xx.y', [], 'xx.y'],
  ['process = ', [], ''],
])('%s', (line, candidates, replaced) => {
  expect(complete(line, context())).toEqual([candidates, replaced])
})

it('offers the controls of the program', () => {
  const session = running(['process = 1;'], [control('/s/freq'), control('/s/gain')])
  expect(complete(':set /s/f', context(session))).toEqual([['/s/freq'], '/s/f'])
})

it('offers no commands inside an input', () => {
  expect(complete(':vo', context(type(['a = _', 'voice = 1']).session))[1]).toBe('vo')
})

it('finds every function of the standard library that its page lists, with its comment', () => {
  const read = (file: string) => {
    try {
      return { name: file, text: readFileSync(new URL(`../../stdlib/${file}`, import.meta.url), 'utf8') }
    } catch {
      return undefined
    }
  }
  const index = indexLibraries('', read)
  const page = readFileSync(new URL('../../docs/STDLIB.md', import.meta.url), 'utf8')
  const sections = [...page.matchAll(/^## `(\w+)`.*\n([\s\S]*?)(?=^## |$(?![\s\S]))/gm)]
  expect(sections.length).toBeGreaterThan(10)
  for (const [, prefix, rows] of sections) {
    const names = new Set([...rows!.matchAll(new RegExp(`\\b${prefix}\\.(\\w+)`, 'g'))].map(m => m[1]!))
    const known = index.prefixes.get(prefix!) ?? []
    expect([...names].filter(name => !known.includes(name))).toEqual([])
  }
  expect(index.document('os.osc')).toMatch(/^The standard sine oscillator[\s\S]*Usage/)
})
