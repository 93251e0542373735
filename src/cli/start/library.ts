/**
 * Loads the library for `import 'dspc'`, with the code that the command line left: the same files, so the same code.
 *
 * Comes in: the name of a file of `dist/program`. Goes out: what it exports. Nothing is kept here: what a process of
 * somebody else writes is theirs to say.
 */
import { createRequire } from 'node:module'
import { Script } from 'node:vm'
import { createLoader, type Exports } from './program.ts'

/** Test runners load modules in worlds of their own, with other arrays, where `Script` is not at home. */
const isForeign = new Script('globalThis').runInThisContext() !== globalThis
const require = createRequire(import.meta.filename)

export const load: (name: string) => Exports = isForeign
  ? name => require(`./program/${name}`)
  : createLoader().load
