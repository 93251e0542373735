/**
 * The cheapest way to divide nodes into two sides.
 *
 * Comes in: edges with capacities between nodes, node 0 on the first side, node 1 on the second. Goes out: which
 * nodes are on the first side, so that the sum of the capacities of edges from the first side to the second is
 * least. A module of its own: an algorithm (Dinitz 1970) that knows nothing of kernels.
 */

export interface Edge {
  readonly from: number
  readonly to: number
  readonly capacity: number
}

interface Network {
  readonly to: Int32Array
  /** What can still flow; edge i and i ^ 1 are each other's reverse. */
  readonly rest: Float64Array
  readonly edgesOf: readonly (readonly number[])[]
  readonly level: Int32Array
}

const TINY = 1e-9

export function minimumCut(count: number, edges: readonly Edge[]): (node: number) => boolean {
  const network = makeNetwork(count, edges)
  while (findLevels(network)) blockFlow(network)
  // What can still be reached from the source is its side.
  return node => network.level[node]! >= 0
}

function makeNetwork(count: number, edges: readonly Edge[]): Network {
  const to = new Int32Array(2 * edges.length)
  const rest = new Float64Array(2 * edges.length)
  const edgesOf: number[][] = []
  for (let node = 0; node < count; node++) edgesOf.push([])
  for (let i = 0; i < edges.length; i++) {
    const edge = edges[i]!
    to[2 * i] = edge.to
    to[2 * i + 1] = edge.from
    rest[2 * i] = edge.capacity
    edgesOf[edge.from]!.push(2 * i)
    edgesOf[edge.to]!.push(2 * i + 1)
  }
  return { to, rest, edgesOf, level: new Int32Array(count) }
}

/** Distances from the source; whether the sink can be reached. */
function findLevels({ to, rest, edgesOf, level }: Network): boolean {
  level.fill(-1)
  level[0] = 0
  const queue = [0]
  for (let head = 0; head < queue.length; head++) {
    const node = queue[head]!
    const own = edgesOf[node]!
    for (let k = 0; k < own.length; k++) {
      const edge = own[k]!
      const next = to[edge]!
      if (level[next] !== -1 || rest[edge]! <= TINY) continue
      level[next] = level[node]! + 1
      queue.push(next)
    }
  }
  return level[1]! >= 0
}

/** Fills shortest paths until none is left; depth first, with a path instead of recursion. */
function blockFlow({ to, rest, edgesOf, level }: Network): void {
  const next = new Int32Array(level.length)
  const path: number[] = []
  let node = 0
  for (;;) {
    if (node === 1) {
      let flow = Number.POSITIVE_INFINITY
      for (let k = 0; k < path.length; k++) flow = Math.min(flow, rest[path[k]!]!)
      for (let k = 0; k < path.length; k++) {
        const edge = path[k]!
        rest[edge]! -= flow
        rest[edge ^ 1]! += flow
      }
      path.length = 0
      node = 0
      continue
    }
    const edge = edgesOf[node]![next[node]!]
    if (edge === undefined) {
      const back = path.pop()
      if (back === undefined) return
      node = to[back ^ 1]!
      next[node]!++
    } else if (rest[edge]! > TINY && level[to[edge]!] === level[node]! + 1) {
      path.push(edge)
      node = to[edge]!
    } else next[node]!++
  }
}
