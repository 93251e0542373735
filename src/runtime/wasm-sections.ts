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

/** In their order. */
export function readSections(wasm: Uint8Array): Section[] {
  const sections: Section[] = []
  for (let start = MAGIC_BYTES; start < wasm.length; start = sections.at(-1)!.end) {
    const [size, content] = readNumber(wasm, start + 1)
    sections.push({ id: wasm[start]!, start, content, end: content + size })
  }
  return sections
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

export function numberBytes(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...numberBytes(Math.floor(value / 128))]
}

/** Names are of plain letters here. */
export const nameBytes = (name: string): number[] => [
  name.length,
  ...Array.from(name, letter => letter.charCodeAt(0)),
]

export function concatenate(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}

/** Bytes that are written when an instance is made. */
export interface DataSegment {
  readonly offset: number
  readonly bytes: Uint8Array
}

const [I32_CONST, END] = [0x41, 0x0b]

/** Of a data section; undefined where a segment is not written at a constant place. */
export function readSegments(wasm: Uint8Array, { content }: Section): readonly DataSegment[] | undefined {
  const segments: DataSegment[] = []
  let [count, at] = readNumber(wasm, content)
  for (; count > 0; count--) {
    if (wasm[at] !== 0 || wasm[at + 1] !== I32_CONST) return undefined
    const [offset, offsetEnd] = readSigned(wasm, at + 2)
    const [length, start] = readNumber(wasm, offsetEnd + 1)
    if (wasm[offsetEnd] !== END || offset < 0) return undefined
    segments.push({ offset, bytes: wasm.slice(start, start + length) })
    at = start + length
  }
  return segments
}

/** The highest bit of the last group is the sign. */
function readSigned(bytes: Uint8Array, from: number): [value: number, end: number] {
  const [value, end] = readNumber(bytes, from)
  const bits = 7 * (end - from)
  return [value >= 2 ** (bits - 1) ? value - 2 ** bits : value, end]
}

export function writeSegments(segments: readonly DataSegment[], memory: ArrayBufferLike): void {
  const all = new Uint8Array(memory)
  for (const { offset, bytes } of segments) all.set(bytes, offset)
}
