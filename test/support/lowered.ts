/**
 * Core of programs that use the standard library, for tests of what comes after it.
 *
 * Comes in: definitions. Goes out: Core, as the compiler makes it.
 */
import { readFileSync } from 'node:fs'
import { lowerSource } from '../../src/compile.ts'
import type { CoreProgram } from '../../src/core/ast.ts'
import { attempt } from '../../src/diagnostics.ts'

const LIBRARY = new URL('../../stdlib/', import.meta.url)

export function lowered(definition: string): CoreProgram {
  const load = (name: string) => ({ name, text: readFileSync(new URL(name, LIBRARY), 'utf8') })
  const source = `import("stdfaust.lib"); ${definition}`
  const { value } = attempt(log => lowerSource(source, { filename: 'bank', load }, log))
  return value!.core
}
