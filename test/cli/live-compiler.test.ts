/**
 * The compiler of a session with `--watch`: in a worker it gives what it gives here, and Ctrl-C does not wait for it.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { jobOf } from '../../src/cli/compile-program.ts'
import { type Drafted, draftJob } from '../../src/cli/drafts.ts'
import { packageRoot } from '../../src/cli/package.ts'
import { loggedProgram } from '../../src/cli/session-log.ts'
import { type LiveCompiler, startCompiler } from '../../src/cli/watch/compiler.ts'
import type { CompiledProgram } from '../../src/core/program.ts'
import { edit, randomFrom } from '../live/random-edits.ts'
import { finish, inFolder, start } from './support.ts'

/** Takes a second or more until it is refused. */
const EXPLOSIVE = `f(0, x) = x;
f(n, x) = f(n - 1, x * (n + 0.5)) + f(n - 1, x * (n + 0.25));
process = f(40, 1.5);`
const EXAMPLES = join(packageRoot(), 'examples')

const sourceOf = (name: string, text: string) => ({ name, text, directory: EXAMPLES })
const isSame = (a: CompiledProgram, b: CompiledProgram) => Buffer.compare(a.wasm, b.wasm) === 0
const plain = (value: unknown) => JSON.parse(JSON.stringify(value))

describe('the worker', () => {
  let compiler: LiveCompiler
  beforeAll(async () => {
    compiler = startCompiler(await jobOf(sourceOf('a.dsp', 'process = 1;'), {}), {})
    await compiler.warm
  })
  afterAll(() => compiler.close())

  /** From the same text, here and there. */
  const compileTwice = async (text: string) => {
    const source = sourceOf('a.dsp', text)
    const [here, there] = [await jobOf(source, {}), await jobOf(source, {})]
    const [expected, drafted] = [await draftJob(here), await compiler.draft(there)]
    return { here, there, expected, drafted }
  }
  const described = (drafted: Drafted) =>
    plain({ ...drafted, milliseconds: 0, program: { ...drafted.program, wasm: [] } })

  test.each(['acid-bass', 'compressor'])('gives what is given here: %s, edited', async name => {
    const random = randomFrom(7)
    let text = readFileSync(join(EXAMPLES, `${name}.dsp`), 'utf8')
    for (const kind of ['number', 'move'] as const) {
      text = edit(kind, text, random)?.text ?? text
      const { here, there, expected, drafted } = await compileTwice(text)
      expect(described(drafted)).toEqual(described(expected))
      expect(isSame(drafted.program!, expected.program!)).toBe(true)
      expect(loggedProgram(drafted.program!)).toEqual(loggedProgram(expected.program!))
      expect(there.loader.lookups).toEqual(here.loader.lookups)
      expect(there.loader.libraries()).toEqual(here.loader.libraries())
      expect(there.loader.source('a.dsp')).toBe(text)
      expect(isSame(await drafted.finish!(), await expected.finish!())).toBe(true)
    }
  })

  test('tells of libraries that have changed, gone and come', async () => {
    await inFolder({ 'own.lib': 'gain = 0.5;', 'other.lib': 'gain = 0.25;' }, async directory => {
      const compare = async (text: string) => {
        const source = { name: 'a.dsp', text, directory }
        const [here, there] = [await jobOf(source, {}), await jobOf(source, {})]
        const [expected, drafted] = [await draftJob(here), await compiler.draft(there)]
        expect(isSame(drafted.program!, expected.program!)).toBe(true)
        expect(there.loader.lookups).toEqual(here.loader.lookups)
        const texts = (of: typeof here) => of.loader.libraries().map(name => [name, of.loader.source(name)])
        expect(texts(there)).toEqual(texts(here))
        return texts(there)
      }
      const own = 'import("own.lib"); process = _ * gain;'
      const first = await compare(own)
      expect(await compare(own.replace('_', '_ @ 7'))).toEqual(first)
      writeFileSync(join(directory, 'own.lib'), 'gain = 0.75; // another one')
      expect(await compare(own)).not.toEqual(first)
      expect(await compare(own.replace('own', 'other'))).toHaveLength(1)
      expect(await compare('process = _;')).toEqual([])
    })
  })

  test('mistakes too, with the texts that show them', async () => {
    const wrong = [
      'process = nonsense;',
      'process = ;',
      'import("missing.lib"); process = 1;',
      'process = 1 : !;',
    ]
    for (const text of wrong) {
      const { here, there, expected, drafted } = await compileTwice(text)
      expect(drafted.program).toBeUndefined()
      expect(drafted.finish).toBeUndefined()
      expect(described(drafted)).toEqual(described(expected))
      expect(there.loader.problems).toEqual(here.loader.problems)
    }
    const library = 'import("stdfaust.lib"); process = fi.lowpass(3.5, 100);'
    const { here, there } = await compileTwice(library)
    const texts = here.loader.libraries().map(name => here.loader.source(name))
    expect(texts.length).toBeGreaterThan(0)
    expect(here.loader.libraries().map(name => there.loader.source(name))).toEqual(texts)
  })

  test('a draft can be finished after the next one was no good', async () => {
    const first = await compileTwice('process = _ * 0.5 : abs;')
    await compileTwice('process = nonsense;')
    await compileTwice('process = _ * 0.25 : abs;')
    expect(isSame(await first.drafted.finish!(), await first.expected.finish!())).toBe(true)
  })

  test('a draft that was given up can still be finished', async () => {
    const text = readFileSync(join(EXAMPLES, 'acid-bass.dsp'), 'utf8')
    const { expected, drafted } = await compileTwice(text)
    const abort = new AbortController()
    const given = drafted.finish!(abort.signal)
    abort.abort()
    await expect(given).rejects.toThrow()
    expect(isSame(await drafted.finish!(), await expected.finish!())).toBe(true)
  })

  test('this thread does other things meanwhile', async () => {
    let isDone = false
    const compiling = compiler.draft(await jobOf(sourceOf('a.dsp', EXPLOSIVE), {})).then(() => {
      isDone = true
    })
    await new Promise(resolve => setTimeout(resolve, 20))
    expect(isDone).toBe(false)
    await compiling
  })
})

describe('Ctrl-C while it compiles', () => {
  test.each(['SIGINT', 'SIGTERM'] as const)('%s ends `--watch` before there is a result', async signal => {
    await inFolder({ 'a.dsp': 'process = 0.25;' }, async cwd => {
      const child = start(['a.dsp', '--watch', '-o', 'a.wav', '--duration', '10smp'], { cwd })
      const ran = finish(child)
      let [isWatching, isStopped] = [false, false]
      child.stderr!.on('data', text => {
        if (/watching a\.dsp/.test(text) && !isWatching) {
          isWatching = true
          writeFileSync(join(cwd, 'a.dsp'), EXPLOSIVE)
        }
        if (/a\.dsp changed/.test(text) && !isStopped) {
          isStopped = true
          // By then it compiles, and long after that it still does.
          setTimeout(() => child.kill(signal), 50)
        }
      })
      const { stderr } = await ran
      expect(isStopped).toBe(true)
      expect(stderr).not.toMatch(/too large/)
      expect(child.signalCode ?? child.exitCode).toBe(signal)
      expect(readFileSync(join(cwd, 'a.wav')).length).toBeGreaterThan(44)
    })
  })
})
