/**
 * The builder API: one function a kind of expression, as the library's users write programs by hand.
 *
 * Comes in: numbers, names and expressions. Goes out: Core, the AST that the language is lowered to as well. A module
 * of its own because its meaning is a promise: names of variables, order of evaluation and what is true are those
 * of docs/LIBRARY.md, and node definitions, block programs and user programs are all written with it.
 *
 * Everything is real here: comparisons give 1.0 or 0.0. `prim` has what the table of primitives offers, int32
 * arithmetic included, with that table's types.
 */
import type { Core } from './ast.ts'
import { AstFunction } from './ast-function.ts'
import { misuse } from './misuse.ts'
import { PURE_NAMES, type PureName, purePrimitive } from './primitives.ts'

/** Wherever an expression may stand, so may a number. */
export type Operand = Core | number

/** A buffer or table: by number as in the original, by name, or as a handle that a node gets for its own. */
export type BufferReference = number | string | { readonly buffer: string }

export function expression(operand: Operand): Core {
  return typeof operand === 'number' ? literal(operand) : operand
}

export function literal(value: number): Core {
  if (typeof value !== 'number') throw misuse('literalInvalid', { given: String(value) })
  return { kind: 'literal', value, type: 'real' }
}

/** A 32-bit integer, for the int arithmetic of `prim`. */
export function integer(value: number): Core {
  return { kind: 'literal', value: value | 0, type: 'int' }
}

export function variable(name: string): Core & { kind: 'variable' } {
  if (typeof name !== 'string' || name === '') throw misuse('nameInvalid', { given: String(name) })
  return { kind: 'variable', name }
}

/** Its value is the assigned one. */
export function assign(target: string | (Core & { kind: 'variable' }), value: Operand): Core {
  const { name } = typeof target === 'string' ? variable(target) : target
  return { kind: 'assign', name, value: expression(value) }
}

const arithmetic =
  (op: PureName) =>
  (a: Operand, b: Operand): Core => ({ kind: 'operator', op, args: [expression(a), expression(b)] })

const comparison =
  (op: PureName) =>
  (a: Operand, b: Operand): Core => ({ kind: 'operator', op: 'float', args: [arithmetic(op)(a, b)] })

export const opAdd = arithmetic('add')
export const opSub = arithmetic('sub')
export const opMul = arithmetic('mul')
export const opDiv = arithmetic('div')
export const opEq = comparison('eq')
export const opNe = comparison('ne')
export const opLt = comparison('lt')
export const opLe = comparison('le')
export const opGt = comparison('gt')
export const opGe = comparison('ge')

/** A comparison of the builder, which is true as it stands. */
export function isComparison(node: Core): boolean {
  if (node.kind !== 'operator' || node.op !== 'float') return false
  const inner = node.args[0]!
  return inner.kind === 'operator' && purePrimitive(inner.op).type === 'compare'
}

/** What an `if` tests: a comparison itself, of anything else whether it is at least 0.5. */
export function condition(tested: Operand): Core {
  const node = expression(tested)
  return isComparison(node) ? node : arithmetic('ge')(node, 0.5)
}

/** Runs only the branch taken. True is a comparison that holds, or a value of at least 0.5. Without `whenFalse`: 0. */
export function iff(tested: Operand, whenTrue: Operand, whenFalse?: Operand): Core {
  return {
    kind: 'if',
    condition: condition(tested),
    whenTrue: expression(whenTrue),
    ...(whenFalse === undefined ? {} : { whenFalse: expression(whenFalse) }),
  }
}

/** In order; its value is that of the last, 0 when there is none. */
export function stmts(list: readonly Operand[]): Core {
  return { kind: 'statements', list: list.map(expression) }
}

/** Calls a node by name; its state is that of the id, which a recompilation finds again. */
export function call(node: string, id: number | string, args: readonly Operand[]): Core {
  const valid = typeof id === 'number' ? Number.isSafeInteger(id) && id >= 0 : id !== ''
  if (!valid) throw misuse('idInvalid', { given: String(id) })
  return { kind: 'call', node, id: String(id), args: args.map(expression) }
}

const nameOf = (reference: BufferReference, space: 'buffer' | 'table'): string => {
  if (typeof reference === 'object') return reference.buffer
  if (typeof reference === 'string') return reference
  if (!Number.isInteger(reference) || reference < 0) throw misuse('bufferIndex', { given: String(reference) })
  return `${space}#${reference}`
}

/** When the program is compiled, wherever it stands: the buffer gets this length and keeps what it holds. */
export function bufDeclare(buffer: BufferReference, length: number): Core {
  if (!Number.isInteger(length) || length < 1) throw misuse('bufferLength', { given: String(length) })
  return { kind: 'bufferDeclare', buffer: nameOf(buffer, 'buffer'), length }
}

const lengthOf = (buffer: string): Core => ({
  kind: 'operator',
  op: 'float',
  args: [{ kind: 'length', buffer }],
})

export const bufLen = (buffer: BufferReference): Core => lengthOf(nameOf(buffer, 'buffer'))
export const tableLen = (table: BufferReference): Core => lengthOf(nameOf(table, 'table'))

const read = (op: 'wrapRead' | 'wrapReadLinear', space: 'buffer' | 'table') => {
  return (buffer: BufferReference, index: Operand): Core => ({
    kind: 'bufferOp',
    op,
    buffer: nameOf(buffer, space),
    index: expression(index),
  })
}

/** The element at floor(index); past either end the index goes on from the other one. */
export const bufRead = read('wrapRead', 'buffer')
/** Between the elements at floor(index) and after it. */
export const bufReadLin = read('wrapReadLinear', 'buffer')
export const tableRead = read('wrapRead', 'table')
export const tableReadLin = read('wrapReadLinear', 'table')

/** Its value is 0. */
export function bufWrite(buffer: BufferReference, index: Operand, value: Operand): Core {
  const name = nameOf(buffer, 'buffer')
  return {
    kind: 'bufferOp',
    op: 'wrapWrite',
    buffer: name,
    index: expression(index),
    value: expression(value),
  }
}

/** Without wrapping: the index, as int, must be from 0 to length - 1. For nodes that make sure of it. */
export function bufReadInside(buffer: BufferReference, index: Operand): Core {
  return { kind: 'bufferOp', op: 'read', buffer: nameOf(buffer, 'buffer'), index: expression(index) }
}

/** Without wrapping; its value is 0. */
export function bufWriteInside(buffer: BufferReference, index: Operand, value: Operand): Core {
  const name = nameOf(buffer, 'buffer')
  return { kind: 'bufferOp', op: 'write', buffer: name, index: expression(index), value: expression(value) }
}

/** The program with two inputs, four parameters and two outputs; see `AstFunction`. */
export function fun(ast: Operand): AstFunction {
  return new AstFunction(expression(ast))
}

export type PrimitiveBuilders = Readonly<Record<PureName, (...args: Operand[]) => Core>>

function primitiveBuilder(op: PureName): (...args: Operand[]) => Core {
  const { inputs } = purePrimitive(op)
  return (...args) => {
    if (args.length !== inputs) throw misuse('operandCount', { op, inputs, given: args.length })
    return { kind: 'operator', op, args: args.map(expression) }
  }
}

/** The table of primitives: `prim.sin(x)`, `prim.min(a, b)`, `prim.int(x)`, `prim.xor(i, j)`, … */
export const prim = Object.fromEntries(
  PURE_NAMES.map(name => [name, primitiveBuilder(name)]),
) as PrimitiveBuilders
