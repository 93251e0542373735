/**
 * Core: the AST that the library exposes and that the language is lowered to. Types only.
 *
 * Ten kinds of node. Arithmetic, casts, mathematical functions and selection are operators, entries of the
 * primitive table, so a new one needs no new kind. A tree is evaluated once a sample; what lives longer is
 * named: kept variables, buffers, tables and the state of called nodes.
 */
import type { Interval } from './interval.ts'
import type { NumberType, PureName } from './primitives.ts'

export type Core =
  | { readonly kind: 'literal'; readonly value: number; readonly type: NumberType }
  | { readonly kind: 'variable'; readonly name: string }
  /** Its value is the assigned value. */
  | { readonly kind: 'assign'; readonly name: string; readonly value: Core }
  | { readonly kind: 'operator'; readonly op: PureName; readonly args: readonly Core[] }
  /** Only the branch taken runs; without `whenFalse` the other value is 0. */
  | { readonly kind: 'if'; readonly condition: Core; readonly whenTrue: Core; readonly whenFalse?: Core }
  | {
      readonly kind: 'call'
      readonly node: string
      readonly id: string
      readonly args: readonly Core[]
      /** How its state is found again, when not by the id. */
      readonly origin?: StateOrigin
    }
  | { readonly kind: 'bufferDeclare'; readonly buffer: string; readonly length: number }
  | BufferOperation
  | { readonly kind: 'length'; readonly buffer: string }
  /** In order; its value is that of the last, 0 when empty. */
  | { readonly kind: 'statements'; readonly list: readonly Core[] }

export type CoreKind = Core['kind']

/**
 * Reads and writes of the named buffers of the program.
 *
 * - `read`: the element at `index`, which must be inside 0 … length - 1 (the front end clamps or proves it)
 * - `write`: stores `value` at `index`, which must be inside; its value is 0
 * - `delayWrite`: appends `value` to a delay line; once a sample a line; its value is 0
 * - `delayRead`: what was appended `index` samples ago; 0 is the value appended in this sample, so a read of 0
 *   must come after the write; 0 ≤ index ≤ length - 1
 * - `wrapRead`, `wrapReadLinear`, `wrapWrite`: of a table, at floor(index) modulo its length, whatever the index is;
 *   NaN and infinities count as 0. The linear one goes from there to the element after it. `core/expand.ts`
 *   replaces them by the ones above; stages after it never see them.
 */
export interface BufferOperation {
  readonly kind: 'bufferOp'
  readonly op: 'read' | 'write' | 'delayRead' | 'delayWrite' | 'wrapRead' | 'wrapReadLinear' | 'wrapWrite'
  readonly buffer: string
  readonly index: Core
  readonly value?: Core
}

/** A variable that keeps its value from one sample to the next. */
export interface KeptVariable {
  readonly name: string
  /** Stable identity of the state; unique within a program. */
  readonly id: string
  /** State never moves across kinds when a program is swapped. */
  readonly stateKind: StateKind
  readonly type: NumberType
  /** Value before the first sample, unless the init section assigns it. */
  readonly initial: number
  readonly origins?: readonly StateOrigin[] | undefined
  /** The node that it is state of: state found by its id alone never goes to another node. */
  readonly node?: string | undefined
  /** It holds what a signal was so many samples ago; other cells of its origin hold other ages. */
  readonly age?: number | undefined
  /** What the program can hold in it; code relies on it. */
  readonly range?: Interval | undefined
}

/**
 * How a piece of state is found again in another version of its program. Numbers are hashes: equal for equal
 * structures. State without one is found by its id alone. One cell may serve several pieces of state, as when a
 * filter and what follows it remember the same sample; the first decides what it holds after a swap.
 */
export interface StateOrigin {
  /** Cells that share an owner are one piece of state and move together. Unique within a program. */
  readonly owner: string
  /** Definitions that lead to it, outermost first, with `/` between. */
  readonly path: string
  /** What the user calls it: the scope, without what libraries do inside. */
  readonly label: string
  /** State of different forms is never exchanged: `phase`, `filter`, `past`, … */
  readonly form: string
  /** Of all that it is computed from, constants included. */
  readonly exact: number
  /** Of its own loop and the parameters of that, what flows in left out. */
  readonly own: number
  /** Of its own loop, constants left out. */
  readonly shape: number
}

export type StateKind =
  | 'memory'
  | 'delay'
  | 'table'
  | 'counter'
  | 'control'
  | 'bargraph'
  | 'node'
  | 'constant'

export interface BufferDeclaration {
  readonly name: string
  readonly id: string
  /** `delay`: written once a sample, read at distances. `table`: read, and written if not constant. */
  readonly shape: 'delay' | 'table'
  readonly type: NumberType
  /** In elements; ≥ 1. For a delay line the longest readable distance + 1. */
  readonly length: number
  readonly content: BufferContent
  /** Elements are stored in single precision, also by programs of double precision. */
  readonly single?: boolean
  /** The host, or a function that the program calls, may change it at any time. */
  readonly open?: boolean
  readonly origins?: readonly StateOrigin[] | undefined
  readonly node?: string | undefined
  /** What the program can hold in its elements; code relies on it. */
  readonly range?: Interval | undefined
}

export type BufferContent =
  | { readonly kind: 'zero' }
  | { readonly kind: 'values'; readonly values: readonly number[] }
  /** The first `length` samples of a program without inputs or controls and with one output. */
  | { readonly kind: 'generator'; readonly program: CoreProgram }

/** A user-interface element whose value the host writes (or, for bargraphs, reads). */
export interface CoreControl {
  /** Readable in the control and sample sections; a bargraph's is assigned in the sample section. */
  readonly name: string
  readonly direction: 'in' | 'out'
  readonly initial: number
  /** Stable identity; the address of the control. */
  readonly id: string
}

/**
 * A whole program. Variables assigned in `init` can be read in `control` and `sample`, those of `control` in
 * `sample`. `init` runs once a start, `control` once a block, `sample` once a frame. `$srate` is the sample
 * rate in hertz as real, `$frames` the frames of this block as int.
 */
export interface CoreProgram {
  readonly name: string
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  readonly controls: readonly CoreControl[]
  readonly kept: readonly KeptVariable[]
  readonly buffers: readonly BufferDeclaration[]
  readonly init: Core
  readonly control: Core
  readonly sample: Core
  /** Functions of the host that the sample section calls, by the id of the call; made by expansion. */
  readonly callbacks?: readonly HostCall[]
}

export interface HostCall {
  readonly id: string
  readonly node: string
  readonly arguments: number
}
