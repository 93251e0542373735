/**
 * A growing row of bytes, with the number formats of WebAssembly.
 *
 * Comes in: bytes and numbers. Goes out: one array. On its own because everything that is encoded is written with it,
 * hundreds of thousands of times a program: it holds one typed array and never makes small ones.
 */

export interface ByteWriter {
  /** Bytes written so far. */
  length(): number
  byte(value: number): void
  bytes(values: ArrayLike<number>): void
  /** Unsigned LEB128, below 2³². */
  unsigned(value: number): void
  /** Signed LEB128. */
  signed32(value: number): void
  signed64(value: bigint): void
  /** IEEE 754, little-endian. */
  float32(value: number): void
  float64(value: number): void
  /** Length and UTF-8. */
  name(text: string): void
  /** Length and content of another writer. */
  sized(content: ByteWriter): void
  /** Replaces a byte. */
  patch(at: number, value: number): void
  clear(): void
  /** What was written; valid until more is. */
  view(): Uint8Array
}

const utf8 = new TextEncoder()
const scratch = new DataView(new ArrayBuffer(8))
const scratchBytes = new Uint8Array(scratch.buffer)

export function createWriter(capacity = 1024): ByteWriter {
  let buffer = new Uint8Array(capacity)
  let end = 0

  const reserve = (count: number): void => {
    if (end + count <= buffer.length) return
    const larger = new Uint8Array(Math.max(2 * buffer.length, end + count))
    larger.set(buffer)
    buffer = larger
  }
  const byte = (value: number): void => {
    if (end === buffer.length) reserve(1)
    buffer[end++] = value
  }
  const bytes = (values: ArrayLike<number>): void => {
    const count = values.length
    reserve(count)
    // Most are opcodes, for which `set` takes longer than it is worth.
    if (count > 8) buffer.set(values, end)
    else for (let i = 0; i < count; i++) buffer[end + i] = values[i]!
    end += count
  }
  const unsigned = (value: number): void => {
    let rest = value >>> 0
    while (rest > 127) {
      byte((rest & 127) | 128)
      rest >>>= 7
    }
    byte(rest)
  }
  const scratched = (count: number): void => {
    for (let i = 0; i < count; i++) byte(scratchBytes[i]!)
  }

  return {
    length: () => end,
    byte,
    bytes,
    unsigned,
    signed32(value) {
      let rest = value | 0
      while (rest < -64 || rest > 63) {
        byte((rest & 127) | 128)
        rest >>= 7
      }
      byte(rest & 127)
    },
    signed64(value) {
      let rest = BigInt.asIntN(64, value)
      while (rest < -64n || rest > 63n) {
        byte(Number(rest & 127n) | 128)
        rest >>= 7n
      }
      byte(Number(rest & 127n))
    },
    float32(value) {
      scratch.setFloat32(0, value, true)
      scratched(4)
    },
    float64(value) {
      scratch.setFloat64(0, value, true)
      scratched(8)
    },
    name(text) {
      const encoded = utf8.encode(text)
      unsigned(encoded.length)
      bytes(encoded)
    },
    sized(content) {
      unsigned(content.length())
      bytes(content.view())
    },
    patch(at, value) {
      buffer[at] = value
    },
    clear() {
      end = 0
    },
    view: () => buffer.subarray(0, end),
  }
}
