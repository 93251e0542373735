/**
 * Block programs as JSON, snapshots of version 1: read with every field checked, and written.
 *
 * Comes in: text. Goes out: a program in which ids are unique, no two blocks overlap and each area is contained
 * at most once, so that what follows may trust it. Places of faults are paths such as `areas[0].blocks[2].x`.
 */
import { refuseBlock } from './error.ts'
import { Grid } from './grid.ts'
import type { Area, Block, BlockProgram, PlacedBlock, Ports } from './types.ts'

const VERSION = 1
/** Larger grids are no drawings. */
const MAX_COORDINATE = 1023

type Json = unknown
type JsonObject = Readonly<Record<string, Json>>

function fault(path: string, expected: string): never {
  return refuseBlock('blockProgramInvalid', undefined, { path, expected })
}

export function parseBlocks(text: string): BlockProgram {
  let json: Json
  try {
    json = JSON.parse(text)
  } catch {
    return fault('the file', 'JSON')
  }
  const root = object(json, 'the file')
  if (root.VERSION !== VERSION) fault('VERSION', `the number ${VERSION}`)
  const areas = list(root.areas, 'areas').map((area, i) => parseArea(area, `areas[${i}]`))
  if (areas.length === 0) fault('areas', 'at least one area')
  checkIds(areas)
  checkContainment(areas)
  const counter = whole(root.current_block_id_counter ?? 0, 'current_block_id_counter', 0, 2 ** 53)
  const highest = areas.flatMap(a => a.blocks).reduce((most, p) => Math.max(most, p.block.id), 0)
  return { areas, nextId: Math.max(counter, highest) + 1 }
}

/** One line a block, so that a changed program is a readable difference. */
export function printBlocks(program: BlockProgram): string {
  const areas = program.areas.map(area => {
    const { size, header, autoShrink, blocks } = area
    const head = JSON.stringify({ size, header, auto_shrink: autoShrink }).slice(0, -1)
    const lines = blocks.map(placed => `\n    ${JSON.stringify(snapshotOf(placed))}`)
    return `\n  ${head},"blocks":[${lines.join(',')}]}`
  })
  const counter = program.nextId - 1
  return `{"VERSION":${VERSION},"current_block_id_counter":${counter},"areas":[${areas.join(',')}\n]}\n`
}

function snapshotOf({ x, y, block }: PlacedBlock) {
  const { id, rows, expanded, color, inputs, outputs } = block
  const contains = [block.contains[0] ?? null, block.contains[1] ?? null]
  const { type: typ, label: lbl } = block
  return { x, y, block: { id, typ, lbl, rows, inputs, outputs, contains, expanded, color } }
}

function parseArea(json: Json, path: string): Area {
  const area = object(json, path)
  const size = list(area.size, `${path}.size`)
  const side = (i: number) => whole(size[i], `${path}.size[${i}]`, 0, MAX_COORDINATE + 1)
  const blocks = list(area.blocks, `${path}.blocks`).map((b, i) => parsePlaced(b, `${path}.blocks[${i}]`))
  return {
    size: [side(0), side(1)],
    header: string(area.header ?? '', `${path}.header`),
    autoShrink: boolean(area.auto_shrink ?? false, `${path}.auto_shrink`),
    blocks,
  }
}

function parsePlaced(json: Json, path: string): PlacedBlock {
  const placed = object(json, path)
  const x = whole(placed.x, `${path}.x`, 0, MAX_COORDINATE)
  const y = whole(placed.y, `${path}.y`, 0, MAX_COORDINATE)
  return { x, y, block: parseBlock(placed.block, `${path}.block`) }
}

function parseBlock(json: Json, path: string): Block {
  const block = object(json, path)
  const rows = whole(block.rows, `${path}.rows`, 1, MAX_COORDINATE)
  const contains = [...list(block.contains ?? [], `${path}.contains`)]
  if (contains.length > 2) fault(`${path}.contains`, 'at most two areas')
  while (contains.at(-1) === null) contains.pop()
  return {
    id: whole(block.id, `${path}.id`, 1, 2 ** 53),
    type: string(block.typ, `${path}.typ`),
    label: string(block.lbl ?? '', `${path}.lbl`),
    rows,
    inputs: ports(block.inputs, rows, `${path}.inputs`),
    outputs: ports(block.outputs, rows, `${path}.outputs`),
    contains: contains.map((area, i) =>
      area === null ? null : whole(area, `${path}.contains[${i}]`, 1, 2 ** 31),
    ),
    expanded: boolean(block.expanded ?? true, `${path}.expanded`),
    color: whole(block.color ?? 0, `${path}.color`, 0, 2 ** 31),
  }
}

function ports(json: Json, rows: number, path: string): Ports {
  const names = list(json ?? [], path)
  if (names.length > rows) fault(path, `at most ${rows} ports, one a row`)
  return Array.from({ length: rows }, (_, row) => {
    const name = names[row] ?? null
    return name === null ? null : string(name, `${path}[${row}]`)
  })
}

function checkIds(areas: readonly Area[]): void {
  const ids = new Set<number>()
  areas.forEach((area, number) => {
    const grid = new Grid(area)
    for (const { x, y, block } of area.blocks) {
      const place = { area: number, x, y }
      if (ids.has(block.id)) refuseBlock('blockIdTwice', place, { id: block.id })
      ids.add(block.id)
      // Of two blocks on one cell the later owns it in the grid.
      if (!grid.isFree(x, y, block.rows, new Set([block.id]))) refuseBlock('blockOverlap', place, {})
    }
  })
}

/** Each area in at most one block, none inside itself, area 0 in none. */
function checkContainment(areas: readonly Area[]): void {
  const owner = new Map<number, number>()
  areas.forEach((area, number) => {
    for (const { x, y, block } of area.blocks) {
      for (const inner of block.contains) {
        if (inner === null) continue
        const place = { area: number, x, y }
        if (inner >= areas.length) refuseBlock('blockAreaUnknown', place, { area: inner })
        if (owner.has(inner)) refuseBlock('blockCircle', place, { type: block.type })
        owner.set(inner, number)
      }
    }
  })
  // Owners are unique, so a walk outwards that does not end at area 0 or at an unused area runs in a circle.
  const fine = new Set<number>()
  for (const start of owner.keys()) {
    const path = new Set<number>()
    for (let at: number | undefined = start; at !== undefined && !fine.has(at); at = owner.get(at)) {
      if (path.has(at)) fault(`areas[${at}]`, 'an area that is not inside itself')
      path.add(at)
    }
    for (const at of path) fine.add(at)
  }
}

function object(json: Json, path: string): JsonObject {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) return fault(path, 'an object')
  return json as JsonObject
}

function list(json: Json, path: string): readonly Json[] {
  return Array.isArray(json) ? json : fault(path, 'a list')
}

function string(json: Json, path: string): string {
  return typeof json === 'string' ? json : fault(path, 'a text')
}

function boolean(json: Json, path: string): boolean {
  return typeof json === 'boolean' ? json : fault(path, 'true or false')
}

function whole(json: Json, path: string, least: number, most: number): number {
  if (typeof json === 'number' && Number.isInteger(json) && json >= least && json <= most) return json
  return fault(path, `a whole number from ${least} to ${most}`)
}
