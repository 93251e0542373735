/**
 * Which expressions cannot depend on the parameters of a call.
 *
 * Comes in: an expression, and names that a layer binds. Goes out: whether one may be mentioned inside the other. What a
 * call's parameters do not reach is evaluated once and not once a call; for functions that call themselves that is
 * the difference between one evaluation and thousands. Apart from evaluation because it reads syntax only. What it
 * finds is kept with the syntax, which compilations share.
 */
import type { Expression } from '../parser/ast.ts'

/**
 * A set of names as bits: each name sets one of 31, by its letters. Two names may share a bit, so an intersection may
 * be taken for one that is none; that costs an evaluation and nothing else.
 */
export type NameBits = number

export const NO_NAMES: NameBits = 0
/** Stands for a place where any name may be read: a label with `%i`, a file that sees where it is imported. */
export const ANY_NAME: NameBits = 0x7fffffff
const BITS = 31
const FILES: ReadonlySet<string> = new Set(['library', 'component'])

const known = new WeakMap<object, NameBits>()

export function bitsOfName(name: string): NameBits {
  let sum = name.length
  for (let i = 0; i < name.length; i++) sum = (sum * 7 + name.charCodeAt(i)) % BITS
  return 1 << (sum % BITS)
}

export function bitsOfNames(names: readonly string[]): NameBits {
  let bits = NO_NAMES
  for (const name of names) bits |= bitsOfName(name)
  return bits
}

/** All names that an expression mentions, bound inside of it or not. */
export function mentionedNames(e: Expression): NameBits {
  return known.get(e) ?? collect(e)
}

interface Visit {
  readonly part: object
  readonly around: Visit | undefined
  bits: NameBits
  isDone: boolean
}

/** Depth first with an explicit stack: bits go to the part around when all inside a part is known. */
function collect(root: object): NameBits {
  const first: Visit = { part: root, around: undefined, bits: NO_NAMES, isDone: false }
  const stack = [first]
  for (let visit = stack.pop(); visit; visit = stack.pop()) {
    if (visit.isDone) {
      known.set(visit.part, visit.bits)
      if (visit.around) visit.around.bits |= visit.bits
      continue
    }
    visit.isDone = true
    stack.push(visit)
    look(visit, stack)
  }
  return first.bits
}

function look(visit: Visit, stack: Visit[]): void {
  const part = visit.part as Readonly<Record<string, unknown>>
  if (part.kind === 'primitive') return
  for (const key in part) {
    const value = part[key]
    if (typeof value === 'string') visit.bits |= bitsOfPart(key, value)
    else if (typeof value === 'object' && value !== null && !key.endsWith('pan')) {
      const bits = known.get(value)
      if (bits === undefined) stack.push({ part: value, around: visit, bits: NO_NAMES, isDone: false })
      else visit.bits |= bits
    }
  }
}

/** What kind of expression or operator it is says no name, unless it reads a file. */
function bitsOfPart(key: string, text: string): NameBits {
  if (key === 'op' || key === 'operator') return NO_NAMES
  if (key === 'kind') return FILES.has(text) ? ANY_NAME : NO_NAMES
  return text.includes('%') ? ANY_NAME : bitsOfName(text)
}
