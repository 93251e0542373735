/**
 * Collects what a run has to say to the user.
 *
 * Comes in: reports by message name, place and typed arguments. Goes out: plain-data diagnostics, in order.
 * Reporting does not throw, so that one run shows many problems; `stopIfFailed` ends a run whose next stage
 * could not trust its input, and `attempt` is the only place that catches that.
 */
import { MESSAGES, type MessageArguments, type MessageName, type Severity } from './diagnostic-codes.ts'
import type { Position, Span } from './source.ts'

/** A place as users and tools see it. */
export interface Location {
  readonly file: string
  readonly start: Position
  readonly end: Position
}

/** A second place or remark that belongs to a diagnostic, such as the other side of a mismatch. */
export interface Note {
  readonly message: string
  readonly span?: Location
}

/** Plain data, safe to print as JSON. `code` is stable; `message` and `help` are for people. */
export interface Diagnostic {
  readonly code: string
  readonly severity: Severity
  readonly message: string
  readonly span?: Location
  readonly notes: readonly Note[]
  readonly help?: string
}

/** A note before its span is made public. */
export interface Label {
  readonly message: string
  readonly span?: Span | undefined
}

/** How a failed run ends early. Caught only in {@link attempt}. */
export class Stop extends Error {}

/** At most this many errors a run: past that a reader learns nothing more. */
const MAX_ERRORS = 100

export class DiagnosticLog {
  readonly diagnostics: Diagnostic[] = []
  private readonly seen = new Set<string>()
  private errors = 0

  /** Records a diagnostic. The same message at the same place is recorded once. */
  report<N extends MessageName>(
    name: N,
    at: Span | undefined,
    args: MessageArguments<N>,
    notes: readonly Label[] = [],
    help?: string,
  ): void {
    const diagnostic = makeDiagnostic(name, at, args, notes, help)
    const key = `${diagnostic.code} ${at?.file.name} ${at?.start} ${diagnostic.message}`
    if (this.seen.has(key)) return
    this.seen.add(key)
    this.diagnostics.push(diagnostic)
    if (diagnostic.severity === 'error' && ++this.errors >= MAX_ERRORS) throw new Stop()
  }

  /** Records and ends the run: for errors after which nothing sensible can follow. */
  fail<N extends MessageName>(
    name: N,
    at: Span | undefined,
    args: MessageArguments<N>,
    notes: readonly Label[] = [],
    help?: string,
  ): never {
    this.report(name, at, args, notes, help)
    throw new Stop()
  }

  get failed(): boolean {
    return this.errors > 0
  }

  stopIfFailed(): void {
    if (this.failed) throw new Stop()
  }
}

/** Builds a diagnostic without recording it, for callers that decide later whether it matters. */
export function makeDiagnostic<N extends MessageName>(
  name: N,
  at: Span | undefined,
  args: MessageArguments<N>,
  notes: readonly Label[] = [],
  help?: string,
): Diagnostic {
  const entry = MESSAGES[name]
  const text = entry.text as (a: MessageArguments<N>) => string
  const advice = help ?? entry.help
  return {
    code: entry.code,
    severity: entry.severity,
    message: shorten(text(args)),
    ...(at ? { span: locate(at) } : {}),
    notes: notes.map(n => (n.span ? { message: n.message, span: locate(n.span) } : { message: n.message })),
    ...(advice ? { help: advice } : {}),
  }
}

/** A name or string of a megabyte in a message helps nobody. */
const LONGEST_MESSAGE = 600

function shorten(message: string): string {
  return message.length <= LONGEST_MESSAGE ? message : `${message.slice(0, LONGEST_MESSAGE)}…`
}

export function locate(at: Span): Location {
  return { file: at.file.name, start: at.file.position(at.start), end: at.file.position(at.end) }
}

/** Runs stages that may stop early; `value` is absent exactly when the log holds an error. */
export function attempt<T>(run: (log: DiagnosticLog) => T): { value?: T; diagnostics: Diagnostic[] } {
  const log = new DiagnosticLog()
  try {
    const value = run(log)
    return log.failed ? { diagnostics: log.diagnostics } : { value, diagnostics: log.diagnostics }
  } catch (error) {
    if (!(error instanceof Stop)) throw error
    return { diagnostics: log.diagnostics }
  }
}
