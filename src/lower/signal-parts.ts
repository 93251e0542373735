/**
 * What is around a signal: groups and definitions. Types only.
 *
 * Apart from signal.ts because the user interface and the names of state are made of these, whatever the signals are.
 */
import type { GroupKind } from '../core/program.ts'
import type { SourceFile, Span } from '../source.ts'

/** The groups around a widget, innermost first. Equal paths are one object. */
export interface GroupPath {
  readonly id: number
  readonly group: GroupKind
  readonly label: string
  readonly parent: GroupPath | undefined
  /** Groups from the outermost to this one. */
  readonly depth: number
}

/** The definitions around a signal, innermost first; names its state. */
export interface Scope {
  readonly name: string
  /** Where it is defined. */
  readonly file: SourceFile | undefined
  readonly parent: Scope | undefined
}

/** Where a signal was first made. */
export interface Origin {
  readonly scope: Scope | undefined
  readonly span: Span | undefined
}
