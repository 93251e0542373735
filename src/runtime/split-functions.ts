/**
 * A module whose first functions need nothing but each other, as two modules.
 *
 * Comes in: the sections of a module that says so (`codegen/draft.ts`). Goes out: a module that exports these functions, and
 * the sections of the rest, which imports them. Imported functions come first in the numbering, so that all calls stay as
 * they are. Apart because the engine then keeps its translation of what programs have in common, which are mathematical
 * functions as a rule: it translates each function when it is called first, and makes it fast when it has been called often.
 * WebAssembly core specification, section 5.5.
 */

import { INDEPENDENT_FUNCTIONS } from '../core/program.ts'
import { SECTION } from '../core/wasm-format.ts'
import {
  concatenate,
  MAGIC_BYTES,
  nameBytes,
  numberBytes,
  readNumber,
  type Section,
} from './wasm-sections.ts'

const FUNCTION_KIND = 0

export interface Split {
  /** A module of its own. */
  readonly functions: Uint8Array
  /** How the rest imports them, by their numbers. */
  readonly imports: readonly FunctionImport[]
  /** In the place of sections of the module. */
  readonly replaced: ReadonlyMap<Section, Uint8Array>
}

export interface FunctionImport {
  readonly field: string
  /** Number of its type. */
  readonly type: number
}

/** Undefined where no function is said to be independent. */
export function splitFunctions(wasm: Uint8Array, sections: readonly Section[]): Split | undefined {
  const count = readCount(wasm, sections)
  const [types, functions, code] = [SECTION.type, SECTION.function, SECTION.code].map(id =>
    sections.find(each => each.id === id),
  )
  if (count === undefined || !types || !functions || !code) return undefined
  const kinds = divide(wasm, functions, count, at => readNumber(wasm, at)[1])
  const bodies = divide(wasm, code, count, at => afterSized(wasm, at))
  const numbers = readNumbers(kinds.first, count)
  const known = divide(wasm, types, Math.max(...numbers) + 1, at => afterType(wasm, at))
  const names = numbers.map((_, number) => nameBytes(`${number}`))
  const exports = names.map((name, number) => [...name, FUNCTION_KIND, ...numberBytes(number)])
  const module = [
    wasm.subarray(0, MAGIC_BYTES),
    sectionOf(SECTION.type, known.firstCount, known.first),
    sectionOf(SECTION.function, count, kinds.first),
    sectionOf(SECTION.export, count, Uint8Array.from(exports.flat())),
    sectionOf(SECTION.code, count, bodies.first),
  ]
  const replaced = new Map([
    [functions, sectionOf(SECTION.function, kinds.restCount, kinds.rest)],
    [code, sectionOf(SECTION.code, bodies.restCount, bodies.rest)],
  ])
  return {
    functions: concatenate(module),
    imports: numbers.map((type, number) => ({ field: `${number}`, type })),
    replaced,
  }
}

function readCount(wasm: Uint8Array, sections: readonly Section[]): number | undefined {
  const wanted = Uint8Array.from(nameBytes(INDEPENDENT_FUNCTIONS))
  for (const { id, content } of sections) {
    const end = content + wanted.length
    if (id === SECTION.custom && wanted.every((byte, i) => byte === wasm[content + i]))
      return readNumber(wasm, end)[0]
  }
  return undefined
}

interface Divided {
  readonly first: Uint8Array
  readonly firstCount: number
  readonly rest: Uint8Array
  readonly restCount: number
}

/** The first `count` entries of a section, and the others; `after` finds the end of the entry at a place. */
function divide(wasm: Uint8Array, section: Section, count: number, after: (at: number) => number): Divided {
  const [all, start] = readNumber(wasm, section.content)
  let at = start
  for (let entry = 0; entry < count; entry++) at = after(at)
  return {
    first: wasm.subarray(start, at),
    firstCount: count,
    rest: wasm.subarray(at, section.end),
    restCount: all - count,
  }
}

function afterSized(wasm: Uint8Array, at: number): number {
  const [size, content] = readNumber(wasm, at)
  return content + size
}

/** A byte that says what it is, then the types of parameters and of results, a byte each. */
const afterType = (wasm: Uint8Array, at: number) => afterSized(wasm, afterSized(wasm, at + 1))

function readNumbers(bytes: Uint8Array, count: number): number[] {
  let at = 0
  return Array.from({ length: count }, () => {
    const [value, end] = readNumber(bytes, at)
    at = end
    return value
  })
}

function sectionOf(id: number, entries: number, content: Uint8Array): Uint8Array {
  const counted = numberBytes(entries)
  const size = numberBytes(counted.length + content.length)
  return concatenate([Uint8Array.from([id, ...size, ...counted]), content])
}
