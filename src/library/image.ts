/**
 * A compiled function as data: the module, and where everything that it uses lives. Types only.
 *
 * The compiler makes it, `DSPFunction` runs it; apart from both so that either can change.
 */
import type { ExpandedCall } from '../core/expand.ts'
import type { Declaration } from './declaration.ts'
import type { Place, StateCell } from './places.ts'
import type { BufferSlot } from './slots.ts'

/** Becomes true for all functions at once when the first function that has it is initialised. */
export type PendingUpdate =
  | { readonly kind: 'slot'; readonly slot: BufferSlot; readonly place: Place; readonly length: number }
  | { readonly kind: 'cell'; readonly move: CellMove }

export interface CellMove {
  readonly from: StateCell
  readonly to: StateCell
  done: boolean
}

/** What became of state when a program was compiled into a context; ids of calls, names of buffers and variables. */
export interface StateReport {
  readonly kept: readonly string[]
  readonly resized: readonly { readonly id: string; readonly from: number; readonly to: number }[]
  readonly fresh: readonly string[]
  /** Used by the function compiled before, not by this one; the context keeps it. */
  readonly dropped: readonly string[]
}

export interface FunctionImage {
  readonly declaration: Declaration
  readonly module: WebAssembly.Module
  readonly wasm: Uint8Array
  /** Its own memory, given back when it is freed. */
  readonly places: readonly Place[]
  /** Byte offsets. */
  readonly inputPointers: number
  readonly outputPointers: number
  readonly inputs: readonly number[]
  readonly outputs: readonly number[]
  /** Frames that channels have room for. */
  readonly blockFrames: number
  readonly parameters: ReadonlyMap<string, number>
  readonly resetFlag: number | undefined
  readonly persistent: { readonly offset: number; readonly names: readonly string[] }
  /** Outputs that start from what the caller put there, as indices; they are the inputs after the declared ones. */
  readonly passedThrough: readonly number[]
  readonly calls: readonly ExpandedCall[]
  /** State of the nodes that it uses. */
  readonly cells: readonly StateCell[]
  readonly results: StateCell | undefined
  readonly updates: readonly PendingUpdate[]
  /** Ids of calls whose state is new. */
  readonly fresh: ReadonlySet<string>
  readonly report: StateReport
}
