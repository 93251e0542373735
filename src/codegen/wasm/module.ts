/**
 * Puts a WebAssembly module together from encoded functions.
 *
 * Comes in: imports, functions with their bodies as bytes, memory and data. Goes out: the module. Apart from the
 * encoding of functions because it is all that knows of sections.
 */
import { INDEPENDENT_FUNCTIONS } from '../../core/program.ts'
import { SECTION } from '../../core/wasm-format.ts'
import type { DataSegment, ImportedFunction, KernelType } from '../kernel.ts'
import { type ByteWriter, createWriter } from './bytes.ts'
import { ACCESS, EXTERNAL, LIMITS, OPCODE, TYPE_CODE } from './opcodes.ts'

export interface FunctionType {
  readonly parameters: readonly KernelType[]
  readonly result: KernelType | undefined
}

export interface EncodedFunction extends FunctionType {
  readonly name: string
  readonly exported: boolean
}

export interface ImportedMemory {
  readonly module: string
  readonly field: string
  /** The most pages it may have, if it is shared between threads. */
  readonly sharedMaximum?: number
}

export interface WasmModule {
  readonly imports: readonly ImportedFunction[]
  readonly functions: readonly EncodedFunction[]
  /** Bodies of `functions` in their order, each with its size. */
  readonly code: ByteWriter
  readonly memory: 'own' | ImportedMemory
  readonly pages: number
  readonly data: readonly DataSegment[]
  /** Functions keep their names, for people who read the module. */
  readonly names: boolean
  /** So many functions at the front need nothing but each other; a section says so, unless there are none. */
  readonly independent: number
}

const MAGIC_AND_VERSION = [0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0]

export function encodeModule(module: WasmModule): Uint8Array {
  const out = createWriter(2 * module.code.length() + 1024)
  const content = createWriter()
  const section = (id: number, entries: number, write: () => void): void => {
    if (entries === 0) return
    content.clear()
    content.unsigned(entries)
    write()
    out.byte(id)
    out.sized(content)
  }
  const { imports, functions, memory, data } = module
  const [types, typeOf] = distinctTypes([...imports, ...functions])
  out.bytes(MAGIC_AND_VERSION)
  if (module.independent > 0) writeIndependent(out, module.independent)
  section(SECTION.type, types.length, () => {
    for (const type of types) writeType(content, type)
  })
  section(SECTION.import, imports.length + (memory === 'own' ? 0 : 1), () => {
    if (memory !== 'own') writeMemoryImport(content, memory, module.pages)
    for (const [i, { module: from, field }] of imports.entries()) {
      writeImport(content, from, field, EXTERNAL.function)
      content.unsigned(typeOf[i]!)
    }
  })
  section(SECTION.function, functions.length, () => {
    for (const type of typeOf.slice(imports.length)) content.unsigned(type)
  })
  section(SECTION.memory, memory === 'own' ? 1 : 0, () => {
    content.byte(LIMITS.minimum)
    content.unsigned(module.pages)
  })
  const exported = functions.filter(f => f.exported).length + 1
  section(SECTION.export, exported, () => writeExports(content, module))
  section(SECTION.code, functions.length, () => content.bytes(module.code.view()))
  out.bytes(encodeData(data))
  if (module.names) writeNames(out, [...imports, ...functions])
  return out.view().slice()
}

/** The section that holds them; nothing where there are none. */
export function encodeData(data: readonly DataSegment[]): Uint8Array {
  const out = createWriter()
  if (data.length === 0) return out.view()
  const content = createWriter()
  content.unsigned(data.length)
  for (const segment of data) writeSegment(content, segment)
  out.byte(SECTION.data)
  out.sized(content)
  return out.view()
}

/** Each type once, and the number of each function's type. */
function distinctTypes(functions: readonly FunctionType[]): [FunctionType[], number[]] {
  const types: FunctionType[] = []
  const known = new Map<string, number>()
  const numbers = functions.map(f => {
    const key = `${f.parameters.join(' ')} → ${f.result ?? ''}`
    const found = known.get(key)
    if (found !== undefined) return found
    known.set(key, types.length)
    return types.push(f) - 1
  })
  return [types, numbers]
}

function writeType(out: ByteWriter, { parameters, result }: FunctionType): void {
  out.byte(0x60)
  for (const list of [parameters, result ? [result] : []]) {
    out.unsigned(list.length)
    for (const type of list) out.byte(TYPE_CODE[type])
  }
}

function writeImport(out: ByteWriter, module: string, field: string, kind: number): void {
  out.name(module)
  out.name(field)
  out.byte(kind)
}

function writeMemoryImport(out: ByteWriter, memory: ImportedMemory, pages: number): void {
  writeImport(out, memory.module, memory.field, EXTERNAL.memory)
  const { sharedMaximum } = memory
  out.byte(sharedMaximum === undefined ? LIMITS.minimum : LIMITS.sharedWithMaximum)
  out.unsigned(pages)
  if (sharedMaximum !== undefined) out.unsigned(sharedMaximum)
}

/** The memory too, wherever it comes from, as `memory`. */
function writeExports(out: ByteWriter, { imports, functions }: WasmModule): void {
  out.name('memory')
  out.byte(EXTERNAL.memory)
  out.unsigned(0)
  for (const [i, f] of functions.entries()) {
    if (!f.exported) continue
    out.name(f.name)
    out.byte(EXTERNAL.function)
    out.unsigned(imports.length + i)
  }
}

/** Copied into the memory when the module is instantiated. */
function writeSegment(out: ByteWriter, { offset, bytes }: DataSegment): void {
  out.unsigned(0)
  out.bytes(ACCESS.i32.constant)
  out.signed32(offset)
  out.byte(OPCODE.end)
  out.unsigned(bytes.length)
  out.bytes(bytes)
}

function writeIndependent(out: ByteWriter, count: number): void {
  const content = createWriter()
  content.name(INDEPENDENT_FUNCTIONS)
  content.unsigned(count)
  out.byte(SECTION.custom)
  out.sized(content)
}

function writeNames(out: ByteWriter, functions: readonly { readonly name: string }[]): void {
  const FUNCTION_NAMES = 1
  const names = createWriter()
  names.unsigned(functions.length)
  for (const [i, f] of functions.entries()) {
    names.unsigned(i)
    names.name(f.name)
  }
  const content = createWriter()
  content.name('name')
  content.byte(FUNCTION_NAMES)
  content.sized(names)
  out.byte(SECTION.custom)
  out.sized(content)
}
