/**
 * The programs that fuzzing starts from: examples, benchmarks, programs of the language tests, parts of the
 * library, and random programs.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { generateProgram } from './generate.ts'
import { makeRandom } from './random.ts'
import { makeTape } from './tape.ts'

const root = join(import.meta.dirname, '../..')
export const LIBRARY_FOLDER = join(root, 'stdlib')

/** A whole library mutated would mostly be refused for what it misses, so parts have this many lines. */
const LIBRARY_LINES = 40
const RANDOM_PROGRAMS = 100

export function sourceSeeds(): string[] {
  const folders = ['examples', 'bench/patches', 'test/language/differential', 'test/language/probes']
  const programs = [...folders, 'test/errors/lower', 'test/fuzz/found'].flatMap(folder =>
    texts(folder, '.dsp'),
  )
  return [...programs, ...texts('stdlib', '.lib').flatMap(libraryParts), ...randomPrograms()]
}

function texts(folder: string, ending: string): string[] {
  const names = readdirSync(join(root, folder)).filter(name => name.endsWith(ending))
  return names.sort().map(name => readFileSync(join(root, folder, name), 'utf8'))
}

/** Definitions of a library, and a process that uses the last of them. */
function libraryParts(text: string): string[] {
  const lines = text.split('\n').filter(line => line.trim() !== '' && !line.startsWith('//'))
  const parts: string[] = []
  for (let i = 0; i < lines.length; i += LIBRARY_LINES) {
    const part = lines.slice(i, i + LIBRARY_LINES)
    const names = part.flatMap(line => /^([a-z]\w*)[^=]*=/.exec(line)?.[1] ?? [])
    parts.push(`import("stdfaust.lib");\n${part.join('\n')}\nprocess = ${names.at(-1) ?? '_'};\n`)
  }
  return parts
}

function randomPrograms(): string[] {
  return Array.from({ length: RANDOM_PROGRAMS }, (_, seed) => {
    const random = makeRandom(seed)
    const length = 20 + random.below(200)
    return generateProgram(makeTape(Array.from({ length }, () => random.below(10_000))))
  })
}
