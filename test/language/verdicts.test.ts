/**
 * Small programs on the edge of what the language allows: both compilers accept or both refuse, and what both accept
 * sounds, and is described, the same. Where we decide otherwise, `DELIBERATE` says why.
 *
 * `verdicts/*.txt` hold the programs; a line `//====== NAME` starts one, `// file: NAME` a file that it reads.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { differenceOf, summary } from '../support/compare.ts'
import { descriptionDifference } from '../support/description.ts'
import { recordOfficial } from '../support/faust.ts'
import { movingStimulus } from '../support/machine.ts'
import { loadOfficialLibrary } from '../support/official-libraries.ts'
import { recordOurs } from '../support/ours.ts'
import { splitProgram } from '../support/program-file.ts'
import { DELIBERATE } from './verdicts.ts'

const FOLDER = new URL('verdicts/', import.meta.url)

const areas = readdirSync(FOLDER).map(file => ({
  area: file.replace(/\.txt$/, ''),
  programs: readArea(file),
}))

function readArea(file: string): [string, string][] {
  const [, ...parts] = readFileSync(new URL(file, FOLDER), 'utf8').split(/^\/\/====== (.*)\n/m)
  return parts.flatMap((part, i) => (i % 2 === 0 ? [[part, parts[i + 1]!] as [string, string]] : []))
}

describe.each(areas)('$area', ({ area, programs }) => {
  it.each(programs)('%s', (name, text) => compare(text, DELIBERATE[`${area}: ${name}`]))
})

async function compare(text: string, deliberate: string | undefined): Promise<void> {
  const { source, files } = splitProgram(text)
  const load = (file: string) =>
    Object.hasOwn(files, file) ? { name: file, text: files[file]! } : loadOfficialLibrary(file)
  const official = await recordOfficial(source, movingStimulus, { files, name: 'process.dsp' })
  const ours = await recordOurs(source, movingStimulus, { load })
  const said = `official: ${official.ok || official.message}; ours: ${ours.ok || summary(ours.diagnostics)}`
  expect(ours.ok === official.ok, `${said}\n${source}`).toBe(deliberate === undefined)
  if (!ours.ok || !official.ok) return
  const difference = differenceOf(ours, official) ?? descriptionDifference(ours.program, official.json)
  expect(difference, source).toBeUndefined()
}

it('names only programs that exist among the deliberate differences', () => {
  const names = areas.flatMap(({ area, programs }) => programs.map(([name]) => `${area}: ${name}`))
  expect(Object.keys(DELIBERATE).filter(name => !names.includes(name))).toEqual([])
  expect(names.length).toBeGreaterThan(500)
})
