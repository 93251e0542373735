/** Benchmarks run: they call stages of the built library by name, which other tests would not miss. */
import { execFile } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const BENCH = join(import.meta.dirname, '../../bench')
const script = join(BENCH, 'compile.js')
const options = ['--rounds', '1', '--warm', '1', '--starts', '5', '--signals', '100', '--json']

test('bench/compile.js measures programs, starts and stages', async () => {
  const only = ['--only', 'fm-bell', '--only', '01_oscillator']
  const { stdout } = await promisify(execFile)(process.execPath, [script, ...options, ...only])
  const { results, starts, stages, failures } = JSON.parse(stdout)
  expect(failures).toEqual([])
  expect(results[0].times['faust-double'].warm).toBeGreaterThan(0)
  expect(results[0].times['dspc-double'].cold).toBeGreaterThan(0)
  expect(starts.programs).toEqual([expect.objectContaining({ name: '01_oscillator' })])
  expect(starts.programs[0].least).toBeGreaterThan(starts.node.least)
  expect(starts.programs[0].peak).toBeGreaterThan(20)
  expect(Object.keys(stages[1].stages)).toEqual([
    ...['parse', 'evaluate', 'propagate', 'simplify', 'to core', 'kernel', 'passes', 'emit'],
  ])
})

const IMPORT = /^import \{([^}]*)\} from '(\.\.\/dist\/[^']*)'/gm

interface Import {
  readonly file: string
  readonly path: string
  readonly names: readonly string[]
}

const importsOf = (file: string): Import[] =>
  [...readFileSync(join(BENCH, file), 'utf8').matchAll(IMPORT)].map(([, list, path]) => {
    const names = list!.split(',').map(each => each.trim().replace(/ as .*/, ''))
    return { file, path: path!, names: names.filter(name => name !== '') }
  })

const files = readdirSync(BENCH).filter(name => name.endsWith('.js'))

test.each(files.flatMap(importsOf))('what bench/$file imports of $path is there', async ({ path, names }) => {
  expect(names).not.toEqual([])
  expect(Object.keys(await import(join(BENCH, path)))).toEqual(expect.arrayContaining([...names]))
})
