/**
 * A draft and what becomes of it: the finished program is the one that compiling gives, with the state of the draft.
 */
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { compileSource, draftSource } from '../../src/compile.ts'
import { nodeLoader } from '../../src/node-loader.ts'

const EXAMPLES = new URL('../../examples/', import.meta.url).pathname

const load = async (name: string) => {
  const filename = `${EXAMPLES}${name}.dsp`
  return { text: readFileSync(filename, 'utf8'), options: { ...(await nodeLoader(filename, [])), filename } }
}

test.each(['freeverb', 'fm-bell', 'drum-machine'])('%s', async name => {
  const { text, options } = await load(name)
  for (const precision of ['single', 'double'] as const) {
    const compiled = await compileSource(text, { ...options, precision })
    const draft = await draftSource(text, { ...options, precision })
    if (!compiled.ok || !draft.ok) throw new Error('it does not compile')
    let turns = 0
    const finished = await draft.finish!(async () => {
      turns++
    })
    expect(Buffer.compare(finished.wasm, compiled.program.wasm)).toBe(0)
    expect({ ...finished, wasm: undefined }).toEqual({ ...compiled.program, wasm: undefined })
    expect(Buffer.compare(draft.program.wasm, finished.wasm)).not.toBe(0)
    expect(draft.program.layout.cells).toEqual(finished.layout.cells)
    expect(turns).toBeGreaterThan(5)
  }
})

test('what a turn rejects with ends the finishing, which can begin again', async () => {
  const { text, options } = await load('freeverb')
  const draft = await draftSource(text, options)
  const enough = new Error('enough')
  await expect(draft.finish!(() => Promise.reject(enough))).rejects.toBe(enough)
  const compiled = await compileSource(text, options)
  if (!compiled.ok) throw new Error('it does not compile')
  expect(Buffer.compare((await draft.finish!()).wasm, compiled.program.wasm)).toBe(0)
})
