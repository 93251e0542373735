/**
 * Every documented function does what its comment shows: its test program compiles with both compilers, sounds the
 * same with both, and stays finite. The programs of one file are the outputs of one program, to compile once.
 */
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { type LibraryFunction, readLibrary } from '../../scripts/library-comments.js'
import { allFinite } from '../support/analysis.ts'
import { isClose } from '../support/compare.ts'
import { compileOfficially } from '../support/faust.ts'
import { compileWithLibrary, libraryFiles, renderSource } from '../support/render.ts'

const FRAMES = 2048

const libraries = Object.entries(libraryFiles)
  .map(([file, text]) => ({ file, functions: readLibrary(text) }))
  .filter(({ functions }) => functions.length > 0)
const everything = libraries.flatMap(({ functions }) => functions)
const titleOf = ({ prefix, name }: LibraryFunction) => `${prefix}.${name}`

/** The test programs side by side, with a definition each. */
function together(functions: readonly LibraryFunction[]): string {
  const definitions = functions.map(({ test }, i) => test.replace(/^process =/, `test${i} =`))
  const outputs = functions.map((_, i) => `test${i}`)
  return `import("stdfaust.lib");\n${definitions.join('\n')}\nprocess = ${outputs.join(', ')};`
}

/** Which function an output belongs to, from the numbers of outputs. */
async function ownersOf(functions: readonly LibraryFunction[]): Promise<string[]> {
  const counted = functions.map((_, i) => `outputs(test${i})`).join(', ')
  const source = together(functions).replace(/process = .*;$/, `process = ${counted};`)
  const counts = await renderSource(source, { frames: 1 })
  return functions.flatMap((f, i) => Array<string>(counts[i]![0]!).fill(titleOf(f)))
}

describe.each(libraries)('$file', ({ functions }) => {
  it('compiles, stays finite, and sounds the same with the official compiler', async () => {
    const source = together(functions)
    const ours = await renderSource(source, { frames: FRAMES })
    const official = await renderSource(source, { frames: FRAMES, compiler: 'official' })
    expect(ours.length).toBe(official.length)
    const isWrong = (samples: Float64Array, channel: number) =>
      !allFinite(samples) || samples.some((x, n) => !isClose(x, official[channel]![n]!, 1e-7))
    const wrong = ours.flatMap((samples, channel) => (isWrong(samples, channel) ? [channel] : []))
    const owners = wrong.length > 0 ? await ownersOf(functions) : []
    expect(wrong.map(channel => owners[channel])).toEqual([])
  })

  it('describes every function, with a usage that names it', () => {
    const faulty = functions.filter(
      ({ name, description, usage, test }) =>
        description === '' || !new RegExp(`\\b${name}\\b`).test(usage) || !/^process = .*;$/.test(test),
    )
    expect(faulty.map(titleOf)).toEqual([])
  })
})

describe('the standard library', () => {
  it('has no two functions of one name', () => {
    const titles = everything.map(titleOf)
    expect(titles.filter((title, i) => titles.indexOf(title) !== i)).toEqual([])
  })

  it.each(libraries)('stays finite in single precision: $file', async ({ functions }) => {
    const program = await compileWithLibrary(together(functions), 'single')
    const outputs = await program.render({ frames: FRAMES, sampleRate: 44_100 })
    expect(outputs.flatMap((samples, channel) => (allFinite(samples) ? [] : [channel]))).toEqual([])
  })

  it('is what the official compiler reads here, not its own libraries', async () => {
    const source = 'import("stdfaust.lib"); process = os.osc(440);'
    const compiled = await compileOfficially(source, { files: libraryFiles })
    const json = compiled.ok ? (JSON.parse(compiled.json) as { library_list: string[] }) : undefined
    expect(json?.library_list.length).toBeGreaterThan(3)
    expect(json?.library_list.filter(path => !path.startsWith('/request/'))).toEqual([])
  })

  it('is listed in docs/STDLIB.md as it is now', () => {
    const script = fileURLToPath(new URL('../../scripts/stdlib-docs.js', import.meta.url))
    const fresh = execFileSync(process.execPath, [script, '--print'], { encoding: 'utf8' })
    const page = readFileSync(new URL('../../docs/STDLIB.md', import.meta.url), 'utf8')
    expect(page === fresh, 'run `node scripts/stdlib-docs.js`').toBe(true)
  })
})
