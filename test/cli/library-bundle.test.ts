/**
 * The built library, which Node loads as the files of the command line with code of an earlier run: it exports what the
 * sources do, works in the worlds of test runners, and leaves nothing behind.
 */
import { execFile } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { createContext, runInContext } from 'node:vm'
import { expect, test } from 'vitest'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const STARTER = join(ROOT, 'dist', 'library.cjs')
const PROGRAM = 'import("stdfaust.lib"); process = os.osc(440) : fi.lowpass(2, 1000);'
/** What it compiles to, and whether both entries hold the same things. */
const SCRIPT = `
  import * as dspc from 'dspc'
  import * as runtime from 'dspc/runtime'
  const { ok, program } = await dspc.compile(process.argv[1])
  const [channel] = await dspc.render(program, { sampleRate: 48000, frames: 8 })
  const same = Object.keys(runtime).filter(name => name in dspc).every(name => runtime[name] === dspc[name])
  console.log(JSON.stringify({ ok, bytes: program.wasm.length, samples: [...channel], same }))
`

async function runLibrary(env: Readonly<Record<string, string>>): Promise<unknown> {
  const args = ['--input-type=module', '-e', SCRIPT, PROGRAM]
  const { stdout } = await promisify(execFile)(process.execPath, args, {
    cwd: ROOT,
    env: { ...process.env, ...env },
  })
  return JSON.parse(stdout)
}

test.each([
  ['index.js', '../../src/index.ts'],
  ['runtime/index.js', '../../src/runtime/index.ts'],
])('%s exports what the sources do, and so do the modules for others than Node', async (file, source) => {
  const names = Object.keys(await import(source)).sort()
  for (const folder of ['dist', 'dist/modules']) {
    const built = await import(pathToFileURL(join(ROOT, folder, file)).href)
    expect(Object.keys(built).sort()).toEqual(names)
  }
})

test('compiles the same with and without code, and writes nothing', async () => {
  const cache = mkdtempSync(join(tmpdir(), 'dspc-library-'))
  try {
    const without = await runLibrary({ NODE_DISABLE_COMPILE_CACHE: '1' })
    expect(without).toMatchObject({ ok: true, same: true })
    expect(await runLibrary({ NODE_COMPILE_CACHE: cache })).toEqual(without)
    // Node from 22.1 keeps code of its own there.
    expect(readdirSync(cache)).not.toContain('dspc')
  } finally {
    rmSync(cache, { recursive: true, force: true })
  }
})

test('is loaded by the loader of a world of its own, where there is one', () => {
  const world = createContext({ WebAssembly, process, performance, TextDecoder, URL })
  const body = runInContext(
    `(function (exports, require, __filename, __dirname) {${readFileSync(STARTER, 'utf8')}\n})`,
    world,
  )
  const require = createRequire(STARTER)
  const asked: string[] = []
  const exports: { load?: (name: string) => unknown } = {}
  const { Module } = require('node:module') as { Module: { createRequire: unknown } }
  const own = { ...Module, createRequire: () => (name: string) => asked.push(name) }
  const requireThere = (name: string) => (name === 'node:module' ? own : require(name))
  body(exports, requireThere, STARTER, dirname(STARTER))
  exports.load!('index.cjs')
  expect(asked).toEqual(['./program/index.cjs'])
})
