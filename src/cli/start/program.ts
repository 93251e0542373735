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
import { Script } from 'node:vm'
import { keepCode, readCode } from './kept-code.ts'

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
  const require = createRequire(import.meta.filename)

  const load = (name: string): Exports => {
    const known = exportsOf.get(name)
    if (known) return known
    const file = join(FOLDER, name)
    const cachedData = code.get(name)
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
    if (compiled.size === 0) return
    const fresh = [...scripts].filter(([name]) => compiled.has(name))
    compiled.clear()
    keepCode(new Map([...code, ...fresh.map(([name, s]) => [name, s.createCachedData()] as const)]))
  }
  return { load, keep }
}
