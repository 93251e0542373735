/**
 * Views of a linear memory, and the sample rate until another is set.
 *
 * Comes in: a buffer. Goes out: typed arrays over all of it. A module of its own, without the compiler, because an audio
 * thread loads it too.
 */

/** Hertz. */
export const DEFAULT_SAMPLE_RATE = 44100

export interface Views {
  readonly f64: Float64Array
  readonly f32: Float32Array
  readonly i32: Int32Array
  readonly bytes: Uint8Array
}

export function viewsOf(buffer: ArrayBufferLike): Views {
  return {
    f64: new Float64Array(buffer),
    f32: new Float32Array(buffer),
    i32: new Int32Array(buffer),
    bytes: new Uint8Array(buffer),
  }
}
