/**
 * When the engine makes code of a module fast.
 *
 * Comes in: code, and whether something faster is on its way. Goes out: a module. V8 translates a function quickly when it is
 * called first, and thoroughly, on another thread, when it has run for a while. That takes 0.1 s of a processor for the code of
 * a draft, which seldom plays for longer, and stops the thread that runs it for some milliseconds, just while it is
 * rehearsed. So code of drafts may run for some seconds before. V8 gives each module the number that is the flag when the
 * module is made; engines that do not know the flag do as they always do.
 */
import { setFlagsFromString } from 'node:v8'

/** Roughly bytes of code that are executed: as V8 11.3 has it, and as many as the flag can say. */
const SOON = 1_800_000
const LATE = 2 ** 31 - 1

export function translate(code: Uint8Array, isReplacedSoon: boolean): WebAssembly.Module {
  setFlagsFromString(`--wasm-tiering-budget=${isReplacedSoon ? LATE : SOON}`)
  try {
    return new WebAssembly.Module(code as BufferSource)
  } finally {
    setFlagsFromString(`--wasm-tiering-budget=${SOON}`)
  }
}
