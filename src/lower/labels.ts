/**
 * Labels: what is name, what is path, what is metadata.
 *
 * Comes in: the text of a label, such as `h:osc/freq [unit:Hz] [style:knob]`. Goes out: its parts. Apart from
 * ui.ts because the little language of labels has rules of its own.
 */
import type { GroupKind } from '../core/program.ts'

export interface Label {
  /** Visible text, trimmed. */
  readonly text: string
  /** Sorted by key, then value. */
  readonly metadata: readonly (readonly [string, string])[]
}

/**
 * `[key:value]` anywhere in the label, brackets may nest, `\` takes the next character as it is; a key alone has
 * an empty value.
 */
export function parseLabel(raw: string): Label {
  let text = ''
  let inside = ''
  let depth = 0
  const metadata: [string, string][] = []
  for (let i = 0; i < raw.length; i++) {
    const c = raw[i]!
    const escaped = c === '\\' && i + 1 < raw.length
    if (!escaped && c === '[' && ++depth === 1) continue
    if (!escaped && c === ']' && depth > 0 && --depth === 0) {
      metadata.push(parseEntry(inside))
      inside = ''
      continue
    }
    const piece = escaped ? raw[++i]! : c
    if (depth > 0) inside += piece
    else text += piece
  }
  return { text: text.trim(), metadata: sortEntries(metadata) }
}

/** Sorted by key and value, without what is said twice. */
function sortEntries(entries: readonly (readonly [string, string])[]): (readonly [string, string])[] {
  const unique = new Map(entries.map(entry => [`${entry[0]}\0${entry[1]}`, entry]))
  return [...unique].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, entry]) => entry)
}

function parseEntry(text: string): [string, string] {
  const colon = text.indexOf(':')
  return colon === -1 ? [text.trim(), ''] : [text.slice(0, colon).trim(), text.slice(colon + 1).trim()]
}

export interface GroupLabel {
  readonly group: GroupKind
  readonly raw: string
}

const GROUP_OF: Readonly<Record<string, GroupKind>> = { h: 'hgroup', t: 'tgroup' }

/**
 * Follows the path in front of a label: `x:name/` enters a group, `../` leaves one, `./` stays, a leading `/`
 * starts from the top. Gives the groups then in force, outermost first, and what is left of the label. Any letter but
 * h and t means a vertical group; a path that ends with a group leaves the label empty.
 */
export function followPath(
  groups: readonly GroupLabel[],
  raw: string,
): { groups: GroupLabel[]; rest: string } {
  const path = [...groups]
  let rest = raw
  for (;;) {
    const enter = /^(\w):([^/]*)(?:\/|$)/.exec(rest)
    if (enter) path.push({ group: GROUP_OF[enter[1]!.toLowerCase()] ?? 'vgroup', raw: enter[2]! })
    else if (rest.startsWith('../')) path.pop()
    else if (rest.startsWith('/')) path.length = 0
    else if (!rest.startsWith('./')) return { groups: path, rest }
    rest = enter ? rest.slice(enter[0].length) : rest.slice(rest.indexOf('/') + 1)
  }
}

/** A label as a part of an address: characters that addresses cannot have become `_`. */
export function addressPart(text: string): string {
  return text === '' ? '0x00' : text.replace(/[\s#*,/?[\]{}()]/g, '_').replace(/['\\]/g, '-')
}
