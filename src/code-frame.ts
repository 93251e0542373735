/**
 * Code frames: lines of source with marks under the places that a message speaks of.
 *
 * Comes in: a file and labelled ranges of it. Goes out: lines of text. Apart from printing diagnostics because
 * all that is fiddly about it is here: tabs, wide and invisible characters, long lines, ranges of many lines.
 */
import type { SourceFile } from './source.ts'

/** A range of the file in UTF-16 code units, half open. */
export interface FrameLabel {
  readonly start: number
  readonly end: number
  readonly message: string
  /** Marked with `^`, others with `-`. */
  readonly primary: boolean
}

export interface FrameStyle {
  /** Columns that a line may take. */
  readonly width: number
  readonly gutter: (text: string) => string
  readonly primary: (text: string) => string
  readonly secondary: (text: string) => string
}

export interface Frame {
  /** Columns that the line numbers take. */
  readonly gutter: number
  readonly lines: readonly string[]
}

/** The part of a label on one line, in code units of that line. */
interface Mark {
  readonly line: number
  readonly from: number
  readonly to: number
  readonly label: FrameLabel
  /** Only the last line of a range carries its message. */
  readonly last: boolean
}

const TAB_STOP = 4
/** Of a range of more lines than this only the first two and the last are shown. */
const MAX_LINES = 5

export function renderFrame(file: SourceFile, labels: readonly FrameLabel[], style: FrameStyle): Frame {
  const marks = labels.flatMap(label => marksOf(file, label))
  const numbers = [...new Set(marks.map(mark => mark.line))].sort((a, b) => a - b)
  const gutter = Math.max(...numbers.map(n => String(n).length))
  const bar = style.gutter('|')
  const blank = `${' '.repeat(gutter)} ${bar}`
  const lines = [blank]
  numbers.forEach((number, i) => {
    if (i > 0 && number > numbers[i - 1]! + 1) lines.push(style.gutter('...'))
    const own = marks.filter(mark => mark.line === number).sort(byPlace)
    const row = layOutLine(file.line(number), own, style.width - gutter - 3)
    lines.push(trimEnd(`${style.gutter(String(number).padStart(gutter))} ${bar} ${row.text}`))
    for (const { mark, column, columns } of row.places) {
      const paint = mark.label.primary ? style.primary : style.secondary
      const line = (mark.label.primary ? '^' : '-').repeat(columns)
      const message = mark.last && mark.label.message ? ` ${mark.label.message}` : ''
      lines.push(`${blank} ${' '.repeat(column)}${paint(line + message)}`)
    }
  })
  lines.push(blank)
  return { gutter, lines }
}

/** The primary mark stands directly under its line, then the others from left to right. */
function byPlace(a: Mark, b: Mark): number {
  return Number(b.label.primary) - Number(a.label.primary) || a.from - b.from
}

function trimEnd(line: string): string {
  return line.replace(/[ \t]+$/, '')
}

function marksOf(file: SourceFile, label: FrameLabel): Mark[] {
  const start = file.position(label.start)
  const end = file.position(Math.max(label.start, label.end))
  // A range that ends at the start of a line does not reach into it.
  const lastLine = end.column === 1 && end.line > start.line ? end.line - 1 : end.line
  const marks: Mark[] = []
  for (let line = start.line; line <= lastLine; line++) {
    if (lastLine - start.line >= MAX_LINES && line > start.line + 1 && line < lastLine) continue
    const text = file.line(line)
    const from = line === start.line ? start.column - 1 : text.length - text.trimStart().length
    const to = line === end.line ? end.column - 1 : text.length
    marks.push({ line, from, to: Math.max(from, to), label, last: line === lastLine })
  }
  return marks
}

interface Row {
  readonly text: string
  readonly places: readonly { readonly mark: Mark; readonly column: number; readonly columns: number }[]
}

/** Expands a line to what a terminal shows, crops it around its marks, and finds the marks' columns. */
function layOutLine(line: string, marks: readonly Mark[], width: number): Row {
  const { text, columnAt } = expand(line)
  const places = marks.map(mark => {
    const column = columnAt(mark.from)
    return { mark, column, columns: Math.max(1, columnAt(mark.to) - column) }
  })
  const total = columnAt(line.length)
  if (total <= width) return { text, places }
  return crop(text, places, total, Math.max(20, width))
}

function crop(text: string, places: Row['places'], total: number, width: number): Row {
  const first = Math.min(...places.map(p => p.column))
  const from = Math.max(0, Math.min(first - Math.floor(width / 3), total - width))
  const to = Math.min(total, from + width)
  const left = from > 0 ? '…' : ''
  const right = to < total ? '…' : ''
  const inside = sliceColumns(text, from + left.length, to - right.length)
  const clamp = (column: number) => Math.max(left.length, Math.min(column - from, to - from - right.length))
  const cropped = places.map(({ mark, column, columns }) => {
    const start = clamp(column)
    return { mark, column: start, columns: Math.max(1, clamp(column + columns) - start) }
  })
  return { text: left + inside + right, places: cropped }
}

/** The characters in columns `from` … `to`; a wide one cut in half becomes a space. */
function sliceColumns(text: string, from: number, to: number): string {
  let result = ''
  let column = 0
  for (const character of text) {
    const next = column + columnsOf(character)
    if (column >= from && next <= to) result += character
    else if (next > from && column < to) result += ' '
    column = next
  }
  return result
}

/** Tabs become spaces up to the next stop, control characters a visible sign. */
function expand(line: string): { text: string; columnAt: (index: number) => number } {
  const columns = new Float64Array(line.length + 1)
  let text = ''
  let column = 0
  let index = 0
  for (const character of line) {
    const shown = character === '\t' ? ' '.repeat(TAB_STOP - (column % TAB_STOP)) : visible(character)
    columns.fill(column, index, index + character.length)
    text += shown
    for (const c of shown) column += columnsOf(c)
    index += character.length
  }
  columns[line.length] = column
  return { text, columnAt: i => columns[Math.max(0, Math.min(i, line.length))]! }
}

/** Escape sequences inside a program must not reach the terminal: U+2400 … are pictures of control codes. */
function visible(character: string): string {
  const code = character.codePointAt(0)!
  if (code < 0x20) return String.fromCodePoint(0x2400 + code)
  if (code === 0x7f) return '\u2421'
  return isBidirectional(code) || (code >= 0x80 && code < 0xa0) ? '\ufffd' : character
}

/** Marks that reorder the text around them, and so could hide what a line says. */
function isBidirectional(code: number): boolean {
  return (code >= 0x202a && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069)
}

/** Columns that a character takes: none for combining marks, two for East Asian wide ones and emoji. */
function columnsOf(character: string): number {
  const code = character.codePointAt(0)!
  if (code < 0x300) return 1
  if (/^[\p{Mn}\p{Me}\p{Cf}]$/u.test(character)) return 0
  return WIDE.some(([low, high]) => code >= low && code <= high) ? 2 : 1
}

/** Blocks that Unicode's EastAsianWidth lists as wide (W) or full width (F), rounded to whole blocks. */
const WIDE: readonly (readonly [number, number])[] = [
  [0x1100, 0x115f],
  [0x2e80, 0x303e],
  [0x3041, 0x33ff],
  [0x3400, 0x4dbf],
  [0x4e00, 0x9fff],
  [0xa000, 0xa4cf],
  [0xa960, 0xa97f],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe30, 0xfe6f],
  [0xff00, 0xff60],
  [0xffe0, 0xffe6],
  [0x1f300, 0x1f64f],
  [0x1f680, 0x1f6ff],
  [0x1f900, 0x1f9ff],
  [0x20000, 0x3fffd],
]
