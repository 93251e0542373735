/**
 * Bytes of what is not a numeric instruction: types, control, locals, memory, constants.
 *
 * Tables only. Numeric instructions, of which there are many more, are in `operations.ts` with their types.
 * Source: WebAssembly 2.0, section 5.
 */
import type { KernelType } from '../kernel.ts'

export const OPCODE = {
  loop: 0x03,
  if: 0x04,
  else: 0x05,
  end: 0x0b,
  branchIf: 0x0d,
  call: 0x10,
  drop: 0x1a,
  select: 0x1b,
  localGet: 0x20,
  localSet: 0x21,
  localTee: 0x22,
} as const

/** The type of a block that leaves nothing on the stack. */
export const NO_RESULT = 0x40

export const TYPE_CODE: Readonly<Record<KernelType, number>> = {
  i32: 0x7f,
  i64: 0x7e,
  f32: 0x7d,
  f64: 0x7c,
  v128: 0x7b,
}

export interface Access {
  readonly load: readonly number[]
  readonly store: readonly number[]
  readonly constant: readonly number[]
  /** Logarithm of the size in bytes: the natural alignment. */
  readonly alignment: number
}

export const ACCESS: Readonly<Record<KernelType, Access>> = {
  i32: { load: [0x28], store: [0x36], constant: [0x41], alignment: 2 },
  i64: { load: [0x29], store: [0x37], constant: [0x42], alignment: 3 },
  f32: { load: [0x2a], store: [0x38], constant: [0x43], alignment: 2 },
  f64: { load: [0x2b], store: [0x39], constant: [0x44], alignment: 3 },
  v128: { load: [0xfd, 0x00], store: [0xfd, 0x0b], constant: [0xfd, 0x0c], alignment: 4 },
}

/** Memory and one lane, or all, at once; `lane` of the shapes with lanes of this type. */
export interface LaneAccess {
  readonly splat: readonly number[]
  readonly load: readonly number[]
  readonly store: readonly number[]
}

const LANE_32: LaneAccess = { splat: [0xfd, 0x09], load: [0xfd, 0x56], store: [0xfd, 0x5a] }
const LANE_64: LaneAccess = { splat: [0xfd, 0x0a], load: [0xfd, 0x57], store: [0xfd, 0x5b] }

export type LaneType = Exclude<KernelType, 'v128'>

export const LANE_ACCESS: Readonly<Record<LaneType, LaneAccess>> = {
  i32: LANE_32,
  f32: LANE_32,
  i64: LANE_64,
  f64: LANE_64,
}

/** What is imported or exported. */
export const EXTERNAL = { function: 0, memory: 2 } as const

/** Limits of a memory: a minimum, and for a shared one a maximum too. */
export const LIMITS = { minimum: 0, sharedWithMaximum: 3 } as const
