/**
 * Visual block programs: blocks on grids, connected by lying beside each other. Types only.
 *
 * A block is one column wide and `rows` high. Its output at row r feeds the input at the same height of the
 * block in the next column, if both are there; there are no wires. Column and row count from 0, rightwards and
 * downwards.
 */

/** Ports by row; null where a row has none. The name may be empty. */
export type Ports = readonly (string | null)[]

export interface Block {
  /** Unique in the program and never used again: state follows it. ≥ 1. */
  readonly id: number
  /** Name of a block type. */
  readonly type: string
  /** What the user typed: a number, a name; '' otherwise. */
  readonly label: string
  readonly rows: number
  readonly inputs: Ports
  readonly outputs: Ports
  /** Areas inside this block, by number; null where there is none. */
  readonly contains: readonly (number | null)[]
  readonly expanded: boolean
  /** Index into a palette. */
  readonly color: number
}

export interface PlacedBlock {
  readonly x: number
  readonly y: number
  readonly block: Block
}

export interface Area {
  /** Columns, rows. */
  readonly size: readonly [number, number]
  readonly header: string
  readonly autoShrink: boolean
  /** In no order; no two cover the same cell. */
  readonly blocks: readonly PlacedBlock[]
}

/** Area 0 is the program; the others lie inside blocks. */
export interface BlockProgram {
  readonly areas: readonly Area[]
  /** Id of the next block. */
  readonly nextId: number
}

export type UserInput = 'none' | 'float' | 'integer' | 'identifier' | 'choice'

export interface BlockType {
  readonly name: string
  readonly category: 'literals' | 'routing' | 'variables' | 'arithmetics' | 'functions' | 'nodes'
  readonly rows: number
  readonly inputs: Ports
  readonly outputs: Ports
  /** Headers of the areas that a new block of this type contains. */
  readonly areas: readonly string[]
  readonly userInput: UserInput
  readonly description: string
  readonly color: number
  /** How it becomes Core. */
  readonly meaning: BlockMeaning
}

export type BlockMeaning =
  | { readonly kind: 'number'; readonly value: number }
  /** The label is the number. */
  | { readonly kind: 'labelledNumber' }
  /** Each output is the one input. */
  | { readonly kind: 'forward' }
  | { readonly kind: 'set' }
  | { readonly kind: 'get' }
  | { readonly kind: 'if' }
  | { readonly kind: 'operator'; readonly op: 'add' | 'sub' | 'mul' | 'div' }
  /** `defaults`: what inputs are that nothing feeds. `outputs`: how many results. */
  | { readonly kind: 'call'; readonly defaults: readonly number[]; readonly outputs: number }

export interface BlockLanguage {
  readonly types: ReadonlyMap<string, BlockType>
  /** Names worth offering for `get` and `set`. */
  readonly identifiers: readonly string[]
}
