/**
 * A module as the audio host wants it: its memory comes from outside, and its data stand apart.
 *
 * Comes in: the bytes of a compiled program, which imports nothing. Goes out: a module of the same code, and the data. Memory
 * can be used again then: new pages cost the system more than all the rest of a swap. And of programs that differ in
 * numbers alone the code is the same: engines translate it once, as long as a module of it is alive, and it is fast already
 * (decision 0021). A stage of its own because nobody but the host wants such modules. WebAssembly core specification,
 * section 5.5.
 */
import { type DataSegment, MAGIC_BYTES, readNumber, readSection, readSegments } from './wasm-sections.ts'

const [TYPE_SECTION, IMPORT_SECTION, MEMORY_SECTION, DATA_SECTION] = [1, 2, 5, 11]
/** Custom ones, and the number of data segments, which is for instructions that segments written at the start have no use for. */
const LEFT_OUT: ReadonlySet<number> = new Set([0, 12])
const MEMORY_IMPORT = 2
/** Names of the import, module and field, both of one letter. */
const NAMES = [1, 'm'.charCodeAt(0), 1, 'm'.charCodeAt(0)]

/** What an instance of such a module is given. */
export function importsOf(memory: WebAssembly.Memory | undefined): WebAssembly.Imports {
  return memory ? { m: { m: memory } } : {}
}

/** Plain data, for other threads. */
export interface HostModule {
  readonly module: WebAssembly.Module
  /** Least size of the memory that it imports, in pages of 64 KiB; undefined: it has its own. */
  readonly pages: number | undefined
  /** To be written when an instance is made. */
  readonly data: readonly DataSegment[]
}

export function compileModule(wasm: Uint8Array): HostModule {
  const parts = takeApart(wasm)
  const module = new WebAssembly.Module((parts?.code ?? wasm) as BufferSource)
  return { module, pages: parts?.pages, data: parts?.data ?? [] }
}

interface Parts {
  /** The module without its data, its memory imported. */
  readonly code: Uint8Array
  readonly pages: number
  readonly data: readonly DataSegment[]
}

/** Undefined for a module that is not of the usual shape. */
export function takeApart(wasm: Uint8Array): Parts | undefined {
  const kept: Uint8Array[] = [wasm.subarray(0, MAGIC_BYTES)]
  /** Sections are in order, custom ones anywhere: the import goes behind the types. */
  let before = kept.length
  let pages: number | undefined
  let data: readonly DataSegment[] | undefined = []
  for (let at = MAGIC_BYTES; at < wasm.length; ) {
    const section = readSection(wasm, at)
    if (section.id === IMPORT_SECTION) return undefined
    if (section.id === MEMORY_SECTION) pages = readPages(wasm, section.content)
    else if (section.id === DATA_SECTION) data = readSegments(wasm, section)
    else if (!LEFT_OUT.has(section.id)) kept.push(wasm.subarray(section.start, section.end))
    if (section.id === TYPE_SECTION) before = kept.length
    at = section.end
  }
  if (pages === undefined || !data) return undefined
  kept.splice(before, 0, importSection(pages))
  return { code: concatenate(kept), pages, data }
}

function concatenate(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}

/** Undefined for several memories, shared ones and those of 64 bits, which have other flags; a largest size is left out. */
function readPages(wasm: Uint8Array, content: number): number | undefined {
  const [count, flagsAt] = readNumber(wasm, content)
  const [flags, limitsAt] = readNumber(wasm, flagsAt)
  return count === 1 && flags <= 1 ? readNumber(wasm, limitsAt)[0] : undefined
}

function importSection(pages: number): Uint8Array {
  const entry = [1, ...NAMES, MEMORY_IMPORT, 0, ...numberBytes(pages)]
  return Uint8Array.from([IMPORT_SECTION, ...numberBytes(entry.length), ...entry])
}

function numberBytes(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...numberBytes(Math.floor(value / 128))]
}
