/**
 * What binaryen does for us: optimise, validate and print modules.
 *
 * Comes in: the bytes of a module. Goes out: bytes or text. Binaryen is loaded at the first call, because that takes
 * 0.3 s and 90 MB; what needs none of this does without.
 */
import type binaryen from 'binaryen'

async function read<T>(
  wasm: Uint8Array,
  take: (module: binaryen.Module, library: typeof binaryen) => T,
): Promise<T> {
  const { default: library } = await import('binaryen')
  const module = library.readBinary(wasm)
  try {
    module.setFeatures(features(library))
    return take(module, library)
  } finally {
    module.dispose()
  }
}

/** By name: all features together write a form of the import section that engines reject. */
function features({ Features }: typeof binaryen): binaryen.Features {
  return (
    Features.MutableGlobals |
    Features.NontrappingFPToInt |
    Features.SignExt |
    Features.BulkMemory |
    Features.SIMD128 |
    Features.RelaxedSIMD |
    Features.Atomics
  )
}

/** Throws if the module is not valid. */
export async function validate(wasm: Uint8Array): Promise<void> {
  const valid = await read(wasm, module => module.validate() === 1)
  if (!valid) throw new Error('internal error: binaryen rejects the module')
}

export async function optimize(wasm: Uint8Array): Promise<Uint8Array> {
  return await read(wasm, (module, library) => {
    library.setOptimizeLevel(2)
    library.setShrinkLevel(0)
    module.optimize()
    return module.emitBinary()
  })
}

/** Read and written again: the same program as another encoder writes it, for tests. */
export async function reencode(wasm: Uint8Array): Promise<Uint8Array> {
  return await read(wasm, module => module.emitBinary())
}

export async function toText(wasm: Uint8Array): Promise<string> {
  return await read(wasm, module => module.emitText())
}
