/**
 * How a function is called: the names of its parameters, and the usage that its library shows.
 *
 * Comes in: an expression that is a name, and where names come from. Goes out: a signature; undefined for all else. Read
 * from the text, because a function without its arguments is nothing that the compiler can evaluate: recursion that
 * waits for a number does not end.
 */
import type { Load } from '../../compile.ts'
import type { Signature } from '../session/types.ts'
import { indexLibraries } from './library-index.ts'
import { parametersIn } from './parameters.ts'

/** `own`: definitions of the session, as written. */
export function findSignature(
  expression: string,
  own: readonly string[],
  text: string,
  load: Load,
): Signature | undefined {
  const name = expression.trim()
  if (!/^[A-Za-z_]\w*(\.[A-Za-z_]\w*)?$/.test(name)) return undefined
  if (!name.includes('.')) return ofParameters(parametersIn(own.join('\n'), name))
  const index = indexLibraries(text, load)
  const usage = /^Usage\s+`([^`]+)`/m.exec(index.document(name) ?? '')?.[1]
  return ofParameters(index.parameters(name), usage)
}

function ofParameters(names: readonly string[] | undefined, usage?: string): Signature | undefined {
  return names && { names, ...(usage === undefined ? {} : { usage }) }
}
