/**
 * Geometry of areas: what lies where, and what feeds what.
 *
 * Comes in: areas of blocks. Goes out: neighbours, free space, reading order. Shared by editing and lowering,
 * which must agree on what is connected.
 */
import type { Area, PlacedBlock } from './types.ts'

/** An input or output of a block, by its row inside the block. */
export interface PortPlace {
  readonly placed: PlacedBlock
  readonly row: number
}

/** An area with an index by cell, for programs of any size. */
export class Grid {
  readonly area: Area
  private readonly cells = new Map<string, PlacedBlock>()

  constructor(area: Area) {
    this.area = area
    for (const placed of area.blocks) {
      for (let row = 0; row < placed.block.rows; row++) {
        this.cells.set(`${placed.x},${placed.y + row}`, placed)
      }
    }
  }

  /** The block that covers this cell. */
  at(x: number, y: number): PlacedBlock | undefined {
    return this.cells.get(`${x},${y}`)
  }

  /** The output that feeds this input; undefined when nothing does. */
  source({ placed, row }: PortPlace): PortPlace | undefined {
    return this.port(placed.x - 1, placed.y + row, 'outputs')
  }

  /** The input that this output feeds. */
  target({ placed, row }: PortPlace): PortPlace | undefined {
    return this.port(placed.x + 1, placed.y + row, 'inputs')
  }

  private port(x: number, y: number, side: 'inputs' | 'outputs'): PortPlace | undefined {
    const placed = this.at(x, y)
    if (!placed) return undefined
    const row = y - placed.y
    return (placed.block[side][row] ?? null) === null ? undefined : { placed, row }
  }

  /** Is this column free for so many rows, `except` one block? */
  isFree(x: number, y: number, rows: number, except: ReadonlySet<number> = new Set()): boolean {
    if (x < 0 || y < 0) return false
    for (let row = y; row < y + rows; row++) {
      const other = this.at(x, row)
      if (other && !except.has(other.block.id)) return false
    }
    return true
  }
}

/** Rows that have a port. */
export function portRows(ports: readonly (string | null)[]): number[] {
  return ports.flatMap((name, row) => (name === null ? [] : [row]))
}

/** Top to bottom, then left to right: the order in which what depends on nothing else runs. */
export function readingOrder(blocks: readonly PlacedBlock[]): PlacedBlock[] {
  return [...blocks].sort((a, b) => a.y - b.y || a.x - b.x)
}
