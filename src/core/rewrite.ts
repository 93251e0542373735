/**
 * Rebuilds Core trees without recursion.
 *
 * Comes in: a tree of any depth, and what to make of a node whose operands are rebuilt already. Goes out: the new
 * tree; what did not change is shared with the old one. Apart from traverse.ts because walking only reads.
 */
import { assertNever } from '../source.ts'
import type { Core } from './ast.ts'
import { childrenOf } from './traverse.ts'

/** Bottom up: `change` sees each node after its operands. */
export function rewriteCore(root: Core, change: (node: Core) => Core): Core {
  const results: Core[] = []
  const pending: { node: Core; ready: boolean }[] = [{ node: root, ready: false }]
  for (let next = pending.pop(); next; next = pending.pop()) {
    const { node, ready } = next
    const children = childrenOf(node)
    if (!ready && children.length > 0) {
      pending.push({ node, ready: true })
      for (let i = children.length - 1; i >= 0; i--) pending.push({ node: children[i]!, ready: false })
      continue
    }
    const operands = children.length > 0 ? results.splice(results.length - children.length) : []
    results.push(change(withChildren(node, operands)))
  }
  return results[0]!
}

/** The node with other operands, in the order of `childrenOf`; itself when they are the same. */
export function withChildren(node: Core, operands: readonly Core[]): Core {
  const before = childrenOf(node)
  if (operands.every((operand, i) => operand === before[i])) return node
  switch (node.kind) {
    case 'literal':
    case 'variable':
    case 'bufferDeclare':
    case 'length':
      return node
    case 'assign':
      return { ...node, value: operands[0]! }
    case 'operator':
    case 'call':
      return { ...node, args: operands }
    case 'if': {
      const [condition, whenTrue, whenFalse] = operands
      return { kind: 'if', condition: condition!, whenTrue: whenTrue!, ...(whenFalse && { whenFalse }) }
    }
    case 'bufferOp': {
      const [index, value] = operands
      return { ...node, index: index!, ...(value && { value }) }
    }
    case 'statements':
      return { ...node, list: operands }
    default:
      return assertNever(node)
  }
}
