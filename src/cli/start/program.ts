/**
 * Loads the program: its files are CommonJS, so that each can be run from code that was compiled in an earlier run, which
 * Node 20 does not do for modules of its own kinds.
 *
 * Comes in: names of files of `dist/program`. Goes out: what they export. Apart from the program because it is what loads
 * that.
 */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { getHeapCodeStatistics } from 'node:v8'
import { Script } from 'node:vm'
import { type Code, keepCode, mayWrite, readCode } from './kept-code.ts'

export type Exports = Record<string, unknown>
type Require = (name: string) => unknown
/** `importModule` stands for `import()`, which code from an earlier run cannot do in Node 20. */
type Body = (
  exports: Exports,
  require: Require,
  module: { exports: Exports },
  file: string,
  importModule: (name: string) => Promise<unknown>,
) => void

const FOLDER = join(import.meta.dirname, 'program')
const PARAMETERS = 'exports, require, module, __filename, importModule'
/** Of what is kept: a program that was only drafted leaves half of the compiler, a large one more than a small one. */
const MUCH = 1.15
const LOOK_AFTER_MS = 200

export interface Loader {
  load(name: string): Exports
  /** What was compiled anew is there for the next process. */
  keep(): void
}

export function createLoader(): Loader {
  const code = readCode(FOLDER)
  const exportsOf = new Map<string, Exports>()
  const scripts = new Map<string, Script>()
  const compiled = new Set<string>()
  let hasLooked = false
  const require = createRequire(import.meta.filename)

  const load = (name: string): Exports => {
    const known = exportsOf.get(name)
    if (known) return known
    const file = join(FOLDER, name)
    const cachedData = code.parts.get(name)
    // All of it is ASCII: the build sees to that.
    const text = `(function (${PARAMETERS}) {${readFileSync(file, 'latin1')}\n})`
    const script = new Script(text, { filename: file, ...(cachedData && { cachedData }) })
    scripts.set(name, script)
    if (script.cachedDataRejected !== false) compiled.add(name)
    const module = { exports: {} }
    exportsOf.set(name, module.exports)
    const body = script.runInThisContext() as Body
    body(module.exports, requireHere, module, file, name => import(name))
    return module.exports
  }
  const requireHere = (name: string) => (name.startsWith('./') ? load(name.slice(2)) : require(name))
  const keep = () => {
    if (!mayWrite) return
    const isRicher = !hasLooked && hasMuchMore(code)
    hasLooked = true
    const fresh = [...scripts].filter(([name]) => isRicher || compiled.has(name))
    compiled.clear()
    if (fresh.length === 0) return
    const made = fresh.map(([name, script]) => [name, script.createCachedData()] as const)
    const bytecode = Math.max(code.bytecode, sizeOfBytecode())
    keepCode({ parts: new Map([...code.parts, ...made]), bytecode })
  }
  return { load, keep }
}

const sizeOfBytecode = () => getHeapCodeStatistics().bytecode_and_metadata_size

/** To find that out takes milliseconds; in a process that was short there is nothing to gain either. */
const hasMuchMore = ({ bytecode }: Code) =>
  performance.now() > LOOK_AFTER_MS && sizeOfBytecode() > MUCH * bytecode
