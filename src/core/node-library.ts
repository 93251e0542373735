/**
 * A set of node types, found by name.
 *
 * Comes in: node types. Goes out: them, by name and in the order in which they were added. Apart from node-type.ts
 * because programs hold many libraries, but a node is declared once.
 */
import { misuse } from './misuse.ts'
import type { NodeType } from './node-type.ts'

export class NodeLibrary {
  private readonly types = new Map<string, NodeType>()

  constructor(types: Iterable<NodeType> = []) {
    for (const type of types) this.add(type)
  }

  /** Refuses a name that is taken. */
  add(type: NodeType): this {
    if (this.types.has(type.name)) throw misuse('nodeTwice', { node: type.name })
    this.types.set(type.name, type)
    return this
  }

  /** In place of the node of the same name; programs compiled already keep theirs. */
  replace(type: NodeType): this {
    this.types.set(type.name, type)
    return this
  }

  get(name: string): NodeType | undefined {
    return this.types.get(name)
  }

  has(name: string): boolean {
    return this.types.has(name)
  }

  get size(): number {
    return this.types.size
  }

  names(): readonly string[] {
    return [...this.types.keys()]
  }

  /** Ends early when the visitor returns false. */
  forEach(visit: (type: NodeType) => unknown): void {
    for (const type of this) if (visit(type) === false) return
  }

  [Symbol.iterator](): IterableIterator<NodeType> {
    return this.types.values()
  }

  /** A library of its own with the same nodes. */
  clone(): NodeLibrary {
    return new NodeLibrary(this)
  }
}
