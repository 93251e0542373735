/**
 * What `declare` says about a program, as its description lists it.
 *
 * Comes in: the declarations of the files that were read, and those of the definitions that were used. Goes out: keys
 * and values, sorted by key. Apart from modules.ts because the order and the rules for several values of one key are
 * fixed from outside: the first holds, and further authors of the program are its contributors.
 */
import type { Declaration, Metadata } from './modules.ts'

type Entry = readonly [key: string, value: string]

export function programMetadata(files: readonly Declaration[], definitions: Iterable<Metadata>): Metadata {
  const first = new Map<string, string>()
  const contributors = new Set<string>()
  const add = (key: string, value: string) => {
    const known = first.get(key)
    if (known === undefined) first.set(key, value)
    else if (key === 'author' && value !== known) contributors.add(value)
  }
  for (const { file, main, statement } of files) {
    if (statement.target === undefined) add(main ? statement.key : `${file}/${statement.key}`, statement.value)
  }
  for (const entries of definitions) for (const [key, value] of entries) add(key, value)
  return [...first]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(entry => (entry[0] === 'author' ? [entry, ...[...contributors].map(contributor)] : [entry]))
}

const contributor = (value: string): Entry => ['contributor', value]
