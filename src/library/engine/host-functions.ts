/**
 * Nodes of TypeScript for the audio side in the same thread: imports and reset hooks.
 *
 * Comes in: the callbacks of a compiled function. Goes out: what a backend calls. Apart from the engine because a
 * backend knows neither images nor callbacks.
 */
import type { Callbacks } from '../callbacks.ts'
import type { FunctionImage } from '../image.ts'
import type { HostFunctions } from './audio-function.ts'

export function hostFunctions(callbacks: Callbacks, image: FunctionImage): HostFunctions {
  return {
    imports: callbacks.imports,
    start: () => callbacks.reset(image.fresh),
    reset: () => callbacks.reset(),
    hasFailed: () => callbacks.failure !== undefined,
  }
}
