/**
 * Migration: what becomes of the state of a running program when another takes its place.
 *
 * Comes in: the layouts of both. Goes out: a plan of copies, and a report that calls things as the user wrote
 * them. Knows nothing of the compiler and touches no memory, so it runs away from the sound; `applyMigration`
 * carries the plan out between two blocks, after the new program's `init`.
 */
import { POSITION_ID } from '../core/layout.ts'
import type { Cell, Layout } from '../core/program.ts'
import { type Match, type MatchCost, matchUnits } from './match-state.ts'
import type { Migration, MigrationEntry, MigrationReport, StateCopy } from './migration-types.ts'
import { type StateUnit, unitsOf } from './state-units.ts'

export { applyMigration } from './copy-state.ts'
export { explainMigration, formatMigration } from './migration-text.ts'

export interface MigrationOptions {
  /** In hertz; when both are given and differ, the content of delay lines is stretched to the same times. */
  readonly formerSampleRate?: number
  readonly sampleRate?: number
  /** Starts everything anew. */
  readonly reset?: boolean
  /** Counts the steps of the search, for tests of its cost. */
  readonly cost?: MatchCost
}

export function planMigration(from: Layout, to: Layout, options: MigrationOptions = {}): Migration {
  const [before, after] = [unitsOf(from), unitsOf(to)]
  const matches = options.reset ? [] : matchUnits(before, after, options.cost)
  const { formerSampleRate, sampleRate } = options
  const copies = matches.flatMap(match => copiesOf(match))
  const position = (layout: Layout) => layout.cells.find(cell => cell.id === POSITION_ID)
  return {
    copies,
    report: { ...reportOf(before, after, matches, copies), formerSampleRate, sampleRate },
    formerPosition: options.reset ? undefined : position(from),
    position: position(to),
    rateRatio: formerSampleRate && sampleRate ? formerSampleRate / sampleRate : 1,
  }
}

/**
 * Cells of one age, and lines, go to their like; what is missing is found in, or put into, the line. Values of
 * controls are not copied but set, so that they are moved into their range.
 */
function copiesOf({ from, to }: Match): StateCopy[] {
  if (to.storage === 'control') return []
  const copies: StateCopy[] = []
  const formerLine = from.cells.find(c => c.kind === 'delay')
  const line = to.own.find(c => c.kind === 'delay')
  if (formerLine && line) copies.push({ from: formerLine, to: line })
  const former = new Map(from.cells.filter(c => c !== formerLine).map(c => [roleOf(c), c]))
  for (const cell of to.own) {
    if (cell === line) continue
    const same = former.get(roleOf(cell)) ?? (cell.age === undefined ? undefined : formerLine)
    if (same && isInt(same) === isInt(cell)) copies.push({ from: same, to: cell })
  }
  if (line && !formerLine) {
    for (const cell of former.values()) if (cell.age !== undefined) copies.push({ from: cell, to: line })
  }
  return copies
}

const isInt = (cell: Cell) => cell.element === 'i32'

/** What a cell is within its unit. */
function roleOf(cell: Cell): string {
  if (cell.age !== undefined) return `age ${cell.age}`
  const owner = cell.origins?.[0]?.owner
  return owner !== undefined && cell.id.startsWith(`${owner}/`) ? cell.id.slice(owner.length) : cell.kind
}

function reportOf(
  before: readonly StateUnit[],
  after: readonly StateUnit[],
  matches: readonly Match[],
  copies: readonly StateCopy[],
): Pick<MigrationReport, 'kept' | 'moved' | 'resized' | 'fresh' | 'dropped'> {
  const former = new Map(matches.map(({ from, to }) => [to, from]))
  const copied = new Set(copies.map(copy => copy.from))
  const found = new Set(matches.filter(({ to }) => to.own.length > 0).map(({ from }) => from))
  // What only takes part in cells of another piece now has gone there, unless that one brought its own.
  const isGone = (unit: StateUnit) =>
    !found.has(unit) && unit.own.length > 0 && !unit.own.some(c => copied.has(c))
  const report = {
    kept: [] as MigrationEntry[],
    moved: [] as MigrationEntry[],
    resized: [] as MigrationEntry[],
    fresh: [] as MigrationEntry[],
    dropped: before.filter(isGone).map(unit => entryOf(unit)),
  }
  for (const unit of after) {
    if (unit.own.length === 0) continue
    const old = former.get(unit)
    const entry = entryOf(unit, old)
    if (!old) report.fresh.push(entry)
    else if (lengthOf(old) !== lengthOf(unit)) report.resized.push(entry)
    else if (old.label !== unit.label) report.moved.push(entry)
    else report.kept.push(entry)
  }
  return report
}

function entryOf(unit: StateUnit, old?: StateUnit): MigrationEntry {
  const { form } = unit
  const base = { name: unit.label, kind: kindOf(unit), length: lengthOf(unit), ...(form && { form }) }
  if (!old) return base
  const formerName = old.label === unit.label ? {} : { formerName: old.label }
  return { ...base, ...formerName, formerLength: lengthOf(old) }
}

function kindOf({ own, cells }: StateUnit): Cell['kind'] {
  return (own.find(c => c.kind === 'delay') ?? own[0] ?? cells[0]!).kind
}

/** Of a line the longest delay that it can be asked for, of a table its elements, of variables how many. */
function lengthOf({ own, cells }: StateUnit): number {
  const held = own.length > 0 ? own : cells
  const buffer = held.find(c => c.kind === 'delay' || c.kind === 'table')
  if (!buffer) return held.length
  const elements = buffer.bytes / (buffer.element === 'f64' ? 8 : 4)
  return buffer.kind === 'delay' ? (buffer.length ?? elements) - 1 : elements
}
