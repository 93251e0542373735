/**
 * Kernel module to WebAssembly.
 *
 * Comes in: functions, data and the memory they need. Goes out: the bytes of a module that exports its memory and its
 * exported functions, and imports only what the kernel says; or its text. Bytes are written directly (`wasm/`), because
 * loading binaryen takes longer than compiling most programs (decision 0004). Binaryen optimises, validates and
 * prints.
 */
import { type EmitTarget, encodeFunction } from './emit-function.ts'
import type { Instruction, KernelFunction, KernelModule } from './kernel.ts'
import { profileOf, pureFunctions } from './per-function.ts'
import { everyInstruction } from './regions.ts'
import { type ByteWriter, createWriter } from './wasm/bytes.ts'
import { type Code, createCode } from './wasm/code.ts'
import { encodeModule, type ImportedMemory } from './wasm/module.ts'

export interface EncodeOptions {
  /** Default `own`: the module makes its memory. It is exported as `memory` either way. */
  readonly memory?: 'own' | ImportedMemory
  /** Functions keep their names. */
  readonly names?: boolean
  /** Says how many functions at the front need nothing but each other, so that hosts can keep their translation. */
  readonly marksIndependent?: boolean
}

export interface EmitOptions extends EncodeOptions {
  /** Runs binaryen's optimiser; gains a few per cent of speed for a tenth of a second and more. */
  readonly optimize?: boolean
  /** Runs binaryen's validator and throws on what it finds; engines validate anyway. */
  readonly validate?: boolean
}

const PAGE_BYTES = 65536

export function encodeWasm(module: KernelModule, options: EncodeOptions = {}): Uint8Array {
  const { memory = 'own', names = false, marksIndependent = false } = options
  const { functions, data, imports = [] } = module
  const indices = new Map([...imports, ...functions].map(({ name }, index) => [name, index]))
  const target = { functions: indices, pure: pureFunctions(functions) }
  const bodies = createWriter(1 << 15)
  const code = createCode()
  for (const f of functions) encodeBody(target, f, code, bodies)
  const encoded = functions.map(({ name, exported, parameters, result }) => {
    return { name, exported, parameters: parameters.map(p => p.type), result }
  })
  const pages = Math.max(1, Math.ceil(module.memoryBytes / PAGE_BYTES))
  const independent = marksIndependent && imports.length === 0 ? countIndependent(functions) : 0
  return encodeModule({ imports, functions: encoded, code: bodies, memory, pages, data, names, independent })
}

/** As a rule those of codegen/math: they touch no memory, and call functions before them. */
function countIndependent(functions: readonly KernelFunction[]): number {
  const found = new Set<string>()
  for (const { name, body } of functions) {
    const isBound = (i: Instruction) =>
      i.kind === 'load' || i.kind === 'store' || (i.kind === 'call' && !found.has(i.function))
    if (everyInstruction(body).some(isBound)) break
    found.add(name)
  }
  return found.size
}

/** Bodies of functions, with what they depended on: those of codegen/math come back with every program. */
const remembered = new WeakMap<KernelFunction, { readonly callees: string; readonly body: Uint8Array }>()

function encodeBody(target: EmitTarget, f: KernelFunction, code: Code, bodies: ByteWriter): void {
  const start = bodies.length()
  if (f.exported) {
    code.take(encodeFunction(target, f, code), bodies)
    return
  }
  let callees = ''
  for (const name of profileOf(f).calls)
    callees += `${target.functions.get(name)}${target.pure.has(name) ? 'p' : 'i'}`
  const known = remembered.get(f)
  if (known?.callees === callees) {
    bodies.bytes(known.body)
    return
  }
  code.take(encodeFunction(target, f, code), bodies)
  remembered.set(f, { callees, body: bodies.view().slice(start) })
}

export async function emitWasm(
  module: KernelModule,
  options: EmitOptions = {},
): Promise<{ wasm: Uint8Array }> {
  const wasm = encodeWasm(module, options)
  if (!options.optimize && !options.validate) return { wasm }
  const binaryen = await import('./binaryen.ts')
  if (options.validate) await binaryen.validate(wasm)
  return { wasm: options.optimize ? await binaryen.optimize(wasm) : wasm }
}

export async function emitWat(module: KernelModule, options: EmitOptions = {}): Promise<string> {
  const { wasm } = await emitWasm(module, { names: true, ...options })
  return (await import('./binaryen.ts')).toText(wasm)
}
