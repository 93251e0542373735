/**
 * Drawing with dots: each character of a terminal holds 2 × 4 of them, as braille.
 *
 * Comes in: dots by column and row. Goes out: lines of text. Unicode numbers the eight dots of U+2800 in the order
 * that `DOTS` has.
 */

/** Bit of the dot at [row][column]. */
const DOTS = [
  [0x01, 0x08],
  [0x02, 0x10],
  [0x04, 0x20],
  [0x40, 0x80],
] as const

export interface Canvas {
  /** In dots. */
  readonly width: number
  readonly height: number
  /** Row 0 is at the top; what lies outside is left out. */
  set(column: number, row: number): void
  lines(): string[]
}

/** `columns` and `rows` count characters. */
export function createCanvas(columns: number, rows: number): Canvas {
  const cells = new Uint8Array(columns * rows)
  const [width, height] = [columns * 2, rows * 4]
  return {
    width,
    height,
    set: (column, row) => {
      if (column < 0 || row < 0 || column >= width || row >= height) return
      cells[(row >> 2) * columns + (column >> 1)]! |= DOTS[row & 3]![column & 1]!
    },
    lines: () =>
      Array.from({ length: rows }, (_, r) => {
        const line = cells.subarray(r * columns, (r + 1) * columns)
        return Array.from(line, cell => String.fromCodePoint(0x2800 + cell)).join('')
      }),
  }
}

/** A vertical stroke between two rows of one column, both included. */
export function stroke(canvas: Canvas, column: number, from: number, to: number): void {
  const [low, high] = from < to ? [from, to] : [to, from]
  for (let row = Math.max(0, low); row <= Math.min(canvas.height - 1, high); row++) canvas.set(column, row)
}
