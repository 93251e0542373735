/**
 * What Tab offers.
 *
 * Comes in: the line up to the cursor, and what there is. Goes out: candidates and the text that they replace. Pure.
 */
import { COMMANDS, findCommand } from '../session/commands.ts'
import { MIDI_KINDS } from '../session/midi.ts'
import type { Session } from '../session/types.ts'
import { piecesOf } from '../session/versions.ts'
import type { LibraryIndex } from './library-index.ts'

export interface CompletionContext {
  readonly session: Session
  readonly library: () => LibraryIndex
  /** Names in the folder that a path begins with; directories end in `/`. */
  readonly files: (path: string) => readonly string[]
  /** Words of the language. */
  readonly words: readonly string[]
}

export type Candidates = [candidates: string[], replaced: string]

export function complete(line: string, context: CompletionContext): Candidates {
  const command = /^\s*:([\w-]*)$/.exec(line)
  if (command && !context.session.pending) return pick(commandNames(), `:${command[1]}`)
  const called = /^\s*:([\w-]+)\s+(.*)$/s.exec(line)
  const kind = called && !context.session.pending ? findCommand(called[1]!)?.completion : 'expression'
  const rest = called ? called[2]! : line
  switch (kind) {
    case 'command':
      return pick(
        COMMANDS.map(c => c.name),
        rest,
      )
    case 'control': {
      const controls = context.session.program?.controls ?? []
      return pick(
        controls.map(c => c.address),
        rest,
      )
    }
    case 'file':
      return pick([...context.files(rest)], rest)
    case 'midi':
      return pick(
        MIDI_KINDS.map(k => `${k.name} `),
        rest,
      )
    case 'expression':
    case 'function':
      return completeName(line, context)
    default:
      return [[], line]
  }
}

const commandNames = () => COMMANDS.map(c => `:${c.name}${c.arguments === '' ? '' : ' '}`)

function pick(all: readonly string[], begun: string): Candidates {
  return [all.filter(name => name.startsWith(begun)), begun]
}

/** `os.os` → functions of `os`; `vo` → definitions, prefixes and words. */
function completeName(line: string, { session, library, words }: CompletionContext): Candidates {
  const begun = /[A-Za-z_][\w.]*$/.exec(line)?.[0] ?? ''
  if (begun === '') return [[], '']
  const { prefixes } = library()
  const [prefix, after] = begun.split('.')
  if (after !== undefined) {
    return pick(
      (prefixes.get(prefix!) ?? []).map(name => `${prefix}.${name}`),
      begun,
    )
  }
  const own = piecesOf(session).flatMap(piece => (piece.kind === 'definition' ? [piece.key] : []))
  const all = new Set([...own, ...words, ...[...prefixes.keys()].map(name => `${name}.`)])
  return pick([...all].sort(), begun)
}
