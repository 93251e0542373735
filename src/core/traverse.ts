/**
 * Walks over Core trees without recursion.
 *
 * Comes in: trees of any depth. Goes out: nodes in the order in which they run. A module of its own because
 * layout, the verifier and code generation all walk, and sums of ten thousand terms must not exhaust the stack.
 */
import { assertNever } from '../source.ts'
import type { BufferDeclaration, Core, CoreProgram } from './ast.ts'

/** Operands in the order in which they run. */
export function childrenOf(node: Core): readonly Core[] {
  switch (node.kind) {
    case 'literal':
    case 'variable':
    case 'bufferDeclare':
    case 'length':
      return []
    case 'assign':
      return [node.value]
    case 'operator':
    case 'call':
      return node.args
    case 'if':
      return node.whenFalse
        ? [node.condition, node.whenTrue, node.whenFalse]
        : [node.condition, node.whenTrue]
    case 'bufferOp':
      return node.value ? [node.index, node.value] : [node.index]
    case 'statements':
      return node.list
    default:
      return assertNever(node)
  }
}

/** Every node, parents before children, in program order. */
export function* nodesOf(root: Core): Generator<Core> {
  const pending: Core[] = [root]
  for (let node = pending.pop(); node; node = pending.pop()) {
    yield node
    const children = childrenOf(node)
    for (let i = children.length - 1; i >= 0; i--) pending.push(children[i]!)
  }
}

export function sectionsOf(program: CoreProgram): readonly Core[] {
  return [program.init, program.control, program.sample]
}

/** Buffers of the program's list, then those that its code declares: tables of real zeros. */
export function buffersOf(program: CoreProgram): readonly BufferDeclaration[] {
  const buffers = new Map(program.buffers.map(b => [b.name, b]))
  for (const section of sectionsOf(program)) {
    for (const node of nodesOf(section)) {
      if (node.kind !== 'bufferDeclare' || buffers.has(node.buffer)) continue
      const { buffer: name, length } = node
      buffers.set(name, { name, id: name, shape: 'table', type: 'real', length, content: { kind: 'zero' } })
    }
  }
  return [...buffers.values()]
}

/** Names assigned, and names read, anywhere in some trees. */
export function namesIn(roots: readonly Core[]): { assigned: Set<string>; read: Set<string> } {
  const assigned = new Set<string>()
  const read = new Set<string>()
  for (const root of roots) {
    for (const node of nodesOf(root)) {
      if (node.kind === 'assign') assigned.add(node.name)
      if (node.kind === 'variable') read.add(node.name)
    }
  }
  return { assigned, read }
}

/** Buffers whose content changes after `init`. */
export function writtenBuffers(roots: readonly Core[]): Set<string> {
  const written = new Set<string>()
  for (const root of roots) {
    for (const node of nodesOf(root)) {
      if (node.kind === 'bufferOp' && node.value) written.add(node.buffer)
    }
  }
  return written
}

/** Buffers that some branch of an `if` writes: not in every frame. */
export function sometimesWritten(roots: readonly Core[]): Set<string> {
  const written = new Set<string>()
  const pending = roots.map(node => ({ node, inside: false }))
  for (let next = pending.pop(); next; next = pending.pop()) {
    const { node, inside } = next
    if (inside && node.kind === 'bufferOp' && node.value) written.add(node.buffer)
    for (const child of childrenOf(node)) pending.push({ node: child, inside: inside || node.kind === 'if' })
  }
  return written
}
