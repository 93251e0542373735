/**
 * What the libraries of a session offer: names for Tab, comments for `:doc`.
 *
 * Comes in: the text of the program and a loader. Goes out: prefixes with their functions. Comments are read in the
 * form that the standard library and Faust's libraries share: a heading with the name between dashes, Markdown, and
 * a line of dashes.
 */
import type { Load } from '../../compile.ts'
import { parametersIn } from './parameters.ts'

export interface LibraryIndex {
  /** Functions by prefix: `os` → `osc`, … */
  readonly prefixes: ReadonlyMap<string, readonly string[]>
  /** Comment of `os.osc`, without its slashes. */
  document(name: string): string | undefined
  /** Of `os.osc`; undefined when it has none. */
  parameters(name: string): readonly string[] | undefined
}

const LIBRARY_LINE = /^\s*(\w+)\s*=\s*library\("([^"]+)"\)\s*;/gm
const IMPORT_LINE = /^\s*import\("([^"]+)"\)\s*;/gm
const DEFINITION = /^([A-Za-z]\w*)\s*(?:\([^=\n]*\))?\s*=/gm
const COMMENT = /^\/\/-{3,}[^\n`]*`\(?(\w+)\.\)?(\w+)[^\n]*\n((?:\/\/[^\n]*\n)*)/gm

/** Libraries are found through `stdfaust.lib` even before it is imported. */
export function indexLibraries(text: string, load: Load): LibraryIndex {
  const prefixes = new Map<string, string[]>()
  const documents = new Map<string, string>()
  const texts = new Map<string, readonly string[]>()
  for (const [prefix, file] of findLibraries(text, load)) {
    if (prefixes.has(prefix)) continue
    const names = new Set<string>()
    const parts = partsOf(file, load)
    texts.set(prefix, parts)
    for (const part of parts) {
      for (const [, , name, comment] of part.matchAll(COMMENT)) {
        const key = `${prefix}.${name}`
        if (!documents.has(key)) documents.set(key, uncomment(comment!))
        names.add(name!)
      }
      for (const [, name] of part.matchAll(DEFINITION)) names.add(name!)
    }
    prefixes.set(prefix, [...names].sort())
  }
  const parameters = (full: string) => {
    const [prefix, name] = full.split('.') as [string, string]
    const lists = (texts.get(prefix) ?? []).map(part => parametersIn(part, name))
    return lists.find(list => list !== undefined)
  }
  return { prefixes, document: name => documents.get(name), parameters }
}

function findLibraries(text: string, load: Load): Map<string, string> {
  const texts = [text, ...[...text.matchAll(IMPORT_LINE)].map(([, file]) => load(file!)?.text ?? '')]
  texts.push(load('stdfaust.lib')?.text ?? '')
  const found = new Map<string, string>()
  for (const part of texts) {
    for (const [, prefix, file] of part.matchAll(LIBRARY_LINE))
      if (!found.has(prefix!)) found.set(prefix!, file!)
  }
  return found
}

/** The file and what it imports. */
function partsOf(file: string, load: Load): string[] {
  const seen = new Set<string>()
  const parts: string[] = []
  const pending = [file]
  for (let next = pending.shift(); next !== undefined; next = pending.shift()) {
    if (seen.has(next)) continue
    seen.add(next)
    const text = load(next)?.text
    if (text === undefined) continue
    parts.push(text)
    pending.push(...[...text.matchAll(IMPORT_LINE)].map(([, name]) => name!))
  }
  return parts
}

function uncomment(comment: string): string {
  const lines = comment.split('\n').map(line => line.replace(/^\/\/ ?/, ''))
  const end = lines.findIndex(line => /^-{3,}/.test(line))
  return lines
    .slice(0, end === -1 ? lines.length : end)
    .join('\n')
    .replace(/^#### /gm, '')
    .trim()
}
