/**
 * Units of state: cells that belong together, and what they are found again by.
 *
 * Comes in: the layout of a program. Goes out: its units, in order. A unit is what one signal remembers, kept in
 * variables and a delay line as it happens; a cell whose program named it itself is a unit of its own. Apart from
 * matching, which compares units and never looks at cells.
 */

import type { StateOrigin } from '../core/ast.ts'
import { POSITION_ID } from '../core/layout.ts'
import type { Cell, Layout } from '../core/program.ts'
import { commonRoot } from './control-root.ts'

export interface StateUnit {
  /** All that hold something of it. */
  readonly cells: readonly Cell[]
  /** Those whose content it decides; none when other units share all its cells and come first. */
  readonly own: readonly Cell[]
  /** Position among the units of its program. */
  readonly order: number
  /** Explicit name: found by nothing else. */
  readonly key: string | undefined
  readonly path: string
  readonly label: string
  /** What may be exchanged at all: the form and the number type. */
  readonly kind: string
  readonly form: string | undefined
  /** How it is kept: in a line, a table, variables. */
  readonly storage: string
  readonly exact: number
  readonly parameters: number
  readonly shape: number
}

/** Has an identity. Constants come from `init`, meters from the next block, tables that nothing writes from the code. */
export function isState(cell: Cell): boolean {
  if (cell.kind === 'constant' || cell.kind === 'bargraph' || cell.id === POSITION_ID) return false
  return cell.fixed !== true
}

interface Group {
  readonly origin: StateOrigin | undefined
  readonly cells: Cell[]
  readonly own: Cell[]
}

/** A program is the new one of a swap first, and the old one later. */
const known = new WeakMap<Layout, readonly StateUnit[]>()

export function unitsOf(layout: Layout): readonly StateUnit[] {
  const found = known.get(layout) ?? findUnits(layout)
  known.set(layout, found)
  return found
}

function findUnits(layout: Layout): StateUnit[] {
  const groups = new Map<string, Group>()
  const join = (key: string, origin: StateOrigin | undefined, cell: Cell, isOwn: boolean) => {
    let group = groups.get(key)
    if (!group) groups.set(key, (group = { origin, cells: [], own: [] }))
    group.cells.push(cell)
    if (isOwn) group.own.push(cell)
  }
  const root = commonRoot(layout.cells.filter(c => c.kind === 'control').map(c => c.id))
  for (const cell of layout.cells) {
    if (!isState(cell)) continue
    if (!cell.origins?.length) join(`${cell.kind} ${cell.id}`, undefined, cell, true)
    cell.origins?.forEach((origin, i) => {
      join(`~${origin.owner}`, origin, cell, i === 0)
    })
  }
  return [...groups.values()].map((group, order) => makeUnit(group, order, root))
}

function makeUnit({ origin, cells, own }: Group, order: number, root: string): StateUnit {
  const first = own[0] ?? cells[0]!
  const type = first.element === 'i32' ? 'int' : 'real'
  const storage = own.find(c => c.kind === 'delay')?.kind ?? first.kind
  if (!origin) return namedUnit(first, { cells, own, order, storage }, type, root)
  const space = origin.form.indexOf(' ')
  return {
    cells,
    own,
    order,
    key: undefined,
    path: origin.path,
    label: origin.label,
    kind: `${origin.form} ${type}${tableSizes(own)}`,
    form: space < 0 ? origin.form : origin.form.slice(0, space),
    storage,
    exact: origin.exact,
    parameters: origin.own,
    shape: origin.shape,
  }
}

/** The buffers of a node make sense together with its other state only, and so not in other sizes. */
function tableSizes(own: readonly Cell[]): string {
  if (own[0]?.node === undefined) return ''
  const sizeOf = (c: Cell) => c.bytes / (c.element === 'f64' ? 8 : 4)
  return own.map(c => (c.kind === 'table' ? ` ${sizeOf(c)}` : '')).join('')
}

function namedUnit(
  { id, kind, node = '' }: Cell,
  base: Pick<StateUnit, 'cells' | 'own' | 'order' | 'storage'>,
  type: string,
  root: string,
): StateUnit {
  const key = `${kind} ${type} ${node} ${kind === 'control' ? id.slice(root.length) : id}`
  const names = { key, kind: key, path: id, label: id }
  return { ...base, ...names, form: undefined, exact: 0, parameters: 0, shape: 0 }
}
