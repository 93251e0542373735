/**
 * What a compilation yields: the module, where its state lives, and its user interface. Types, and a name on which code
 * generation and the audio host agree.
 *
 * The runtime needs nothing but this, so that a prebuilt program plays without the compiler.
 */
import type { StateKind, StateOrigin } from './ast.ts'
import type { Interval } from './interval.ts'

export type Precision = 'double' | 'single'

/** One piece of state in linear memory. `bytes` counts from `offset`; elements are 4 or 8 bytes. */
export interface Cell {
  readonly id: string
  readonly kind: StateKind
  readonly element: 'i32' | 'f32' | 'f64'
  readonly offset: number
  readonly bytes: number
  /** Elements that the program asked for, where that is less than it got: of a delay line, longest delay + 1. */
  readonly length?: number
  /** A table that nothing writes: the program's own, not state. */
  readonly fixed?: boolean
  readonly origins?: readonly StateOrigin[]
  /** The node of the library that it is state of. */
  readonly node?: string
  /** It holds what a signal was so many samples ago. */
  readonly age?: number
  /** What it can hold; values outside would lead reads astray. */
  readonly range?: Interval
}

/**
 * Map of a program's linear memory, in bytes from 0. `state` cells come last before `end`; the two pointer
 * tables hold, for each channel, the i32 byte address of its first frame.
 */
export interface Layout {
  readonly cells: readonly Cell[]
  readonly inputPointers: number
  readonly outputPointers: number
  /** First free byte: the host puts channel buffers from here on, and grows the memory as needed. */
  readonly end: number
  /** From here to the end are numbers that `compute` reads; nothing else reads them, and nothing writes them. */
  readonly literals?: number
}

/** A section of a module by this name says how many functions at its front need nothing but each other. */
export const INDEPENDENT_FUNCTIONS = 'independent'

export type ControlKind =
  | 'button'
  | 'checkbox'
  | 'hslider'
  | 'vslider'
  | 'nentry'
  | 'hbargraph'
  | 'vbargraph'
  | 'soundfile'

/** A control of the user interface. Buttons and checkboxes go from 0 to 1 in steps of 1. */
export interface Control {
  readonly kind: ControlKind
  /** As in the JSON description: `/group/label`, with awkward characters as `_`. Unique. */
  readonly address: string
  /** Label without its metadata. */
  readonly label: string
  readonly init: number
  readonly min: number
  readonly max: number
  readonly step: number
  /** From `[key:value]` parts of the label, sorted by key. */
  readonly metadata: readonly (readonly [key: string, value: string])[]
  /** Byte offset of its value, a real of the program's precision. */
  readonly offset: number
}

export type GroupKind = 'vgroup' | 'hgroup' | 'tgroup'

/** The user interface as a tree; leaves are indices into `controls`. */
export type UiItem =
  | { readonly kind: 'control'; readonly control: number }
  | {
      readonly kind: 'group'
      readonly group: GroupKind
      readonly label: string
      readonly metadata: readonly (readonly [key: string, value: string])[]
      readonly items: readonly UiItem[]
    }

/**
 * A compiled program as plain data; can be stored and sent between threads.
 *
 * The module exports `memory`, `init(sampleRate: f64)`, which fills tables and constants, and
 * `compute(frames: i32)`, which reads `frames` frames through the input pointers and writes as many through
 * the output pointers. It imports nothing.
 */
export interface CompiledProgram {
  readonly name: string
  readonly precision: Precision
  readonly wasm: Uint8Array
  readonly inputs: number
  readonly outputs: number
  readonly controls: readonly Control[]
  readonly ui: readonly UiItem[]
  readonly metadata: readonly (readonly [key: string, value: string])[]
  readonly layout: Layout
}
