/**
 * A module as the audio host wants it: its memory comes from outside, its data stand apart, and so does what it has in
 * common with others.
 *
 * Comes in: the bytes of a compiled program, which imports nothing. Goes out: a module of the same code, and the data. Memory
 * can be used again then: new pages cost the system more than all the rest of a swap. And of programs that differ in
 * numbers alone the code is the same: engines translate it once, as long as a module of it is alive, and it is fast already
 * (decision 0021); mathematical functions of drafts likewise (decision 0022). A stage of its own because nobody but the host
 * wants such modules. WebAssembly core specification, section 5.5.
 */
import { SECTION } from '../core/wasm-format.ts'
import { type FunctionImport, splitFunctions } from './split-functions.ts'
import {
  concatenate,
  type DataSegment,
  MAGIC_BYTES,
  nameBytes,
  numberBytes,
  readNumber,
  readSections,
  readSegments,
} from './wasm-sections.ts'

/** The number of data segments too: it is for instructions that segments written at the start have no use for. */
const LEFT_OUT: ReadonlySet<number> = new Set([
  SECTION.custom,
  SECTION.memory,
  SECTION.data,
  SECTION.dataCount,
])
const [FUNCTION_IMPORT, MEMORY_IMPORT] = [0, 2]
/** Of the memory, module and field; and the module of functions. */
const [MEMORY, FUNCTIONS] = ['m', 'f']

/** What an instance of such a module is given. */
export function importsOf(
  memory: WebAssembly.Memory | undefined,
  functions: WebAssembly.Module | undefined,
): WebAssembly.Imports {
  return {
    ...(memory && { [MEMORY]: { [MEMORY]: memory } }),
    ...(functions && { [FUNCTIONS]: new WebAssembly.Instance(functions).exports }),
  }
}

/** Plain data, for other threads. */
export interface HostModule {
  readonly module: WebAssembly.Module
  /** What it imports beside memory. */
  readonly functions: WebAssembly.Module | undefined
  /** Least size of the memory that it imports, in pages of 64 KiB; undefined: it has its own. */
  readonly pages: number | undefined
  /** To be written when an instance is made. */
  readonly data: readonly DataSegment[]
}

/** `translate` is given the code of the program, and not that which it has in common with others. */
export function compileModule(wasm: Uint8Array, translate = usualTranslation): HostModule {
  const parts = takeApart(wasm)
  return {
    module: translate(parts?.code ?? wasm),
    functions: parts?.functions && usualTranslation(parts.functions),
    pages: parts?.pages,
    data: parts?.data ?? [],
  }
}

const usualTranslation = (code: Uint8Array) => new WebAssembly.Module(code as BufferSource)

interface Parts {
  /** The module without its data, its memory imported. */
  readonly code: Uint8Array
  /** A module of functions that `code` imports. */
  readonly functions: Uint8Array | undefined
  readonly pages: number
  readonly data: readonly DataSegment[]
}

/** Undefined for a module that is not of the usual shape. */
export function takeApart(wasm: Uint8Array): Parts | undefined {
  const sections = readSections(wasm)
  const find = (wanted: number) => sections.find(({ id }) => id === wanted)
  if (find(SECTION.import)) return undefined
  const [memory, written] = [find(SECTION.memory), find(SECTION.data)]
  const pages = memory && readPages(wasm, memory.content)
  const data = written ? readSegments(wasm, written) : []
  if (pages === undefined || !data) return undefined
  const split = splitFunctions(wasm, sections)
  const kept = sections.filter(({ id }) => !LEFT_OUT.has(id))
  const bytes = kept.map(each => split?.replaced.get(each) ?? wasm.subarray(each.start, each.end))
  const imports = importSection(pages, split?.imports ?? [])
  // Sections are in order: it goes behind the types.
  const code = bytes.toSpliced(kept.findIndex(({ id }) => id === SECTION.type) + 1, 0, imports)
  return {
    code: concatenate([wasm.subarray(0, MAGIC_BYTES), ...code]),
    functions: split?.functions,
    pages,
    data,
  }
}

/** Undefined for several memories, shared ones and those of 64 bits, which have other flags; a largest size is left out. */
function readPages(wasm: Uint8Array, content: number): number | undefined {
  const [count, flagsAt] = readNumber(wasm, content)
  const [flags, limitsAt] = readNumber(wasm, flagsAt)
  return count === 1 && flags <= 1 ? readNumber(wasm, limitsAt)[0] : undefined
}

function importSection(pages: number, functions: readonly FunctionImport[]): Uint8Array {
  const memory = [...nameBytes(MEMORY), ...nameBytes(MEMORY), MEMORY_IMPORT, 0, ...numberBytes(pages)]
  const others = functions.map(({ field, type }) => [
    ...nameBytes(FUNCTIONS),
    ...nameBytes(field),
    FUNCTION_IMPORT,
    ...numberBytes(type),
  ])
  const entries = [...numberBytes(1 + functions.length), ...memory, ...others.flat()]
  return Uint8Array.from([SECTION.import, ...numberBytes(entries.length), ...entries])
}
