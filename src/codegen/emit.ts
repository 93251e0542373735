/**
 * Kernel module to WebAssembly, through binaryen.
 *
 * Comes in: functions, data and the memory they need. Goes out: the bytes (or the text) of a module that
 * exports its memory and its exported functions and imports nothing. Binaryen is loaded here and only here,
 * when the first module is emitted, because loading it takes longer than compiling most programs.
 */
import type binaryen from 'binaryen'
import { emitFunction } from './emit-function.ts'
import type { KernelModule } from './kernel.ts'
import { pureFunctions } from './per-function.ts'

export interface EmitOptions {
  /** Runs binaryen's optimiser; gains a few per cent of speed for a tenth of a second and more. */
  readonly optimize?: boolean
  /** Runs binaryen's validator and throws on what it finds; engines validate anyway. */
  readonly validate?: boolean
}

const PAGE_BYTES = 65536

export async function emitWasm(
  module: KernelModule,
  options: EmitOptions = {},
): Promise<{ wasm: Uint8Array }> {
  return await withModule(module, options, made => ({ wasm: made.emitBinary() }))
}

export async function emitWat(module: KernelModule, options: EmitOptions = {}): Promise<string> {
  return await withModule(module, options, made => made.emitText())
}

async function withModule<T>(
  module: KernelModule,
  options: EmitOptions,
  take: (made: binaryen.Module) => T,
): Promise<T> {
  const { default: library } = await import('binaryen')
  const made = new library.Module()
  try {
    build(library, made, module)
    if (options.validate && made.validate() !== 1)
      throw new Error('internal error: binaryen rejects the module')
    if (options.optimize) optimize(library, made)
    return take(made)
  } finally {
    made.dispose()
  }
}

function build(library: typeof binaryen, made: binaryen.Module, module: KernelModule): void {
  // By name: all features together write a form of the import section that engines reject.
  made.setFeatures(
    library.Features.MVP |
      library.Features.MutableGlobals |
      library.Features.NontrappingFPToInt |
      library.Features.SignExt |
      library.Features.BulkMemory |
      library.Features.SIMD128,
  )
  const segments = module.data.map(({ offset, bytes }) => ({ offset: made.i32.const(offset), data: bytes }))
  const pages = Math.max(1, Math.ceil(module.memoryBytes / PAGE_BYTES))
  made.setMemory(pages, PAGE_BYTES, 'memory', segments)
  const target = {
    module: made,
    types: {
      i32: library.i32,
      i64: library.i64,
      f32: library.f32,
      f64: library.f64,
      v128: library.v128,
      none: library.none,
    },
    createType: library.createType,
    pure: pureFunctions(module.functions),
    constructors: new Map(),
  }
  for (const f of module.functions) emitFunction(target, f)
}

function optimize(library: typeof binaryen, made: binaryen.Module): void {
  library.setOptimizeLevel(2)
  library.setShrinkLevel(0)
  made.optimize()
}
