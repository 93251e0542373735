/**
 * The parts of a module as bytes.
 *
 * Comes in: the bytes of a module. Goes out: where its sections are, and its numbers. Apart because what the audio host does
 * to modules needs nothing else of the format. WebAssembly core specification, section 5.5.
 */

/** What stands before the first section. */
export const MAGIC_BYTES = 8

export interface Section {
  readonly id: number
  readonly start: number
  readonly content: number
  readonly end: number
}

export function readSection(wasm: Uint8Array, start: number): Section {
  const [size, content] = readNumber(wasm, start + 1)
  return { id: wasm[start]!, start, content, end: content + size }
}

/** An unsigned number in groups of 7 bits, the lowest first; and where it ends. */
export function readNumber(bytes: Uint8Array, from: number): [value: number, end: number] {
  let value = 0
  let scale = 1
  for (let at = from; ; at++) {
    const byte = bytes[at]!
    value += (byte & 0x7f) * scale
    scale *= 128
    if (byte < 0x80) return [value, at + 1]
  }
}
