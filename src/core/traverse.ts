/**
 * Walks over Core trees without recursion.
 *
 * Comes in: trees of any depth. Goes out: nodes in the order in which they run. A module of its own because
 * layout, the verifier and code generation all walk, and sums of ten thousand terms must not exhaust the stack.
 */
import { assertNever } from '../source.ts'
import type { BufferDeclaration, Core, CoreProgram } from './ast.ts'

const NONE: readonly Core[] = []

/** Operands in the order in which they run. */
export function childrenOf(node: Core): readonly Core[] {
  switch (node.kind) {
    case 'literal':
    case 'variable':
    case 'bufferDeclare':
    case 'length':
      return NONE
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

/** What code generation asks of a section, several times. */
interface Scan {
  readonly assigned: Set<string>
  readonly read: Set<string>
  /** Buffers that it writes. */
  readonly written: Set<string>
  /** Buffers that some branch of an `if` writes: not in every frame. */
  readonly sometimesWritten: Set<string>
  /** Buffers that it declares. */
  readonly declared: Extract<Core, { kind: 'bufferDeclare' }>[]
  /** Whether it calls a node, or reads or writes with an index that wraps around. */
  isShort: boolean
}

/** Trees do not change, and the sections of a program come back. */
const scans = new WeakMap<Core, Scan>()

function scan(root: Core): Scan {
  const known = scans.get(root)
  if (known) return known
  const found: Scan = {
    assigned: new Set(),
    read: new Set(),
    written: new Set(),
    sometimesWritten: new Set(),
    declared: [],
    isShort: false,
  }
  const pending: Core[] = [root]
  /** So many of the pending nodes, from the bottom, are outside of the `if` that is being walked. */
  let outside = Number.POSITIVE_INFINITY
  for (let node = pending.pop(); node; node = pending.pop()) {
    if (pending.length < outside) outside = Number.POSITIVE_INFINITY
    if (node.kind === 'if' && outside > pending.length) outside = pending.length
    note(found, node, outside <= pending.length)
    const children = childrenOf(node)
    for (let i = children.length - 1; i >= 0; i--) pending.push(children[i]!)
  }
  scans.set(root, found)
  return found
}

function note(found: Scan, node: Core, isInside: boolean): void {
  switch (node.kind) {
    case 'assign':
      found.assigned.add(node.name)
      break
    case 'variable':
      found.read.add(node.name)
      break
    case 'bufferDeclare':
      found.declared.push(node)
      break
    case 'call':
      found.isShort = true
      break
    case 'bufferOp':
      if (node.value) found.written.add(node.buffer)
      if (node.value && isInside) found.sometimesWritten.add(node.buffer)
      if (node.op.startsWith('wrap')) found.isShort = true
  }
}

/** Whether a tree has parts that `expand` replaces, beside names. */
export function isShort(root: Core): boolean {
  return scan(root).isShort
}

/** Buffers of the program's list, then those that its code declares: tables of real zeros. */
export function buffersOf(program: CoreProgram): readonly BufferDeclaration[] {
  const declared = sectionsOf(program).flatMap(section => scan(section).declared)
  if (declared.length === 0) return program.buffers
  const buffers = new Map(program.buffers.map(b => [b.name, b]))
  for (const { buffer: name, length } of declared) {
    if (buffers.has(name)) continue
    buffers.set(name, { name, id: name, shape: 'table', type: 'real', length, content: { kind: 'zero' } })
  }
  return [...buffers.values()]
}

function unite(roots: readonly Core[], pick: (found: Scan) => ReadonlySet<string>): Set<string> {
  const all = new Set<string>()
  for (const root of roots) for (const name of pick(scan(root))) all.add(name)
  return all
}

/** Names assigned, and names read, anywhere in some trees. */
export function namesIn(roots: readonly Core[]): {
  assigned: ReadonlySet<string>
  read: ReadonlySet<string>
} {
  if (roots.length === 1) return scan(roots[0]!)
  return { assigned: unite(roots, found => found.assigned), read: unite(roots, found => found.read) }
}

/** Buffers whose content changes after `init`. */
export function writtenBuffers(roots: readonly Core[]): Set<string> {
  return unite(roots, found => found.written)
}

/** Buffers that some branch of an `if` writes: not in every frame. */
export function sometimesWritten(roots: readonly Core[]): Set<string> {
  return unite(roots, found => found.sometimesWritten)
}
