/**
 * An expression as a tree of lines, in the format of synfx-dsp-jit.
 *
 * Comes in: an expression. Goes out: a line a node, operands indented below it, arguments of calls with their index.
 * Apart from print.ts, which prints programs like code. Works through a list, so that trees of any depth are fine.
 */
import { assertNever } from '../source.ts'
import type { Core } from './ast.ts'
import { purePrimitive } from './primitives.ts'

interface Entry {
  readonly node: Core
  readonly indent: number
  readonly mark: string
}

const INDENT = '   '

export function dumpCore(root: Core, indent = 0): string {
  const lines: string[] = []
  const pending: Entry[] = [{ node: root, indent, mark: '' }]
  for (let entry = pending.pop(); entry; entry = pending.pop()) {
    const { node, indent: depth, mark } = entry
    const shown = visible(node)
    lines.push(`${mark}${INDENT.repeat(depth + 1)}${lineOf(shown)}\n`)
    const operands = operandsOf(shown)
    for (let i = operands.length - 1; i >= 0; i--) {
      pending.push({ node: operands[i]!, indent: depth + 1, mark: shown.kind === 'call' ? `[${i}] ` : '' })
    }
  }
  return lines.join('')
}

/** The kind of a node, as the original calls it. */
export function kindName(node: Core): string {
  const names: Record<Core['kind'], string> = {
    ...{ literal: 'lit', variable: 'var', assign: 'assign', operator: 'binop', if: 'if', call: 'call' },
    ...{ bufferDeclare: 'bufdecl', length: 'len', bufferOp: 'bufop', statements: 'stmts' },
  }
  return names[visible(node).kind]
}

/** Without the conversions that the builder puts around comparisons and lengths. */
function visible(node: Core): Core {
  if (node.kind !== 'operator' || node.op !== 'float') return node
  const inner = node.args[0]!
  const isHidden =
    inner.kind === 'length' || (inner.kind === 'operator' && purePrimitive(inner.op).type === 'compare')
  return isHidden ? inner : node
}

/** Of a condition that the builder compares with 0.5, what is compared. */
function tested(condition: Core): Core {
  if (condition.kind !== 'operator' || condition.op !== 'ge') return condition
  const [value, limit] = condition.args
  return limit!.kind === 'literal' && limit!.value === 0.5 ? value! : condition
}

function operandsOf(node: Core): readonly Core[] {
  switch (node.kind) {
    case 'assign':
      return [node.value]
    case 'operator':
    case 'call':
      return node.args
    case 'if':
      return [tested(node.condition), node.whenTrue, ...(node.whenFalse ? [node.whenFalse] : [])]
    case 'bufferOp':
      return node.value ? [node.index, node.value] : [node.index]
    case 'statements':
      return node.list
    default:
      return []
  }
}

function lineOf(node: Core): string {
  switch (node.kind) {
    case 'literal':
      return `lit:${fixed(node.value)}`
    case 'variable':
      return `var:${node.name}`
    case 'assign':
      return `assign:${node.name}`
    case 'operator':
      return node.args.length === 2 ? `binop:${capital(node.op)}` : `op:${capital(node.op)}`
    case 'if':
      return 'if'
    case 'call':
      return `call${node.id}:${node.node}`
    case 'bufferDeclare':
      return `bufdecl${place(node.buffer).label}:${node.length}`
    case 'length':
      return `len:${place(node.buffer).space}(${place(node.buffer).label})`
    case 'bufferOp':
      return `buf:${operationName(node)}(${place(node.buffer).label})`
    case 'statements':
      return `stmts:${node.list.length}`
    default:
      return assertNever(node)
  }
}

const capital = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1)

/** Four decimals, at least six characters wide. */
function fixed(value: number): string {
  const text = Number.isNaN(value)
    ? 'NaN'
    : Number.isFinite(value)
      ? decimals(value)
      : value > 0
        ? 'inf'
        : '-inf'
  return text.padStart(6)
}

/** `toFixed` turns to exponents at 1e21, and drops the sign of zero. */
function decimals(value: number): string {
  const sign = Object.is(value, -0) ? '-' : ''
  return Math.abs(value) < 1e21 ? sign + value.toFixed(4) : `${BigInt(value)}.0000`
}

/** `buffer#3` is Buffer(3), `table#3` Table(3); buffers with names of their own count as buffers. */
function place(buffer: string): { space: 'Buffer' | 'Table'; label: string } {
  const numbered = /^(buffer|table)#(\d+)$/.exec(buffer)
  return { space: numbered?.[1] === 'table' ? 'Table' : 'Buffer', label: numbered?.[2] ?? buffer }
}

function operationName({ op, buffer }: Core & { kind: 'bufferOp' }): string {
  const table = place(buffer).space === 'Table' ? 'Table' : ''
  switch (op) {
    case 'read':
    case 'wrapRead':
      return `${table}Read`
    case 'wrapReadLinear':
      return `${table}ReadLin`
    case 'write':
    case 'wrapWrite':
      return 'Write'
    case 'delayRead':
      return 'DelayRead'
    case 'delayWrite':
      return 'DelayWrite'
    default:
      return assertNever(op)
  }
}
