/**
 * Kernel: SSA values with structured control flow; what the optimiser works on and what is emitted.
 *
 * Every value is defined once, before its uses, in its own region or one around it. State that lives across
 * samples is loop-carried, so that it can stay in registers. Types only, and small queries.
 */

/** `v128` holds lanes; a constant of it is its 128 bits as an unsigned integer. */
export type KernelType = 'i32' | 'i64' | 'f32' | 'f64' | 'v128'

/** An SSA value. Identity is the object; `id` is unique within its function. */
export interface Value {
  readonly id: number
  readonly type: KernelType
}

/**
 * - `op`: a WebAssembly numeric instruction by its full name (`f64.add`, `i32.trunc_sat_f64_s`), or `select`
 *   with operands (a, b, condition): a if condition ≠ 0
 * - `load`, `store`: memory at `address` + `offset` bytes, naturally sized by the value type. A load marked
 *   `constant` reads what no store of the same function changes, so it may move freely. Accesses of two
 *   different `space`s never overlap; one without may overlap with any.
 * - `call`: a function of the same module, or an imported one
 * - `if`: runs one region; `results` are its yields
 * - `loop`: runs `body` at least once, again while `condition` (a value of `body`) ≠ 0. `carried` are the
 *   parameters of the body, first bound to `initial`, then to the yields; `results` are the last yields
 */
export type Instruction =
  | {
      readonly kind: 'const'
      readonly result: Value
      readonly value: number | bigint
      /** A number of the program that the code must not depend on. */
      readonly isLiteral?: true
    }
  | { readonly kind: 'op'; readonly result: Value; readonly op: string; readonly args: readonly Value[] }
  | {
      readonly kind: 'load'
      readonly result: Value
      readonly address: Value
      readonly offset: number
      readonly constant: boolean
      readonly space?: string
    }
  | {
      readonly kind: 'store'
      readonly address: Value
      readonly offset: number
      readonly value: Value
      readonly space?: string
    }
  | {
      readonly kind: 'call'
      readonly result: Value | undefined
      readonly function: string
      readonly args: readonly Value[]
    }
  | {
      readonly kind: 'if'
      readonly results: readonly Value[]
      readonly condition: Value
      readonly thenRegion: Region
      readonly elseRegion: Region
      /** The second region is for exceptional cases, and has the bits of the first where that would do. */
      readonly isGuard?: boolean
    }
  | {
      readonly kind: 'loop'
      readonly results: readonly Value[]
      readonly carried: readonly Value[]
      readonly initial: readonly Value[]
      readonly body: Region
      readonly condition: Value
      /** It usually turns a few times only: not worth an effort. */
      readonly isBrief?: boolean
      /** Its instructions are in turn of chains that lie side by side: they stay in this order. */
      readonly isInterleaved?: boolean
      /**
       * It runs over whole vectors of the frames of a piece, the first carried value counting their bytes from 0. Those
       * of one piece may run turn by turn in their order: only what they hand on in rooms needs a look.
       */
      readonly isPiece?: boolean
      /** Values of the body that are known to be alike, for passes that look for such. */
      readonly twins?: ReadonlyMap<Value, Value>
    }

export interface Region {
  readonly instructions: readonly Instruction[]
  readonly yields: readonly Value[]
  /** To be emitted as the instructions stand, not where their results are used. */
  readonly inOrder?: boolean
}

export interface KernelFunction {
  readonly name: string
  readonly parameters: readonly Value[]
  readonly result: KernelType | undefined
  /** Yields the result, or nothing. */
  readonly body: Region
  readonly exported: boolean
}

export interface DataSegment {
  readonly offset: number
  readonly bytes: Uint8Array
}

/** A function of the host. It may do anything but write what loads marked `constant` read. */
export interface ImportedFunction {
  /** Calls name it so. */
  readonly name: string
  readonly module: string
  readonly field: string
  readonly parameters: readonly KernelType[]
  readonly result: KernelType | undefined
}

/** `memoryBytes` is what the layout needs; the module exports its memory, which the host may grow. */
export interface KernelModule {
  readonly imports?: readonly ImportedFunction[]
  readonly functions: readonly KernelFunction[]
  readonly memoryBytes: number
  readonly data: readonly DataSegment[]
  readonly pool?: ConstantPool
}

export type Constant = Extract<Instruction, { kind: 'const' }>

/** Numbers that the code loads, of eight bytes each; in the `data` already. */
export interface ConstantPool {
  readonly start: number
  /** The upper half of a vector has none of its own. */
  readonly slots: readonly (Constant | undefined)[]
  /** From this one on only `compute` reads them. */
  readonly own: number
  /** Literals that stand in the code all the same. */
  readonly inCode: ReadonlySet<number | bigint>
}
