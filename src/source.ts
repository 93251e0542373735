/**
 * Source text and places in it.
 *
 * Comes in: the text of a file and offsets into it. Goes out: spans, line/column pairs and code frames.
 * A module of its own because every stage refers to places, and only this file knows how lines are counted.
 */

/** One file of source text. Equality is identity: load each file once per compilation. */
export class SourceFile {
  readonly name: string
  readonly text: string
  private lineStarts: number[] | undefined

  constructor(name: string, text: string) {
    this.name = name
    this.text = text
  }

  /** Line and column, both from 1, of an offset in UTF-16 code units. Offsets past the end give the end. */
  position(offset: number): Position {
    const starts = (this.lineStarts ??= findLineStarts(this.text))
    const at = Math.max(0, Math.min(offset, this.text.length))
    let low = 0
    let high = starts.length - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if (starts[middle]! <= at) low = middle
      else high = middle - 1
    }
    return { offset: at, line: low + 1, column: at - starts[low]! + 1 }
  }

  /** The text of a line (from 1) without its line break; empty past the end. */
  line(number: number): string {
    const starts = (this.lineStarts ??= findLineStarts(this.text))
    const start = starts[number - 1]
    if (start === undefined) return ''
    const end = starts[number] ?? this.text.length
    return this.text.slice(start, end).replace(/[\r\n]+$/, '')
  }
}

function findLineStarts(text: string): number[] {
  const starts = [0]
  for (let i = text.indexOf('\n'); i !== -1; i = text.indexOf('\n', i + 1)) starts.push(i + 1)
  return starts
}

/** `offset` counts UTF-16 code units from 0; `line` and `column` count from 1. */
export interface Position {
  readonly offset: number
  readonly line: number
  readonly column: number
}

/** A half-open range `[start, end)` of a file. Internal form; diagnostics publish {@link Position}s. */
export interface Span {
  readonly file: SourceFile
  readonly start: number
  readonly end: number
}

export function span(file: SourceFile, start: number, end: number): Span {
  return { file, start, end }
}

/** The smallest span that covers both; they must be of one file. */
export function cover(a: Span, b: Span): Span {
  return { file: a.file, start: Math.min(a.start, b.start), end: Math.max(a.end, b.end) }
}

/** Makes a forgotten case of a union a type error, and a fault in our own code visible. */
export function assertNever(value: never): never {
  throw new Error(`internal error: unexpected case ${JSON.stringify(value)}`)
}
