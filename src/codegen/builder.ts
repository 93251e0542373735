/**
 * Writes a kernel function, instruction by instruction, checking types as it goes.
 *
 * A stage of its own so that hand-written functions (codegen/math) and translated programs (to-kernel) are
 * made the same way and can be inlined into one another.
 */
import type { Instruction, KernelFunction, KernelType, Region, Value } from './kernel.ts'
import { operation } from './operations.ts'

export class FunctionBuilder {
  private nextId: number
  private current: Instruction[] = []
  private readonly outer: Instruction[][] = []

  /** Ids below `firstId` are taken: for additions to a function that exists. */
  constructor(firstId = 0) {
    this.nextId = firstId
  }

  /** A fresh value; only the builder and `parameter` define them. */
  private value(type: KernelType): Value {
    return { id: this.nextId++, type }
  }

  parameter(type: KernelType): Value {
    return this.value(type)
  }

  constant(type: KernelType, value: number | bigint): Value {
    const result = this.value(type)
    this.current.push({ kind: 'const', result, value })
    return result
  }

  /** A constant that the code must not depend on. */
  literal(type: KernelType, value: number): Value {
    const result = this.value(type)
    this.current.push({ kind: 'const', result, value, isLiteral: true })
    return result
  }

  f64(value: number): Value {
    return this.constant('f64', value)
  }

  i32(value: number): Value {
    return this.constant('i32', value | 0)
  }

  i64(value: bigint): Value {
    return this.constant('i64', value)
  }

  /** A numeric instruction by its WebAssembly name; `select` takes (a, b, condition). */
  op(name: string, ...args: Value[]): Value {
    const signature = operation(name, args)
    const result = this.value(signature)
    this.current.push({ kind: 'op', result, op: name, args })
    return result
  }

  select(condition: Value, ifTrue: Value, ifFalse: Value): Value {
    return this.op('select', ifTrue, ifFalse, condition)
  }

  load(type: KernelType, address: Value, offset: number, constant = false, space?: string): Value {
    const result = this.value(type)
    this.current.push({ kind: 'load', result, address, offset, constant, ...(space ? { space } : {}) })
    return result
  }

  store(address: Value, offset: number, value: Value, space?: string): void {
    this.current.push({ kind: 'store', address, offset, value, ...(space ? { space } : {}) })
  }

  /** The instruction again, with a result of its own. */
  copy(instruction: Exclude<Instruction, { kind: 'if' | 'loop' | 'store' }>): Value
  copy(instruction: Instruction): Value | undefined
  copy(instruction: Instruction): Value | undefined {
    if (!('result' in instruction) || !instruction.result) {
      this.current.push(instruction)
      return undefined
    }
    const result = this.value(instruction.result.type)
    this.current.push({ ...instruction, result })
    return result
  }

  /** The first of so many ids that are the caller's to use. */
  takeIds(count: number): number {
    const first = this.nextId
    this.nextId += count
    return first
  }

  /** An instruction made elsewhere. */
  push(instruction: Instruction): void {
    this.current.push(instruction)
  }

  call(name: string, result: KernelType, args: readonly Value[]): Value {
    const value = this.value(result)
    this.current.push({ kind: 'call', result: value, function: name, args })
    return value
  }

  callVoid(name: string, args: readonly Value[]): void {
    this.current.push({ kind: 'call', result: undefined, function: name, args })
  }

  /** Both branches must yield as many values, of the same types. */
  if(condition: Value, then: () => readonly Value[], otherwise: () => readonly Value[]): Value[] {
    const thenRegion = this.region(then)
    const elseRegion = this.region(otherwise)
    return this.choose(condition, thenRegion, elseRegion)
  }

  /** An `if` of regions made with {@link open} and {@link close}. */
  choose(condition: Value, thenRegion: Region, elseRegion: Region): Value[] {
    const results = thenRegion.yields.map(y => this.value(y.type))
    this.current.push({ kind: 'if', results, condition, thenRegion, elseRegion })
    return results
  }

  /** Starts a list of instructions, or goes on with one: for nesting too deep for callbacks. */
  open(instructions: Instruction[] = []): void {
    this.outer.push(this.current)
    this.current = instructions
  }

  /** Ends the list opened last and returns it. */
  close(): Instruction[] {
    const instructions = this.current
    this.current = this.outer.pop()!
    return instructions
  }

  /** `body` gets the carried values and returns the next ones and whether to go on. */
  loop(
    initial: readonly Value[],
    body: (carried: readonly Value[]) => { next: readonly Value[]; condition: Value },
    more: Pick<Extract<Instruction, { kind: 'loop' }>, 'isInterleaved' | 'isPiece'> = {},
  ): Value[] {
    const carried = initial.map(v => this.value(v.type))
    let condition: Value | undefined
    const region = this.region(() => {
      const step = body(carried)
      condition = step.condition
      return step.next
    })
    const results = initial.map(v => this.value(v.type))
    const parts = { results, carried, initial, body: region, condition: condition! }
    this.current.push({ kind: 'loop', ...parts, ...more })
    return results
  }

  private region(fill: () => readonly Value[]): Region {
    this.open()
    const yields = fill()
    return { instructions: this.close(), yields }
  }

  finish(
    name: string,
    parameters: readonly Value[],
    result: Value | undefined,
    exported = false,
  ): KernelFunction {
    return {
      name,
      parameters,
      result: result?.type,
      body: { instructions: this.current, yields: result ? [result] : [] },
      exported,
    }
  }
}
