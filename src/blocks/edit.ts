/**
 * Editing block programs.
 *
 * Comes in: a program and what a user does to it. Goes out: a new program; the old one stays as it was, so that
 * undo is keeping it. Refuses with a BlockError what would put two blocks on one cell or an area inside itself.
 * Ids of blocks stay when they move, because state follows them.
 */
import type { GridPlace } from './error.ts'
import { refuseBlock } from './error.ts'
import { Grid } from './grid.ts'
import type { Area, Block, BlockLanguage, BlockProgram, PlacedBlock, Ports } from './types.ts'

const ROOT_SIZE = 16
const INNER_SIZE = 4

export function emptyBlockProgram(): BlockProgram {
  const root: Area = { size: [ROOT_SIZE, ROOT_SIZE], header: '', autoShrink: false, blocks: [] }
  return { areas: [root], nextId: 1 }
}

/** Puts a new block of a type at a place, with the areas that its type contains. */
export function placeBlock(
  program: BlockProgram,
  language: BlockLanguage,
  place: GridPlace,
  typeName: string,
  label = '',
): BlockProgram {
  const type = language.types.get(typeName)
  if (!type) return refuseBlock('blockTypeUnknown', place, { type: typeName })
  requireSpace(program, place, type.rows)
  const first = program.areas.length
  const inner = type.areas.map(
    (header): Area => ({ size: [INNER_SIZE, INNER_SIZE], header, autoShrink: true, blocks: [] }),
  )
  const block: Block = {
    id: program.nextId,
    type: type.name,
    label,
    rows: type.rows,
    inputs: padded(type.inputs, type.rows),
    outputs: padded(type.outputs, type.rows),
    contains: inner.map((_, i) => first + i),
    expanded: true,
    color: type.color,
  }
  const grown = { areas: [...program.areas, ...inner], nextId: program.nextId + 1 }
  return withBlocks(grown, place.area, blocks => [...blocks, { x: place.x, y: place.y, block }])
}

function padded(ports: Ports, rows: number): Ports {
  return Array.from({ length: rows }, (_, row) => ports[row] ?? null)
}

/** Areas inside it become empty; their numbers stay, because other blocks refer to areas by number. */
export function removeBlock(program: BlockProgram, place: GridPlace): BlockProgram {
  const { block } = blockAt(program, place)
  const doomed = innerAreas(program, block)
  const emptied: BlockProgram = {
    ...program,
    areas: program.areas.map((area, i) => (doomed.has(i) ? { ...area, blocks: [] } : area)),
  }
  return withBlocks(emptied, place.area, blocks => blocks.filter(p => p.block.id !== block.id))
}

export function moveBlock(program: BlockProgram, from: GridPlace, to: GridPlace): BlockProgram {
  const { block } = blockAt(program, from)
  refuseCircle(program, block, to)
  const without = withBlocks(program, from.area, blocks => blocks.filter(p => p.block.id !== block.id))
  requireSpace(without, to, block.rows)
  return withBlocks(without, to.area, blocks => [...blocks, { x: to.x, y: to.y, block }])
}

/** The copy and all blocks in its areas get new ids, so it starts with state of its own. */
export function cloneBlock(program: BlockProgram, from: GridPlace, to: GridPlace): BlockProgram {
  const { block } = blockAt(program, from)
  refuseCircle(program, block, to)
  requireSpace(program, to, block.rows)
  const copied = copyBlock(program, block)
  return withBlocks(copied.program, to.area, blocks => [...blocks, { x: to.x, y: to.y, block: copied.block }])
}

function copyBlock(program: BlockProgram, block: Block): { program: BlockProgram; block: Block } {
  const id = program.nextId
  let current: BlockProgram = { ...program, nextId: id + 1 }
  const contains = block.contains.map(number => {
    if (number === null) return null
    const source = current.areas[number]!
    const blocks: PlacedBlock[] = []
    for (const placed of source.blocks) {
      const copied = copyBlock(current, placed.block)
      current = copied.program
      blocks.push({ ...placed, block: copied.block })
    }
    current = { ...current, areas: [...current.areas, { ...source, blocks }] }
    return current.areas.length - 1
  })
  return { program: current, block: { ...block, id, contains } }
}

export function setLabel(program: BlockProgram, place: GridPlace, label: string): BlockProgram {
  const { block } = blockAt(program, place)
  return withBlocks(program, place.area, blocks =>
    blocks.map(p => (p.block.id === block.id ? { ...p, block: { ...p.block, label } } : p)),
  )
}

/** Moves the port in this row of the block one row down, the last to the top: how signals are routed. */
export function shiftPort(
  program: BlockProgram,
  place: GridPlace,
  row: number,
  side: 'inputs' | 'outputs',
): BlockProgram {
  const { block } = blockAt(program, place)
  const ports = [...block[side]]
  const next = (row + 1) % block.rows
  const moved = ports[row] ?? null
  ports[row] = ports[next] ?? null
  ports[next] = moved
  return withBlocks(program, place.area, blocks =>
    blocks.map(p => (p.block.id === block.id ? { ...p, block: { ...p.block, [side]: ports } } : p)),
  )
}

/** Shrinks or grows areas that do so by themselves to what lies in them; others only grow. */
export function fitAreas(program: BlockProgram): BlockProgram {
  const areas = program.areas.map((area): Area => {
    const width = Math.max(1, ...area.blocks.map(p => p.x + 1))
    const height = Math.max(1, ...area.blocks.map(p => p.y + p.block.rows))
    const [oldWidth, oldHeight] = area.size
    const size = area.autoShrink
      ? ([width, height] as const)
      : ([Math.max(width, oldWidth), Math.max(height, oldHeight)] as const)
    return { ...area, size }
  })
  return { ...program, areas }
}

export function areaOf(program: BlockProgram, number: number): Area {
  return program.areas[number] ?? refuseBlock('blockAreaUnknown', undefined, { area: number })
}

/** The block that covers this cell. */
export function blockAt(program: BlockProgram, place: GridPlace): PlacedBlock {
  const grid = new Grid(areaOf(program, place.area))
  return grid.at(place.x, place.y) ?? refuseBlock('blockMissing', place, {})
}

/** A program with other blocks in one area. */
export function withBlocks(
  program: BlockProgram,
  number: number,
  change: (blocks: readonly PlacedBlock[]) => readonly PlacedBlock[],
): BlockProgram {
  const area = areaOf(program, number)
  const areas = program.areas.map(other =>
    other === area ? { ...area, blocks: change(area.blocks) } : other,
  )
  return { ...program, areas }
}

function requireSpace(program: BlockProgram, place: GridPlace, rows: number): void {
  const grid = new Grid(areaOf(program, place.area))
  if (!grid.isFree(place.x, place.y, rows)) refuseBlock('blockNoSpace', place, { rows })
}

/** Numbers of all areas inside a block, however deep. */
export function innerAreas(program: BlockProgram, block: Block): ReadonlySet<number> {
  const found = new Set<number>()
  const pending = [block]
  for (let next = pending.pop(); next; next = pending.pop()) {
    for (const number of next.contains) {
      if (number === null || found.has(number)) continue
      found.add(number)
      pending.push(...(program.areas[number]?.blocks.map(p => p.block) ?? []))
    }
  }
  return found
}

function refuseCircle(program: BlockProgram, block: Block, to: GridPlace): void {
  if (innerAreas(program, block).has(to.area)) refuseBlock('blockCircle', to, { type: block.type })
}
