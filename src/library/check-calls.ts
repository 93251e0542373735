/**
 * Checks the calls of a program against a library, before anything is expanded.
 *
 * Comes in: a program, a library, and which ids the context knows. Goes out: the ids of stateful calls with their node
 * types, or a `LibraryError`. Apart from lowering because names of variables and of nodes are different questions.
 */
import type { CoreProgram } from '../core/ast.ts'
import { misuse } from '../core/misuse.ts'
import type { NodeLibrary } from '../core/node-library.ts'
import type { NodeType } from '../core/node-type.ts'
import { nodesOf } from '../core/traverse.ts'

export function checkCalls(
  program: CoreProgram,
  library: NodeLibrary,
  known: ReadonlyMap<string, string>,
): ReadonlyMap<string, string> {
  const used = new Map<string, string>()
  for (const node of nodesOf(program.sample)) {
    if (node.kind !== 'call') continue
    const type = library.get(node.node)
    if (!type) throw misuse('nodeUnknown', { node: node.node })
    checkArguments(type, node.args.length, node.id)
    if (!type.stateful) continue
    if (used.has(node.id)) throw misuse('idTwice', { node: type.name, id: node.id })
    const other = known.get(node.id)
    if (other !== undefined && other !== type.name)
      throw misuse('idType', { node: type.name, id: node.id, other })
    used.set(node.id, type.name)
  }
  return used
}

function checkArguments(type: NodeType, given: number, id: string): void {
  const required = type.inputs.filter(input => input.default === undefined).length
  const names = type.inputs.map(({ name }) => name).join(', ')
  if (given < required || given > type.inputs.length) {
    throw misuse('nodeArguments', { node: type.name, id, given, inputs: type.inputs.length, names })
  }
}
