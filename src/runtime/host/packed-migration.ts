/**
 * A plan of copies between threads that both have the layouts.
 *
 * Comes in: a migration. Goes out: the same with numbers in place of cells, and back. A stage of its own because cells
 * carry all that state is found again by, ten times as much as the rest, and every copy names two of them.
 */
import type { Cell, Layout } from '../../core/program.ts'
import type { Migration } from '../migration-types.ts'

export interface PackedMigration extends Omit<Migration, 'copies' | 'formerPosition' | 'position'> {
  /** Numbers of an old and a new cell by turns. */
  readonly copies: Int32Array
  /** -1: none. */
  readonly formerPosition: number
  readonly position: number
}

export function packMigration(migration: Migration, from: Layout, to: Layout): PackedMigration {
  const [before, after] = [numbersOf(from), numbersOf(to)]
  const numberIn = (numbers: ReadonlyMap<Cell, number>, cell: Cell | undefined) =>
    cell ? numbers.get(cell)! : -1
  return {
    ...migration,
    copies: Int32Array.from(migration.copies.flatMap(copy => [before.get(copy.from)!, after.get(copy.to)!])),
    formerPosition: numberIn(before, migration.formerPosition),
    position: numberIn(after, migration.position),
  }
}

const numbersOf = ({ cells }: Layout) => new Map(cells.map((cell, number) => [cell, number]))

export function unpackMigration(packed: PackedMigration, from: Layout, to: Layout): Migration {
  const { copies, formerPosition, position } = packed
  return {
    ...packed,
    copies: Array.from({ length: copies.length / 2 }, (_, i) => ({
      from: from.cells[copies[2 * i]!]!,
      to: to.cells[copies[2 * i + 1]!]!,
    })),
    formerPosition: from.cells[formerPosition],
    position: to.cells[position],
  }
}
