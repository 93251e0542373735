/**
 * Expressions and programs as JSON, to store and to send.
 *
 * Comes in: an expression, or any value that claims to be one. Goes out: plain data of docs/program.schema.json; or the
 * expression, or a `LibraryError` that says where the data is wrong. Nodes are a list in which operands come first and
 * are named by their position: expressions of any depth are fine, and what is shared stays shared.
 */
import type { BufferOperation, Core } from './ast.ts'
import { misuse } from './misuse.ts'
import { PURE_NAMES, type PureName, purePrimitive } from './primitives.ts'
import { withChildren } from './rewrite.ts'
import { childrenOf } from './traverse.ts'

/** JSON has no NaN, no infinities, and loses the sign of zero. */
export type JsonNumber = number | 'NaN' | 'Infinity' | '-Infinity' | '-0'

/** One node; `args` are positions in the list, in the order in which operands run. */
export interface JsonNode {
  readonly kind: Core['kind']
  readonly value?: JsonNumber
  readonly type?: 'int' | 'real'
  readonly name?: string
  readonly op?: string
  readonly node?: string
  readonly id?: string
  readonly buffer?: string
  readonly length?: number
  readonly args?: readonly number[]
}

export interface JsonExpression {
  readonly version: 1
  /** The last one is the expression. */
  readonly nodes: readonly JsonNode[]
}

export const JSON_VERSION = 1

export function toJson(root: Core): JsonExpression {
  const nodes: JsonNode[] = []
  const positions = new Map<Core, number>()
  const pending: Core[] = [root]
  while (pending.length > 0) {
    const node = pending.at(-1)!
    const missing = childrenOf(node).filter(child => !positions.has(child))
    if (missing.length > 0) {
      for (let i = missing.length - 1; i >= 0; i--) pending.push(missing[i]!)
      continue
    }
    pending.pop()
    if (positions.has(node)) continue
    positions.set(node, nodes.length)
    nodes.push(
      jsonNode(
        node,
        childrenOf(node).map(child => positions.get(child)!),
      ),
    )
  }
  return { version: JSON_VERSION, nodes }
}

export function numberToJson(value: number): JsonNumber {
  if (Object.is(value, -0)) return '-0'
  return Number.isFinite(value) ? value : (String(value) as JsonNumber)
}

function jsonNode(node: Core, operands: readonly number[]): JsonNode {
  const args = operands.length > 0 ? { args: operands } : {}
  switch (node.kind) {
    case 'literal':
      return { kind: 'literal', value: numberToJson(node.value), ...(node.type === 'int' && { type: 'int' }) }
    case 'variable':
      return { kind: 'variable', name: node.name }
    case 'assign':
      return { kind: 'assign', name: node.name, ...args }
    case 'operator':
      return { kind: 'operator', op: node.op, ...args }
    case 'call':
      return { kind: 'call', node: node.node, id: node.id, ...args }
    case 'bufferDeclare':
      return { kind: 'bufferDeclare', buffer: node.buffer, length: node.length }
    case 'bufferOp':
      return { kind: 'bufferOp', op: node.op, buffer: node.buffer, ...args }
    case 'length':
      return { kind: 'length', buffer: node.buffer }
    case 'if':
    case 'statements':
      return { kind: node.kind, ...args }
  }
}

export function fromJson(data: unknown): Core {
  const record = asRecord(data, '')
  if (record.version !== JSON_VERSION) throw wrong('/version', 'the number 1')
  const { nodes } = record
  if (!Array.isArray(nodes) || nodes.length === 0) throw wrong('/nodes', 'a list of nodes')
  const made: Core[] = []
  for (const [i, node] of nodes.entries())
    made.push(readNode(asRecord(node, `/nodes/${i}`), made, `/nodes/${i}`))
  return made.at(-1)!
}

type Fields = Readonly<Record<string, unknown>>

export function wrong(path: string, expected: string) {
  return misuse('jsonInvalid', { path: path === '' ? 'the whole' : path, expected })
}

export function asRecord(data: unknown, path: string): Fields {
  if (typeof data !== 'object' || data === null || Array.isArray(data)) throw wrong(path, 'an object')
  return data as Fields
}

export function asText(data: unknown, path: string): string {
  if (typeof data !== 'string' || data === '') throw wrong(path, 'a text that is not empty')
  return data
}

export function numberFromJson(data: unknown, path: string): number {
  if (typeof data === 'number') return data
  if (data === 'NaN' || data === 'Infinity' || data === '-Infinity' || data === '-0') return Number(data)
  throw wrong(path, 'a number')
}

export function asLength(data: unknown, path: string): number {
  if (!Number.isInteger(data) || (data as number) < 1) throw wrong(path, 'a whole number from 1')
  return data as number
}

function readNode(node: Fields, made: readonly Core[], path: string): Core {
  const operands = readOperands(node.args, made, path)
  const expect = (least: number, most = least) => {
    if (operands.length >= least && operands.length <= most) return
    throw wrong(`${path}/args`, least === most ? `a list of ${least}` : `a list of ${least} or more`)
  }
  const [a, b] = operands
  const text = (field: string) => asText(node[field], `${path}/${field}`)
  switch (node.kind) {
    case 'literal': {
      expect(0)
      const type = node.type === 'int' ? 'int' : 'real'
      return { kind: 'literal', value: numberFromJson(node.value, `${path}/value`), type }
    }
    case 'variable':
      expect(0)
      return { kind: 'variable', name: text('name') }
    case 'assign':
      expect(1)
      return { kind: 'assign', name: text('name'), value: a! }
    case 'operator':
      return readOperator(text('op'), operands, path)
    case 'if':
      expect(2, 3)
      return withChildren(
        { kind: 'if', condition: a!, whenTrue: b!, ...(operands[2] && { whenFalse: a! }) },
        operands,
      )
    case 'call':
      return { kind: 'call', node: text('node'), id: text('id'), args: operands }
    case 'bufferDeclare':
      expect(0)
      return {
        kind: 'bufferDeclare',
        buffer: text('buffer'),
        length: asLength(node.length, `${path}/length`),
      }
    case 'length':
      expect(0)
      return { kind: 'length', buffer: text('buffer') }
    case 'bufferOp':
      return readBufferOperation(text('op'), text('buffer'), operands, path)
    case 'statements':
      return { kind: 'statements', list: operands }
    default:
      throw wrong(`${path}/kind`, 'a kind of expression')
  }
}

function readOperands(args: unknown, made: readonly Core[], path: string): Core[] {
  if (args === undefined) return []
  if (!Array.isArray(args)) throw wrong(`${path}/args`, 'a list')
  return args.map((position, i) => {
    const operand = Number.isInteger(position) ? made[position as number] : undefined
    if (!operand) throw wrong(`${path}/args/${i}`, 'the position of an earlier node')
    return operand
  })
}

function readOperator(op: string, args: readonly Core[], path: string): Core {
  if (!PURE_NAMES.includes(op as PureName)) throw wrong(`${path}/op`, 'the name of a primitive')
  const { inputs } = purePrimitive(op as PureName)
  if (args.length !== inputs) throw wrong(`${path}/args`, `a list of ${inputs}`)
  return { kind: 'operator', op: op as PureName, args }
}

const WRITES: Readonly<Record<BufferOperation['op'], boolean>> = {
  ...{ read: false, delayRead: false, wrapRead: false, wrapReadLinear: false },
  ...{ write: true, delayWrite: true, wrapWrite: true },
}

function readBufferOperation(op: string, buffer: string, args: readonly Core[], path: string): Core {
  if (!Object.hasOwn(WRITES, op)) throw wrong(`${path}/op`, `one of ${Object.keys(WRITES).join(', ')}`)
  const known = op as BufferOperation['op']
  const count = WRITES[known] ? 2 : 1
  if (args.length !== count) throw wrong(`${path}/args`, `a list of ${count}`)
  return { kind: 'bufferOp', op: known, buffer, index: args[0]!, ...(args[1] && { value: args[1] }) }
}
