/**
 * What `declare` says about a program, as its description lists it.
 *
 * Comes in: the declarations of the files that were read, and those of the definitions that were used. Goes out: keys
 * and values, sorted by key. Apart from modules.ts because the order and the rules for several values of one key are
 * fixed from outside: of several values that one holds which any file mentions first, be it for another key; further
 * authors of the program are its contributors.
 */
import type { Declaration, Metadata } from './modules.ts'

export function programMetadata(files: readonly Declaration[], definitions: Iterable<Metadata>): Metadata {
  const mentioned = [...new Set(files.map(({ statement }) => statement.value))]
  const rank = new Map(mentioned.map((value, i) => [value, i]))
  const byKey = new Map<string, Set<string>>()
  const add = (key: string, value: string) => {
    const values = byKey.get(key)
    if (values) values.add(value)
    else byKey.set(key, new Set([value]))
  }
  for (const { file, main, statement } of files) {
    if (statement.target === undefined)
      add(main ? statement.key : `${file}/${statement.key}`, statement.value)
  }
  for (const entries of definitions) for (const [key, value] of entries) add(key, value)
  return [...byKey]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([key, values]) =>
      entriesOf(
        key,
        [...values].sort((a, b) => rank.get(a)! - rank.get(b)!),
      ),
    )
}

function entriesOf(key: string, [first, ...others]: readonly string[]): Metadata {
  const entry = [key, first!] as const
  return key === 'author' ? [entry, ...others.map(other => ['contributor', other] as const)] : [entry]
}
