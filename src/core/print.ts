/**
 * A Core program as text, for `--emit=core` and for people who debug the stages before and after.
 *
 * Comes in: a program. Goes out: its declarations, then its sections, a statement a line. It is not read back.
 * Works through a list of what is still to print, so that trees of any depth are fine.
 */
import { assertNever } from '../source.ts'
import type { BufferDeclaration, Core, CoreProgram } from './ast.ts'
import { type NumberType, purePrimitive } from './primitives.ts'

export function printCore(program: CoreProgram): string {
  const out: string[] = []
  // Programs of generators are printed after the one that they belong to.
  const pending = [{ program, title: `program ${program.name}` }]
  for (let next = pending.shift(); next; next = pending.shift()) {
    out.push(`${out.length > 0 ? '\n' : ''}${next.title}\n`, printDeclarations(next.program))
    for (const name of ['init', 'control', 'sample'] as const) {
      out.push(`${name}\n`, printBlock(next.program[name], '  '))
    }
    for (const { name, content } of next.program.buffers) {
      if (content.kind === 'generator')
        pending.push({ program: content.program, title: `generator of ${name}` })
    }
  }
  return out.join('')
}

function printDeclarations(program: CoreProgram): string {
  const lines = [
    ...program.inputs.map(name => `input ${name}`),
    ...program.outputs.map(name => `output ${name}`),
    ...program.controls.map(c => `control ${c.direction} ${c.name} = ${real(c.initial)}  # ${c.id}`),
    ...program.kept.map(
      v => `kept ${v.name}: ${v.type} = ${printLiteral(v.initial, v.type)}  # ${v.stateKind} ${v.id}`,
    ),
    ...program.buffers.map(printBuffer),
  ]
  return lines.map(line => `  ${line}\n`).join('')
}

function printBuffer({ shape, name, type, length, content, id }: BufferDeclaration): string {
  const filled = content.kind === 'values' ? ` = ${abridge(content.values, type)}` : ` = ${content.kind}`
  return `${shape} ${name}: ${type}[${length}]${filled}  # ${id}`
}

function abridge(values: readonly number[], type: NumberType): string {
  const shown = values.slice(0, 8).map(value => printLiteral(value, type))
  return `{ ${shown.join(', ')}${values.length > 8 ? ', …' : ''} }`
}

const real = (value: number): string => printLiteral(value, 'real')

/** Reals always show a point, an exponent or a name, ints never. */
function printLiteral(value: number, type: NumberType): string {
  const text = Object.is(value, -0) ? '-0' : String(value)
  return type === 'real' && Number.isInteger(value) && !text.includes('e') ? `${text}.0` : text
}

/** Text, or a tree: on lines of its own (`block`), or within a line (`inner` ones take brackets). */
type Piece =
  | string
  | { readonly node: Core; readonly as: 'block'; readonly indent: string }
  | { readonly node: Core; readonly as: 'whole' | 'inner' }

function printBlock(root: Core, indent: string): string {
  const out: string[] = []
  const pending: Piece[] = [{ node: root, as: 'block', indent }]
  for (let piece = pending.pop(); piece !== undefined; piece = pending.pop()) {
    if (typeof piece === 'string') {
      out.push(piece)
      continue
    }
    const parts = piece.as === 'block' ? blockPieces(piece.node, piece.indent) : pieces(piece.node, piece.as)
    for (let i = parts.length - 1; i >= 0; i--) pending.push(parts[i]!)
  }
  return out.join('')
}

function blockPieces(node: Core, indent: string): Piece[] {
  const block = (inner: Core, at: string): Piece => ({ node: inner, as: 'block', indent: at })
  if (node.kind === 'statements') return node.list.map(statement => block(statement, indent))
  if (node.kind === 'if') {
    // Chains of thousands of branches would otherwise be mostly indentation.
    const deeper = indent.length < 40 ? `${indent}  ` : indent
    const first = [`${indent}if `, whole(node.condition), '\n', block(node.whenTrue, deeper)]
    return node.whenFalse ? [...first, `${indent}else\n`, block(node.whenFalse, deeper)] : first
  }
  if (node.kind === 'assign' && node.value.kind === 'statements') {
    const deeper = indent.length < 40 ? `${indent}  ` : indent
    return [`${indent}${node.name} = {\n`, block(node.value, deeper), `${indent}}\n`]
  }
  return [indent, whole(node), '\n']
}

const whole = (node: Core): Piece => ({ node, as: 'whole' })
const inner = (node: Core): Piece => ({ node, as: 'inner' })

function pieces(node: Core, as: 'whole' | 'inner'): Piece[] {
  const bracket = (parts: Piece[]): Piece[] => (as === 'inner' ? ['(', ...parts, ')'] : parts)
  switch (node.kind) {
    case 'literal':
      return [printLiteral(node.value, node.type)]
    case 'variable':
      return [node.name]
    case 'assign':
      return bracket([`${node.name} = `, whole(node.value)])
    case 'operator': {
      const { symbol, precedence } = purePrimitive(node.op)
      if (precedence === undefined || node.args.length !== 2) return listed(node.op, node.args)
      return bracket([inner(node.args[0]!), ` ${symbol ?? node.op} `, inner(node.args[1]!)])
    }
    case 'if':
      return listed('if', [node.condition, node.whenTrue, ...(node.whenFalse ? [node.whenFalse] : [])])
    case 'call':
      return listed(`${node.node}#${node.id}`, node.args)
    case 'bufferDeclare':
      return [`declare ${node.buffer}[${node.length}]`]
    case 'bufferOp':
      return bufferPieces(node, bracket)
    case 'length':
      return [`length(${node.buffer})`]
    case 'statements':
      return ['{ ', ...node.list.flatMap((s, i) => (i > 0 ? ['; ', whole(s)] : [whole(s)])), ' }']
    default:
      return assertNever(node)
  }
}

function listed(name: string, args: readonly Core[]): Piece[] {
  return [`${name}(`, ...args.flatMap((arg, i) => (i > 0 ? [', ', whole(arg)] : [whole(arg)])), ')']
}

/** Tables are indexed with `[…]`, `[%…]` when the index wraps, `[~…]` between elements; delay lines with `@ …`. */
function bufferPieces(node: Core & { kind: 'bufferOp' }, bracket: (parts: Piece[]) => Piece[]): Piece[] {
  const { buffer, index, op } = node
  if (op === 'delayRead') return bracket([buffer, ' @ ', inner(index)])
  const value: Piece[] = node.value ? [whole(node.value)] : []
  if (op === 'delayWrite') return bracket([buffer, ' <- ', ...value])
  const marks = op === 'wrapReadLinear' ? ['[~', ']'] : op.startsWith('wrap') ? ['[%', ']'] : ['[', ']']
  const element = [buffer, marks[0]!, whole(index), marks[1]!]
  return !node.value ? element : bracket([...element, ' = ', ...value])
}
