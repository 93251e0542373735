/**
 * Which parts of a program get diagrams of their own.
 *
 * Comes in: the program as a box, and the names of definitions. Goes out: the boxes to be drawn as links. Every named
 * definition has its own diagram; what is too large without names is cut into numbered parts, so that no diagram
 * grows with the program. Iterative, since boxes are deep.
 */
import type { Box, BoxNames } from '../lower/box.ts'

export interface Fold {
  readonly name: string
  /** Its file, without a folder. */
  readonly file: string
  /** Small enough to be drawn where it is used, too. */
  readonly inline: boolean
}

export type Folds = ReadonlyMap<Box, Fold>

/** Blocks and wires, and ports, of a definition that is drawn where it is used. */
const SMALL = 4
const FEW_PORTS = 8
/** Of one diagram. */
const LARGE = 200

export function partsOf(box: Box): readonly Box[] {
  switch (box.kind) {
    case 'composition':
      return [box.left, box.right]
    case 'group':
    case 'symbolic':
      return [box.body]
    default:
      return []
  }
}

/** Boxes with parts after their parts, each once. */
export function bottomUp(root: Box, parts: (box: Box) => readonly Box[]): Box[] {
  const order: Box[] = []
  const seen = new Set<Box>([root])
  const stack = [{ box: root, parts: parts(root), next: 0 }]
  for (let top = stack.at(-1); top; top = stack.at(-1)) {
    const part = top.parts[top.next++]
    if (part === undefined) {
      order.push(top.box)
      stack.pop()
    } else if (!seen.has(part)) {
      seen.add(part)
      stack.push({ box: part, parts: parts(part), next: 0 })
    }
  }
  return order
}

export function foldBoxes(root: Box, entry: string, names: BoxNames): Folds {
  const files = new FileNames()
  const folds = new Map<Box, Fold>([[root, { name: entry, file: files.unique(entry), inline: false }]])
  const costs = new Map<Box, number>()
  let count = 0
  const drawn = (box: Box) => (folds.get(box)?.inline === false ? 1 : costs.get(box)!)
  for (const box of bottomUp(root, partsOf)) {
    const parts = partsOf(box)
    let cost = parts.length === 2 ? 0 : 1
    for (const part of parts) cost += drawn(part)
    const whole = cost
    for (const part of [...parts].sort((a, b) => drawn(b) - drawn(a))) {
      if (cost <= LARGE || drawn(part) === 1) continue
      cost -= drawn(part) - 1
      const known = folds.get(part) ?? { name: `part ${++count}`, file: files.unique(`${entry}-part`) }
      folds.set(part, { ...known, inline: false })
    }
    costs.set(box, cost)
    const name = names.get(box)
    if (name === undefined || parts.length === 0 || box === root) continue
    folds.set(box, { name, file: files.unique(name), inline: whole <= SMALL && portsOf(box) <= FEW_PORTS })
  }
  return folds
}

function portsOf({ arity }: Box): number {
  return arity ? arity.inputs + arity.outputs : 0
}

/** Names of files that no system takes for the same. */
class FileNames {
  private readonly used = new Set<string>()
  private readonly counts = new Map<string, number>()

  unique(name: string): string {
    const plain = name.replace(/[^A-Za-z0-9_-]+/g, '_').slice(0, 60)
    let count = this.counts.get(plain) ?? 0
    let candidate: string
    do candidate = ++count === 1 ? plain : `${plain}-${count}`
    while (this.used.has(candidate.toLowerCase()))
    this.counts.set(plain, count)
    this.used.add(candidate.toLowerCase())
    return `${candidate}.svg`
  }
}
