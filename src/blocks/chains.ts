/**
 * Chains: blocks that are connected, directly or through others, moved and split as one.
 *
 * Comes in: a program and a place. Goes out: a new program. Apart from the edits of single blocks because here
 * what is connected decides what moves.
 */
import { areaOf, blockAt, innerAreas, placeBlock, withBlocks } from './edit.ts'
import { type GridPlace, refuseBlock } from './error.ts'
import { Grid, portRows } from './grid.ts'
import type { Area, BlockLanguage, BlockProgram, PlacedBlock } from './types.ts'

type Direction = 'left' | 'right'

/** Ids of all blocks that are connected with the one at this place, itself included. */
export function chainAt(program: BlockProgram, place: GridPlace): ReadonlySet<number> {
  const area = areaOf(program, place.area)
  return connected(area, [blockAt(program, place)], ['left', 'right'])
}

function connected(
  area: Area,
  start: readonly PlacedBlock[],
  directions: readonly Direction[],
): ReadonlySet<number> {
  const grid = new Grid(area)
  const found = new Set<number>()
  const pending = [...start]
  for (let placed = pending.pop(); placed; placed = pending.pop()) {
    if (found.has(placed.block.id)) continue
    found.add(placed.block.id)
    if (directions.includes('left')) {
      for (const row of portRows(placed.block.inputs)) push(grid.source({ placed, row })?.placed)
    }
    if (directions.includes('right')) {
      for (const row of portRows(placed.block.outputs)) push(grid.target({ placed, row })?.placed)
    }
  }
  return found

  function push(next: PlacedBlock | undefined): void {
    if (next) pending.push(next)
  }
}

/** Nearby places, nearest first: the place itself, then up and down by 1 … 10. */
const OFFSETS = [0, ...Array.from({ length: 10 }, (_, i) => [-(i + 1), i + 1]).flat()]

/**
 * Moves the chain at `from` so that its block there comes to `to`, or to the nearest row above or below (up to
 * ten) at which all of it fits.
 */
export function moveChain(program: BlockProgram, from: GridPlace, to: GridPlace): BlockProgram {
  const anchor = blockAt(program, from)
  const ids = chainAt(program, from)
  const source = areaOf(program, from.area)
  const moving = source.blocks.filter(p => ids.has(p.block.id))
  for (const { block } of moving) {
    if (innerAreas(program, block).has(to.area)) refuseBlock('blockCircle', to, { type: block.type })
  }
  const without = withBlocks(program, from.area, blocks => blocks.filter(p => !ids.has(p.block.id)))
  const grid = new Grid(areaOf(without, to.area))
  for (const offset of OFFSETS) {
    const placed = moving.map(p => ({
      ...p,
      x: p.x - anchor.x + to.x,
      y: p.y - anchor.y + to.y + offset,
    }))
    if (placed.every(p => grid.isFree(p.x, p.y, p.block.rows))) {
      return withBlocks(without, to.area, blocks => [...blocks, ...placed])
    }
  }
  return refuseBlock('blockNoSpace', to, { rows: Math.max(...moving.map(p => p.block.rows)) })
}

/**
 * Makes room behind the block at a place: all that it feeds, directly or not, and all that is in the way, moves
 * one column to the right. With `filler`, blocks of this type reconnect what was connected.
 */
export function splitChainAfter(
  program: BlockProgram,
  language: BlockLanguage,
  place: GridPlace,
  filler?: string,
): BlockProgram {
  const anchor = blockAt(program, place)
  const area = areaOf(program, place.area)
  const grid = new Grid(area)
  const links = portRows(anchor.block.outputs).filter(row => grid.target({ placed: anchor, row }))
  const targets = links.map(row => grid.target({ placed: anchor, row })!.placed)
  const ids = pushed(area, connected(area, targets, ['right']))
  let result = withBlocks(program, place.area, blocks =>
    blocks.map(p => (ids.has(p.block.id) ? { ...p, x: p.x + 1 } : p)),
  )
  if (filler === undefined) return result
  for (const row of links) {
    const at = { area: place.area, x: anchor.x + 1, y: anchor.y + row }
    result = placeBlock(result, language, at, filler)
  }
  return result
}

/** Adds what stands where the moving blocks go, until nothing does. */
function pushed(area: Area, start: ReadonlySet<number>): ReadonlySet<number> {
  const grid = new Grid(area)
  const ids = new Set(start)
  const pending = area.blocks.filter(p => ids.has(p.block.id))
  for (let placed = pending.pop(); placed; placed = pending.pop()) {
    for (let row = 0; row < placed.block.rows; row++) {
      const other = grid.at(placed.x + 1, placed.y + row)
      if (!other || ids.has(other.block.id)) continue
      ids.add(other.block.id)
      pending.push(other)
    }
  }
  return ids
}
