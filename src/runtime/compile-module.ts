/**
 * Bytes of a module to what engines start instances of.
 *
 * Comes in: the bytes. Goes out: the module. Apart, because it is faster not to leave this to other threads: engines
 * only look through the code here and translate functions when they are called first, 0.2 ms for 30 kB; but right after
 * a compilation the engine's other threads are busy with the compiler's own code, for 2 to 140 ms.
 */

/** Bytes of a module beyond which this would hold up the thread; browsers refuse some 8 MB. */
const MOST_AT_ONCE = 2 ** 20

export async function compileModule(wasm: Uint8Array): Promise<WebAssembly.Module> {
  const bytes = wasm as BufferSource
  return wasm.length <= MOST_AT_ONCE ? new WebAssembly.Module(bytes) : WebAssembly.compile(bytes)
}
