/**
 * What the printer's layouts are made of. Types, and helpers to build them; no text is written here.
 */
import type { Expression } from './ast.ts'

/** Where an expression is to be printed; decides whether it needs parentheses. */
export interface Slot {
  /** The loosest precedence that can stand here bare. */
  readonly precedence: number
  /** Whether a bare comma would be taken for a separator. */
  readonly inArguments: boolean
}

export type Piece =
  | string
  | { readonly expression: Expression; readonly slot: Slot }
  /** A block in braces, a line for each entry. */
  | { readonly lines: readonly (readonly Piece[])[] }
  | { readonly line: readonly Piece[] }
  | { readonly close: string }

export const TOP: Slot = { precedence: 0, inArguments: false }
export const ARGUMENT: Slot = { precedence: 1, inArguments: true }

export function full(expression: Expression): Piece {
  return { expression, slot: TOP }
}

export function argument(expression: Expression): Piece {
  return { expression, slot: ARGUMENT }
}

/** Pieces with `separator` between. */
export function separated(items: readonly (readonly Piece[])[], separator: string): Piece[] {
  return items.flatMap((item, i) => (i === 0 ? item : [separator, ...item]))
}

export function argumentList(list: readonly Expression[]): Piece[] {
  return [
    '(',
    ...separated(
      list.map(e => [argument(e)]),
      ', ',
    ),
    ')',
  ]
}

export function quoted(text: string): string {
  return `"${text}"`
}
