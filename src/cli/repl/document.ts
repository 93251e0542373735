/**
 * `:doc`: what is known about a name.
 *
 * Comes in: a name and the program. Goes out: the comment of a library function, the functions of a prefix, or the
 * definition that the user wrote.
 */
import { makeDiagnostic } from '../../diagnostics.ts'
import { closestName } from '../../suggest.ts'
import type { Effect, Response } from '../session/types.ts'
import { piecesOf } from '../session/versions.ts'
import { indexLibraries } from './library-index.ts'
import type { Stage } from './perform.ts'

export function documentName(effect: Extract<Effect, { kind: 'document' }>, stage: Stage): Response[] {
  const { name, source } = effect
  const { screen, compiler } = stage
  const index = indexLibraries(source.text, compiler.loader(source).load)
  const own = piecesOf(stage.session()).filter(piece => piece.kind === 'definition' && piece.key === name)
  const functions = index.prefixes.get(name.replace(/\.$/, ''))
  const comment = index.document(name)
  if (comment !== undefined) screen.print(`${name}\n\n${comment}`)
  else if (own.length > 0) screen.print(own.map(piece => piece.head + piece.text).join('\n'))
  else if (functions) screen.print(inColumns(functions, screen.columns))
  else return [unknown(name, index.prefixes)]
  return []
}

/** The same function under another prefix is what most people mean. */
function unknown(name: string, prefixes: ReadonlyMap<string, readonly string[]>): Response {
  const alone = name.replace(/^.*\./, '')
  const all = [...prefixes].flatMap(([prefix, names]) => names.map(n => `${prefix}.${n}`))
  const same = all.find(full => full.endsWith(`.${alone}`)) ?? closestName(name, all)
  const help = same === undefined ? undefined : `did you mean \`${same}\`?`
  return { kind: 'wrong', diagnostics: [makeDiagnostic('noDocumentation', undefined, { name }, [], help)] }
}

function inColumns(names: readonly string[], columns: number): string {
  const width = Math.max(...names.map(name => name.length)) + 2
  const count = Math.max(1, Math.floor(columns / width))
  const rows = Array.from({ length: Math.ceil(names.length / count) }, (_, r) => {
    return names
      .slice(r * count, (r + 1) * count)
      .map(name => name.padEnd(width))
      .join('')
      .trimEnd()
  })
  return rows.join('\n')
}
