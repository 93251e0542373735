/**
 * A module that takes its memory from outside instead of bringing its own.
 *
 * Comes in: the bytes of a compiled program, which imports nothing. Goes out: bytes of the same program with its memory
 * imported, so that memory can be used again: new pages cost the system more than all the rest of a swap. A stage of its
 * own because nobody but the audio host wants such modules. WebAssembly core specification, section 5.5.
 */

import { MAGIC_BYTES, readNumber, readSection, type Section } from './wasm-sections.ts'

const [IMPORT_SECTION, MEMORY_SECTION] = [2, 5]
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
}

export function compileModule(wasm: Uint8Array): HostModule {
  const importing = importMemory(wasm)
  const module = new WebAssembly.Module((importing?.wasm ?? wasm) as BufferSource)
  return { module, pages: importing?.pages }
}

interface ImportingModule {
  readonly wasm: Uint8Array
  readonly pages: number
}

/** Undefined for a module that is not of the usual shape. */
export function importMemory(wasm: Uint8Array): ImportingModule | undefined {
  let before = MAGIC_BYTES
  for (let at = MAGIC_BYTES; at < wasm.length; ) {
    const section = readSection(wasm, at)
    if (section.id === IMPORT_SECTION) return undefined
    // Sections are in order, custom ones (0) anywhere: the import goes behind the types.
    if (section.id === 1) before = section.end
    if (section.id === MEMORY_SECTION) return replace(wasm, before, section)
    at = section.end
  }
  return undefined
}

function replace(wasm: Uint8Array, before: number, memory: Section): ImportingModule | undefined {
  const [count, flagsAt] = readNumber(wasm, memory.content)
  const [flags, limitsAt] = readNumber(wasm, flagsAt)
  // Shared memories and those of 64 bits have other flags; a largest size is left out.
  if (count !== 1 || flags > 1) return undefined
  const [pages] = readNumber(wasm, limitsAt)
  const entry = [1, ...NAMES, MEMORY_IMPORT, 0, ...numberBytes(pages)]
  const section = [IMPORT_SECTION, ...numberBytes(entry.length), ...entry]
  const result = new Uint8Array(wasm.length + section.length - (memory.end - memory.start))
  result.set(wasm.subarray(0, before))
  result.set(section, before)
  result.set(wasm.subarray(before, memory.start), before + section.length)
  result.set(wasm.subarray(memory.end), memory.start + section.length)
  return { wasm: result, pages }
}

function numberBytes(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...numberBytes(Math.floor(value / 128))]
}
