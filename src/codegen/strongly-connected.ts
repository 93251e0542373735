/**
 * Which nodes of a directed graph reach each other.
 *
 * Comes in: the successors of each node. Goes out: components, each after all components it can be reached from.
 * A module of its own: an algorithm (Tarjan 1972) that knows nothing of kernels, with a stack of its own, as
 * programs may be deep.
 */

/** Components in topological order: edges lead to the same or a later component. */
export function components(successors: readonly (readonly number[])[]): number[][] {
  const count = successors.length
  const order = new Int32Array(count).fill(-1)
  const low = new Int32Array(count)
  const next = new Int32Array(count)
  const isOpen = new Uint8Array(count)
  const open: number[] = []
  const found: number[][] = []
  let counter = 0
  const close = (node: number): void => {
    const component: number[] = []
    for (let member = -1; member !== node; ) {
      member = open.pop()!
      isOpen[member] = 0
      component.push(member)
    }
    found.push(component.sort((a, b) => a - b))
  }
  const visit = (start: number): void => {
    const path = [start]
    while (path.length > 0) {
      const node = path.at(-1)!
      if (order[node] === -1) {
        order[node] = low[node] = counter++
        open.push(node)
        isOpen[node] = 1
      }
      const to = successors[node]![next[node]!++]
      if (to !== undefined) {
        if (order[to] === -1) path.push(to)
        else if (isOpen[to]) low[node] = Math.min(low[node]!, order[to]!)
        continue
      }
      path.pop()
      const parent = path.at(-1)
      if (parent !== undefined) low[parent] = Math.min(low[parent]!, low[node]!)
      if (low[node] === order[node]) close(node)
    }
  }
  for (let node = 0; node < count; node++) if (order[node] === -1) visit(node)
  return found.reverse()
}
