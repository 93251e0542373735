/**
 * Boxes by what they are, without what is noted of them.
 *
 * Comes in, goes out: boxes, by keys that `box.ts` makes. Apart from it because these are all that one version of a program
 * hands on to the next.
 */
import type { CompositionOperator, Expression } from '../parser/ast.ts'
import type { Span } from '../source.ts'
import type { Arity } from './arity.ts'
import type { Box, Site } from './box.ts'
import { IdMap } from './id-map.ts'

export interface KnownBoxes {
  readonly table: Map<string, Box>
  readonly numbers: Readonly<Record<'int' | 'real', Map<number, Box>>>
  /** By both sides. */
  readonly compositions: Readonly<Record<CompositionOperator, Map<number, Box>>>
  readonly expressionIds: Map<Expression, number>
  /** Where they were written first, when that was asked for: an error is told of a version of which nothing is known. */
  readonly spans: IdMap<Box, Span>
  /** Where a composition that is still open was written; its sides may get other spans when it is closed. */
  readonly sites: Map<Box, Site>
  count: number
  nextSlot: number
}

/** More boxes, or more wires side by side, than any real program has: the program would not fit the machine. */
const MOST_BOXES = 500_000
const MOST_WIRES = 200_000

/** The number of a new box. `tooLarge` must throw. */
export function countBox(
  known: KnownBoxes,
  arity: Arity | undefined,
  tooLarge: (what: string) => never,
): number {
  if (known.count >= MOST_BOXES) tooLarge(`more than ${MOST_BOXES} boxes`)
  if (arity && arity.inputs + arity.outputs > MOST_WIRES)
    tooLarge(`a block with more than ${MOST_WIRES} inputs and outputs`)
  return known.count++
}

export function noBoxes(): KnownBoxes {
  return {
    table: new Map(),
    numbers: { int: new Map(), real: new Map() },
    compositions: { seq: new Map(), par: new Map(), split: new Map(), merge: new Map(), rec: new Map() },
    expressionIds: new Map(),
    spans: new IdMap(),
    sites: new Map(),
    count: 0,
    nextSlot: 0,
  }
}
