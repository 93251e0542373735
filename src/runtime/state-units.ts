/**
 * Units of state: cells that belong together, and what they are found again by.
 *
 * Comes in: the layout of a program. Goes out: its units, in order. A unit is what one signal remembers, kept in
 * variables and a delay line as it happens; a cell whose program named it itself is a unit of its own. Apart from
 * matching, which compares units and never looks at cells.
 */
import { POSITION_ID } from '../core/layout.ts'
import type { Cell, Layout } from '../core/program.ts'

export interface StateUnit {
  readonly cells: readonly Cell[]
  /** Position among the units of its program. */
  readonly order: number
  /** Explicit name: found by nothing else. */
  readonly key: string | undefined
  readonly path: string
  readonly scope: readonly string[]
  readonly label: string
  /** What may be exchanged at all: the form and the number type. */
  readonly kind: string
  /** How it is kept: in a line, a table, variables. */
  readonly storage: string
  readonly exact: number
  readonly own: number
  readonly shape: number
}

/** Has an identity. Constants come from `init`, meters from the next block, tables that nothing writes from the code. */
export function isState(cell: Cell): boolean {
  if (cell.kind === 'constant' || cell.kind === 'bargraph' || cell.id === POSITION_ID) return false
  return cell.fixed !== true
}

export function unitsOf(layout: Layout): StateUnit[] {
  const groups = new Map<string, Cell[]>()
  for (const cell of layout.cells) {
    if (!isState(cell)) continue
    const key = cell.origin ? `~${cell.origin.owner}` : `${cell.kind} ${cell.id}`
    const group = groups.get(key)
    if (group) group.push(cell)
    else groups.set(key, [cell])
  }
  return [...groups.values()].map(makeUnit)
}

function makeUnit(cells: readonly Cell[], order: number): StateUnit {
  const first = cells[0]!
  const type = first.element === 'i32' ? 'int' : 'real'
  const { origin } = first
  const storage = cells.find(c => c.kind === 'delay')?.kind ?? first.kind
  if (!origin) {
    const { id } = first
    const key = `${first.kind} ${type} ${id}`
    const base = { cells, order, key, storage, path: id, scope: [id], label: id, kind: key }
    return { ...base, exact: 0, own: 0, shape: 0 }
  }
  const { scope, label, exact, own, shape } = origin
  const kind = `${origin.form} ${type}`
  const path = scope.join('/')
  return { cells, order, key: undefined, storage, path, scope, label, kind, exact, own, shape }
}
