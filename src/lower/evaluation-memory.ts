/**
 * What evaluation found out of one version of a program, for the next one.
 *
 * Comes in: the definitions of a version, which are the very objects of the one before where their text is the same
 * (`parser/edited.ts`). Goes out: those that stand for the same as before, since they and all that they mention are
 * unchanged. A stage of its own because whoever edits a program while it plays waits for it, and evaluation is the longest
 * part of that which an edit leaves as it was (decision 0023).
 */
import type { NodeLibrary } from '../core/node-library.ts'
import type { MathFunctions } from '../core/primitives.ts'
import type { Precision } from '../core/program.ts'
import type { Definition } from '../parser/ast.ts'
import type { KnownDefinitions } from '../parser/edited.ts'
import type { Deferred, Outline } from '../parser/outline.ts'
import type { Binding, Environment } from './environment.ts'
import type { Findings } from './evaluation.ts'

/** Of all versions of one program. It may be new; where a version fails, it is as if it were new. */
export interface EvaluationMemory {
  last?: Version | undefined
}

/** A version of a program that somebody edits. */
export interface Edited {
  readonly memory: EvaluationMemory
  readonly definitions: KnownDefinitions
}

interface Version {
  readonly number: number
  readonly setting: Setting
  readonly findings: Findings
  /** How many boxes there were when nothing was known. */
  readonly firstSize: number
  /** Of the texts of all versions: what is kept holds the one that it stands in. */
  readonly characters: number
  readonly top: Environment
  readonly definitions: KnownDefinitions
  /** As the program calls them. */
  readonly files: ReadonlyMap<string, Outline>
}

/** On which values depend beside the text. */
export interface Setting {
  readonly filename: string
  readonly precision: Precision
  readonly math: MathFunctions
  /** Undefined: the usual ones. */
  readonly nodes: NodeLibrary | undefined
}

/** What is known when a version is evaluated. */
export interface Recalled {
  readonly version: number
  readonly former: Version | undefined
}

/** A library is another than it was for the version before: all is to be evaluated anew. */
export class Outdated extends Error {}

/** Beyond so many versions, boxes in parts of those of the first, or characters of text, it begins anew. */
const MOST_VERSIONS = 200
const MOST_GROWTH = 3
const SMALL = 20_000
const MOST_CHARACTERS = 10_000_000

/** Takes what the memory holds: should this version fail, nothing is kept. */
export function recall({ memory }: Edited, setting: Setting): Recalled {
  const { last } = memory
  memory.last = undefined
  const former = last && isSameSetting(last.setting, setting) ? last : undefined
  return { version: (former?.number ?? 0) + 1, former }
}

/** Unless there is too much of it: then the next version is the first. `length`: of the text, in characters. */
export function remember(
  { memory, definitions }: Edited,
  { version: number, former }: Recalled,
  evaluated: Omit<Version, 'number' | 'firstSize' | 'characters' | 'definitions'>,
  length: number,
): void {
  const firstSize = former?.firstSize ?? evaluated.findings.boxes.count
  const characters = (former?.characters ?? 0) + length
  const version = { ...evaluated, number, firstSize, characters, definitions }
  if (!isFull(version)) memory.last = version
}

const isSameSetting = (a: Setting, b: Setting) =>
  a.filename === b.filename && a.precision === b.precision && a.math === b.math && a.nodes === b.nodes

function isFull({ number, findings, firstSize, characters }: Version): boolean {
  return (
    number >= MOST_VERSIONS ||
    characters > MOST_CHARACTERS ||
    findings.boxes.count > MOST_GROWTH * firstSize + SMALL
  )
}

/**
 * The definitions of a version, those that stand for the same as before in the environment where that was found out:
 * there, all names that they mention mean what they mean here.
 */
export function adopt(former: Version, bindings: ReadonlyMap<string, Binding>): Map<string, Binding> {
  const { top } = former
  const changed = changedNames(top.bindings, bindings)
  const adopted = new Map<string, Binding>()
  for (const [name, binding] of bindings) {
    const before = top.bindings.get(name)
    const isKept = !changed.has(name) && before?.kind === 'definition' && binding.kind === 'definition'
    adopted.set(name, isKept ? { ...binding, environment: before.environment ?? top } : binding)
  }
  return adopted
}

type Bindings = ReadonlyMap<string, Binding>

/** Names that are there in one of two versions only, that are defined in another way, or that mention such a name. */
function changedNames(before: Bindings, after: Bindings): Set<string> {
  const changed = new Set<string>()
  for (const name of before.keys()) if (!after.has(name)) changed.add(name)
  const users = new Map<string, string[]>()
  for (const [name, binding] of after) {
    const former = before.get(name)
    if (!former || !isSameDefinition(former, binding)) changed.add(name)
    for (const word of mentionedWords(binding)) {
      const list = users.get(word)
      if (list) list.push(name)
      else users.set(word, [name])
    }
  }
  // A set is walked to the end of what is added meanwhile.
  for (const name of changed) for (const user of users.get(name) ?? []) changed.add(user)
  return changed
}

function isSameDefinition(a: Binding, b: Binding): boolean {
  if (a.kind !== 'definition' || b.kind !== 'definition') return false
  const [left, right] = [a.meaning.definitions, b.meaning.definitions]
  return (
    left.length === right.length &&
    left.every((definition, i) => definition === right[i]) &&
    JSON.stringify(a.declared) === JSON.stringify(b.declared)
  )
}

const words = new WeakMap<Definition | Deferred, readonly string[]>()

/** All that may be names in the text of a definition, which is more than it depends on. */
function mentionedWords(binding: Binding): readonly string[] {
  return binding.kind === 'definition' ? binding.meaning.definitions.flatMap(wordsIn) : []
}

function wordsIn(definition: Definition | Deferred): readonly string[] {
  let found = words.get(definition)
  if (!found) {
    const { file, start, end } = definition.span
    found = [...new Set(file.text.slice(start, end).match(/(?:::)?[A-Za-z_]\w*(?:::[A-Za-z_]\w*)*/g) ?? [])]
    words.set(definition, found)
  }
  return found
}
