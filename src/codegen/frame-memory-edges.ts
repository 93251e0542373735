/**
 * Which accesses to memory depend on each other from frame to frame.
 *
 * Comes in: the loads and stores of a frame loop. Goes out: edges from what must come first; nothing, if an access is
 * not understood. Apart from frame-memory, which looks at single accesses.
 *
 * Delay lines are longer than any distance at which they are read by more frames than loops work on at once, so that
 * reading late never meets what was written since (core/layout).
 */
import type { Edge } from './frame-graph.ts'
import { type Access, type Counting, distanceOf } from './frame-memory.ts'
import type { Instruction } from './kernel.ts'
import { everyInstruction, regions } from './regions.ts'
import { CHANNELS } from './to-kernel-compute.ts'

type Accesses = ReadonlyMap<Instruction, Access>

interface Use {
  readonly node: number
  readonly writes: boolean
  /** Undefined inside an `if`. */
  readonly access: Access | undefined
}

export function memoryEdges(
  nodes: readonly Instruction[],
  accesses: Accesses,
  counting: Counting,
): Edge[] | undefined {
  const spaces = usesOfSpaces(nodes, accesses)
  if (!spaces) return undefined
  const edges: Edge[] = []
  for (const [space, uses] of spaces) {
    if (!uses.some(use => use.writes)) continue
    if (space === CHANNELS) {
      if (uses.some(use => use.access?.kind !== 'following')) return undefined
      const order = inputsBeforeOutputs(uses)
      if (!order) return undefined
      for (const edge of order) edges.push(edge)
    } else for (const edge of ringEdges(uses, counting) ?? inOrder(uses)) edges.push(edge)
  }
  return edges
}

function usesOfSpaces(nodes: readonly Instruction[], accesses: Accesses): Map<string, Use[]> | undefined {
  const spaces = new Map<string, Use[]>()
  for (const [node, instruction] of nodes.entries()) {
    const access = accesses.get(instruction)
    const parts = regions(instruction).flatMap(region => [...everyInstruction(region)])
    for (const part of [instruction, ...parts]) {
      if (part.kind === 'loop') return undefined
      if (part.kind !== 'store' && (part.kind !== 'load' || part.constant)) continue
      if (part.space === undefined) return undefined
      const use = { node, writes: part.kind === 'store', access }
      const list = spaces.get(part.space)
      if (list) list.push(use)
      else spaces.set(part.space, [use])
    }
  }
  return spaces
}

/** Pairs of an input and an output beyond which a loop stays as it is: each is an edge. */
const MAX_CHANNEL_PAIRS = 16_384

/** The host may use one buffer for both. */
function inputsBeforeOutputs(uses: readonly Use[]): Edge[] | undefined {
  const outputs = uses.filter(use => use.writes)
  const inputs = uses.filter(use => !use.writes)
  if (inputs.length * outputs.length > MAX_CHANNEL_PAIRS) return undefined
  return inputs.flatMap(({ node: from }) =>
    outputs.map(({ node: to }) => ({ from, to, delay: 0, throughRing: false })),
  )
}

/** Of a delay line that is written once a frame. */
function ringEdges(uses: readonly Use[], counting: Counting): Edge[] | undefined {
  const [write, ...more] = uses.filter(use => use.writes)
  if (more.length > 0 || write?.access?.kind !== 'ring') return undefined
  const edges: Edge[] = []
  for (const { node: to, access } of uses) {
    if (to === write.node) continue
    if (!access) return undefined
    const from = write.node
    const distance = distanceOf(counting, write.access, access)
    const isBefore = to < from
    if (distance.kind === 'known') {
      // What is read before it is written and not delayed is a whole ring old.
      if (isBefore && distance.frames === 0) return undefined
      edges.push({ from, to, delay: distance.frames, throughRing: true })
    } else {
      const least = isBefore ? 1 : 0
      const fixed = distance.kind === 'fixed' ? { fixed: distance } : {}
      edges.push({ from, to, delay: least, throughRing: true, ...fixed })
    }
  }
  return edges
}

/** All in one circle: their order stays, from frame to frame too. */
function inOrder(uses: readonly Use[]): Edge[] {
  const nodes = [...new Set(uses.map(use => use.node))]
  return nodes.map((from, i) => {
    const isLast = i === nodes.length - 1
    return { from, to: nodes[isLast ? 0 : i + 1]!, delay: isLast ? 1 : 0, throughRing: false }
  })
}
