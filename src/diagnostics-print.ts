/**
 * Diagnostics for people and for tools.
 *
 * Comes in: plain diagnostics, and the texts of the files they speak of. Goes out: text, with code frames and
 * colours if wanted, or JSON. Apart from collecting, because who prints decides about colour and width.
 */
import { type FrameLabel, renderFrame } from './code-frame.ts'
import type { Severity } from './diagnostic-codes.ts'
import type { Diagnostic, Location } from './diagnostics.ts'
import { SourceFile } from './source.ts'

export interface FormatOptions {
  /** Text of a file by the name that locations use; undefined leaves the code frame out. */
  readonly source?: (file: string) => string | undefined
  /** ANSI colours. Default false. */
  readonly color?: boolean
  /** Columns to fit code frames into. Default 100. */
  readonly width?: number
}

/** Wraps text in a style, or not. */
type Paint = (text: string) => string

interface Palette {
  readonly severity: Paint
  readonly bold: Paint
  readonly gutter: Paint
  readonly secondary: Paint
  readonly help: Paint
}

const SEVERITY_STYLE: Readonly<Record<Severity, string>> = { error: '1;31', warning: '1;33', note: '1;36' }

function palette(severity: Severity, color: boolean): Palette {
  const paint =
    (code: string): Paint =>
    text =>
      color && text !== '' ? `\x1b[${code}m${text}\x1b[0m` : text
  return {
    severity: paint(SEVERITY_STYLE[severity]),
    bold: paint('1'),
    gutter: paint('1;34'),
    secondary: paint('1;34'),
    help: paint('1;32'),
  }
}

/** One diagnostic, without a line break at its end. */
export function formatDiagnostic(diagnostic: Diagnostic, options: FormatOptions = {}): string {
  const { severity, code, message, span, notes, help } = diagnostic
  const paint = palette(severity, options.color ?? false)
  const lines = [paint.severity(`${severity}[${code}]`) + paint.bold(`: ${message}`)]
  const located = span ? notes.filter(note => note.span) : []
  if (span) lines.push(...formatFrames(diagnostic, span, options, paint))
  for (const note of notes) {
    if (located.includes(note)) continue
    lines.push(`${paint.bold('note:')} ${note.message}`)
    if (note.span) lines.push(...formatFrames({ notes: [] }, note.span, options, paint))
  }
  if (help) lines.push(`${paint.help('help:')} ${help}`)
  return lines.join('\n')
}

/** One frame a file: the file of the diagnostic first, with the notes in it, then those of other files. */
function formatFrames(
  { notes }: Pick<Diagnostic, 'notes'>,
  span: Location,
  options: FormatOptions,
  paint: Palette,
): string[] {
  const labels = new Map<string, (FrameLabel & { location: Location })[]>()
  const add = (location: Location, message: string, primary: boolean) => {
    const list = labels.get(location.file) ?? []
    labels.set(location.file, list)
    list.push({ location, start: location.start.offset, end: location.end.offset, message, primary })
  }
  add(span, '', true)
  for (const note of notes) if (note.span) add(note.span, note.message, false)

  const frames: string[] = []
  for (const [file, list] of labels) {
    const { line, column } = list[0]!.location.start
    const arrow = frames.length === 0 ? '-->' : ':::'
    const text = options.source?.(file)
    const frame = text === undefined ? undefined : drawFrame(new SourceFile(file, text), list, options, paint)
    const indent = ' '.repeat(frame?.gutter ?? 1)
    frames.push(`${indent}${paint.gutter(arrow)} ${file}:${line}:${column}`)
    if (frame) frames.push(...frame.lines)
    else frames.push(...list.filter(l => l.message).map(l => describePlace(l.location, l.message)))
  }
  return frames
}

function describePlace({ start }: Location, message: string): string {
  return `   ${start.line}:${start.column}: ${message}`
}

function drawFrame(file: SourceFile, labels: readonly FrameLabel[], options: FormatOptions, paint: Palette) {
  const style = {
    width: options.width ?? 100,
    gutter: paint.gutter,
    primary: paint.severity,
    secondary: paint.secondary,
  }
  return renderFrame(file, labels, style)
}

/** All of them, with empty lines between, and a line break at the end; empty when there are none. */
export function formatDiagnostics(diagnostics: readonly Diagnostic[], options: FormatOptions = {}): string {
  return diagnostics.map(d => `${formatDiagnostic(d, options)}\n`).join('\n')
}

/** An array of plain diagnostics, as `dspc check --json` prints it. */
export function diagnosticsToJson(diagnostics: readonly Diagnostic[]): string {
  return JSON.stringify(diagnostics, undefined, 2)
}
