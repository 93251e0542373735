/**
 * What boxes are made of, besides boxes. Types only.
 *
 * Apart from box.ts because these say where a box was written and what is wrong with it, not what it is.
 */

import type { ControlKind } from '../core/program.ts'
import type { CompositionOperator } from '../parser/ast.ts'
import type { Span } from '../source.ts'
import type { Arity } from './arity.ts'
import type { Box } from './box.ts'
import type { Frame } from './trail.ts'

/** A composition whose sides do not fit, kept until it is clear that the box is used. */
export interface Problem {
  readonly op: CompositionOperator
  readonly left: Arity
  readonly right: Arity
  readonly site: Site
}

/** Where a composition was written, and how evaluation got there. */
export interface Site {
  readonly span: Span
  readonly left: Span
  readonly right: Span
  /** Looked at only when there is a problem to report. */
  readonly frame: Frame | undefined
}

/** C types of a foreign function; operands and result are converted. */
export interface ForeignTypes {
  readonly result: 'int' | 'float' | 'any'
  readonly arguments: readonly ('int' | 'float' | 'any')[]
}

/** Parameters of a widget, all numbers; buttons have 0, 0, 1, 1; bargraphs no init and step. */
export interface WidgetSpec {
  readonly kind: ControlKind
  readonly label: string
  readonly init: number
  readonly min: number
  readonly max: number
  readonly step: number
}

/** What a definition stands for is called as it. */
export interface BoxNames {
  get(box: Box): string | undefined
}
