/**
 * The node shelf: every node that a new library has, in the order of docs/NODES.md.
 *
 * A module of its own because it is the one place to add a node to, besides its file.
 */
import { NodeLibrary } from '../node-library.ts'
import type { NodeType } from '../node-type.ts'
import { phase } from './phase.ts'
import { sampleAndHold } from './sample-and-hold.ts'

export const NODES: readonly NodeType[] = [phase, sampleAndHold]

/** A library of its own with all of them, for programs to add to. */
export function standardLibrary(): NodeLibrary {
  return new NodeLibrary(NODES)
}
