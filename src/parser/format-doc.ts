/**
 * Documents: text with the places where it may break, and their printing within a width.
 *
 * Comes in: a tree of texts, possible breaks, indents and groups. Goes out: text, where each group is on one line if
 * it fits, else broken at each of its own breaks. (D. Oppen, "Prettyprinting", 1980; P. Wadler, "A prettier
 * printer", 2003.) Apart from the formatter because nothing here knows of programs. Works on stacks of its own.
 */

export type Doc = {
  /** Must break. */ readonly hard: boolean /** Columns on one line. */
  readonly flat: number
} & (
  | { readonly kind: 'text'; readonly text: string }
  /** A break, or `blank` when its group is on one line. */
  | { readonly kind: 'line'; readonly blank: string }
  | { readonly kind: 'hardline' }
  | { readonly kind: 'indent'; readonly content: Doc }
  | { readonly kind: 'group'; readonly content: Doc }
  | { readonly kind: 'concat'; readonly parts: readonly Doc[] }
)

export function text(content: string, flat = content.length): Doc {
  return { kind: 'text', text: content, hard: false, flat }
}

export const nothing: Doc = text('')
export const space: Doc = text(' ')
export const line: Doc = { kind: 'line', blank: ' ', hard: false, flat: 1 }
export const softline: Doc = { kind: 'line', blank: '', hard: false, flat: 0 }
export const hardline: Doc = { kind: 'hardline', hard: true, flat: 0 }

export function concat(parts: readonly Doc[]): Doc {
  const hard = parts.some(part => part.hard)
  return { kind: 'concat', parts, hard, flat: parts.reduce((sum, part) => sum + part.flat, 0) }
}

export function group(...parts: readonly Doc[]): Doc {
  const content = concat(parts)
  return { kind: 'group', content, hard: content.hard, flat: content.flat }
}

export function indent(...parts: readonly Doc[]): Doc {
  const content = concat(parts)
  return { kind: 'indent', content, hard: content.hard, flat: content.flat }
}

const INDENT = 4
/** Past this, deeper blocks are not indented further, or deep programs would be mostly blanks. */
const MAX_INDENT = 48

interface Work {
  readonly doc: Doc
  readonly indent: number
  readonly broken: boolean
}

export function printDoc(doc: Doc, width: number): string {
  const out: string[] = []
  const stack: Work[] = [{ doc, indent: 0, broken: true }]
  let column = 0
  let pending = 0
  for (let work = stack.pop(); work; work = stack.pop()) {
    const { doc, indent, broken } = work
    if (doc.kind === 'hardline' || (doc.kind === 'line' && broken)) {
      out.push('\n')
      column = pending = indent
    } else if (doc.kind === 'text' || doc.kind === 'line') {
      const content = doc.kind === 'text' ? doc.text : doc.blank
      if (content === '') continue
      out.push(' '.repeat(pending), content)
      pending = 0
      const last = content.lastIndexOf('\n')
      column = last < 0 ? column + content.length : content.length - last - 1
    } else if (doc.kind === 'group') {
      const stays = !doc.hard && fits(doc.content, stack, width - column)
      stack.push({ doc: doc.content, indent, broken: broken && !stays })
    } else pushInner(stack, doc, indent, broken)
  }
  return out.join('')
}

function pushInner(
  stack: Work[],
  doc: Extract<Doc, { kind: 'indent' | 'concat' }>,
  indent: number,
  broken: boolean,
): void {
  if (doc.kind === 'indent') {
    stack.push({ doc: doc.content, indent: Math.min(indent + INDENT, MAX_INDENT), broken })
    return
  }
  for (let i = doc.parts.length - 1; i >= 0; i--) stack.push({ doc: doc.parts[i]!, indent, broken })
}

/** Whether `doc` on one line, and what follows it up to the next break, has room. */
function fits(doc: Doc, rest: readonly Work[], room: number): boolean {
  if (doc.flat > room) return false
  const stack: { readonly doc: Doc; readonly broken: boolean }[] = [{ doc, broken: false }]
  let next = rest.length
  let left = room
  while (left >= 0) {
    const work = stack.pop() ?? rest[--next]
    if (!work) return true
    const { doc, broken } = work
    switch (doc.kind) {
      case 'text': {
        const end = doc.text.indexOf('\n')
        left -= end < 0 ? doc.flat : end
        if (end >= 0) return left >= 0
        break
      }
      case 'line':
        if (broken) return true
        left -= doc.blank.length
        break
      case 'hardline':
        return true
      case 'concat':
        for (let i = doc.parts.length - 1; i >= 0; i--) stack.push({ doc: doc.parts[i]!, broken })
        break
      default:
        stack.push({ doc: doc.content, broken })
    }
  }
  return false
}
