/**
 * Decides where every piece of a program's memory lives.
 *
 * Comes in: a Core program and the values that `init` saves for later sections. Goes out: byte offsets, by
 * stable id for the runtime (`Layout`) and by name for code generation (`MemoryPlan`). A stage of its own so
 * that code generation and the migration of running state agree on one map.
 *
 * Order: channel pointers, position counter, controls, kept variables, buffers, what only `init` uses
 * (originals of written tables, buffers of generators), saved constants. What depends on `saved` comes last,
 * so that offsets of the rest are known before the init section is translated.
 *
 * With a `Placement`, state lives where the host has put it, so that several programs share it, and only the rest is
 * placed here.
 */
import type { BufferDeclaration, CoreProgram, KeptVariable } from './ast.ts'
import type { NumberType } from './primitives.ts'
import type { Cell, Layout, Precision } from './program.ts'
import { buffersOf, sectionsOf, sometimesWritten, writtenBuffers } from './traverse.ts'

/** A value of the init section that the control or sample section reads. */
export interface SavedValue {
  readonly name: string
  readonly type: NumberType
}

export interface BufferPlace {
  readonly declaration: BufferDeclaration
  readonly offset: number
  /** For a delay line the length is rounded up to a power of two, so that a mask keeps positions inside. */
  readonly bytes: number
  /** Element size in bytes = 2 ^ shift. */
  readonly shift: 2 | 3
  /** Some section writes it after `init` has filled it. */
  readonly written: boolean
  /** Where the original values of a written table are kept for the next `init`. */
  readonly original: number | undefined
  /** The host may move it: address in bytes and length in elements, both i32, stand here. `offset` is 0. */
  readonly directory: number | undefined
}

/**
 * State in memory that the host manages. `init` then leaves state, buffers and controls alone: the host fills them.
 */
export interface Placement {
  /** First byte of what the program has for itself; 8-byte aligned. */
  readonly start: number
  /** Byte offsets of kept variables, buffers and controls, by `cellKey`. What is not there is the program's own. */
  readonly offsets: ReadonlyMap<string, number>
  /** Offsets of directory entries of buffers that may move, by name of the buffer. */
  readonly directories: ReadonlyMap<string, number>
}

export const cellKey = (kind: Cell['kind'], id: string): string => `${kind} ${id}`

export type BufferPlaces = ReadonlyMap<string, BufferPlace>

export interface MemoryPlan {
  readonly layout: Layout
  /** Cell of the frame counter that all delay lines share; undefined without delay lines. */
  readonly position: number | undefined
  readonly controls: ReadonlyMap<string, number>
  readonly kept: ReadonlyMap<string, number>
  readonly constants: ReadonlyMap<string, number>
  /** Of the program itself and of each generator inside it. */
  readonly buffers: ReadonlyMap<CoreProgram, BufferPlaces>
}

/** A program that needs more is refused. */
export const MAX_MEMORY_BYTES = 2 ** 30
/** Inputs and outputs together; each takes several local variables, of which engines allow 50,000 a function. */
export const MAX_CHANNELS = 10_000

/**
 * Space between large delay lines, in bytes. All lines are written at the same position of their rings; were
 * the rings a multiple of 4096 bytes apart, these writes would share one set of the processor's cache, and
 * twelve lines take three times as long (25 against 8 ns a frame). 5 cache lines do not divide 4096.
 */
const STAGGER = 5 * 64

/**
 * Elements by which a delay line is longer than it is read, so that a piece of a block may be written before the past
 * of its first frame is read; and bytes behind it for a copy of its start, so that vectors may be read across its end.
 */
const DELAY_SLACK = 64
const DELAY_GUARD = 16

/** Delay lines that would need more than this with slack have none: it can double what a line takes. */
const MAX_SLACK_BYTES = MAX_MEMORY_BYTES / 2

/** Whether delay lines are longer than they are read, so that frames can be computed in pieces. */
export function hasSlack(program: CoreProgram, precision: Precision, placement?: Placement): boolean {
  if (placement) return false
  let bytes = 0
  for (const { shape, length } of buffersOf(program)) {
    if (shape === 'delay') bytes += powerOfTwo(length + DELAY_SLACK) * (precision === 'double' ? 8 : 4)
  }
  return bytes <= MAX_SLACK_BYTES
}

/** Id of the counter; it grows by one a frame and wraps. The newest element of a delay line is one below it. */
export const POSITION_ID = '$position'

const align = (bytes: number) => Math.ceil(bytes / 8) * 8

export function layOut(
  program: CoreProgram,
  precision: Precision,
  saved: readonly SavedValue[] = [],
): Layout {
  return planMemory(program, precision, saved).layout
}

/** Plans without saved values, of programs that place their own state. */
const known = {
  single: new WeakMap<CoreProgram, MemoryPlan>(),
  double: new WeakMap<CoreProgram, MemoryPlan>(),
}

export function planMemory(
  program: CoreProgram,
  precision: Precision,
  saved: readonly SavedValue[] = [],
  placement?: Placement,
): MemoryPlan {
  const found = placement ? undefined : known[precision].get(program)
  const plan = found ?? planState(program, precision, placement)
  if (!placement) known[precision].set(program, plan)
  return saved.length === 0
    ? plan
    : withSaved(plan, new Area(precision, placement, false, plan.layout), saved)
}

function withSaved(plan: MemoryPlan, area: Area, saved: readonly SavedValue[]): MemoryPlan {
  const constants = new Map(saved.map(v => [v.name, area.cell(v.name, 'constant', v.type, 1)]))
  return { ...plan, constants, layout: { ...plan.layout, cells: area.cells, end: area.end } }
}

function planState(program: CoreProgram, precision: Precision, placement?: Placement): MemoryPlan {
  const area = new Area(precision, placement, hasSlack(program, precision, placement))
  const inputPointers = area.reserve(4 * program.inputs.length)
  const outputPointers = area.reserve(4 * program.outputs.length)
  const buffers = buffersOf(program)
  const position = buffers.some(b => b.shape === 'delay')
    ? area.cell(POSITION_ID, 'counter', 'int', 1)
    : undefined
  const controls = new Map(
    program.controls.map(c => [
      c.name,
      area.cell(c.id, c.direction === 'in' ? 'control' : 'bargraph', 'real', 1),
    ]),
  )
  const kept = new Map(program.kept.map(v => [v.name, area.cell(v.id, v.stateKind, v.type, 1, found(v))]))
  const places = placeBuffers(program, buffers, area, true)
  const nested = placeGenerators(buffers, area)
  const layout = { cells: area.cells, inputPointers, outputPointers, end: area.end }
  const all = new Map([[program, places], ...nested])
  return { layout, position, controls, kept, constants: new Map(), buffers: all }
}

/** Hands out memory from 0 upwards, or behind a layout, 8-byte aligned. */
class Area {
  end: number
  readonly cells: Cell[]
  readonly placement: Placement | undefined
  readonly slack: number
  private readonly precision: Precision

  constructor(
    precision: Precision,
    placement: Placement | undefined,
    hasSlack: boolean,
    { cells, end }: Pick<Layout, 'cells' | 'end'> = { cells: [], end: placement?.start ?? 0 },
  ) {
    this.precision = precision
    this.placement = placement
    this.slack = hasSlack ? DELAY_SLACK : 0
    this.end = end
    this.cells = [...cells]
  }

  element(type: NumberType, single = false): Cell['element'] {
    if (type === 'int') return 'i32'
    return this.precision === 'double' && !single ? 'f64' : 'f32'
  }

  reserve(bytes: number): number {
    const offset = this.end
    this.end = align(offset + bytes)
    return offset
  }

  cell(id: string, kind: Cell['kind'], type: NumberType, length: number, more: Partial<Cell> = {}): number {
    const element = more.element ?? this.element(type)
    const bytes = length * (element === 'f64' ? 8 : 4)
    const offset = this.placement?.offsets.get(cellKey(kind, id)) ?? this.reserve(bytes)
    this.cells.push({ id, kind, element, offset, bytes, ...more })
    return offset
  }
}

/** Only buffers that live on while sound is made are state with an identity. */
function placeBuffers(
  program: CoreProgram,
  buffers: readonly BufferDeclaration[],
  area: Area,
  isState: boolean,
): BufferPlaces {
  const written = writtenBuffers(sectionsOf(program))
  const resting = sometimesWritten(sectionsOf(program))
  const places = new Map<string, BufferPlace>()
  for (const declaration of buffers) {
    const { name, id, shape, type, content, single } = declaration
    const directory = isState ? area.placement?.directories.get(name) : undefined
    const element = area.element(type, single)
    const shift = element === 'f64' ? 3 : 2
    // Of a line that rests one hears how long it is: what was not written over comes round again.
    const slack = resting.has(name) ? 0 : area.slack
    const length = shape === 'delay' ? powerOfTwo(declaration.length + slack) : declaration.length
    const bytes = length * 2 ** shift
    const isWritten = declaration.open === true || written.has(name)
    if (directory !== undefined) {
      places.set(name, {
        declaration,
        offset: 0,
        bytes,
        shift,
        written: true,
        original: undefined,
        directory,
      })
      continue
    }
    const more = { ...found(declaration), ...traitsOf(declaration, isWritten), element }
    const offset = isState ? area.cell(id, shape, type, length, more) : area.reserve(bytes)
    if (shape === 'delay') area.reserve(bytes >= STAGGER ? STAGGER : DELAY_GUARD)
    const isCopied = content.kind === 'values' && isWritten && !(isState && area.placement)
    const original = isCopied ? area.reserve(bytes) : undefined
    places.set(name, { declaration, offset, bytes, shift, written: isWritten, original, directory })
  }
  return places
}

function traitsOf({ shape, length }: BufferDeclaration, isWritten: boolean): Partial<Cell> {
  if (shape === 'delay') return { length }
  return isWritten ? {} : { fixed: true }
}

/** What helps to find state again; absent for programs that name their state themselves. */
function found({ origins, range, age, node }: Partial<KeptVariable>): Partial<Cell> {
  return {
    ...(origins && { origins }),
    ...(node !== undefined && { node }),
    ...(age !== undefined && { age }),
    ...(range && { range }),
  }
}

/** Generators run inside `init` only, but need buffers of their own while they do. */
function placeGenerators(buffers: readonly BufferDeclaration[], area: Area): Map<CoreProgram, BufferPlaces> {
  const places = new Map<CoreProgram, BufferPlaces>()
  const pending = [...buffers]
  for (let buffer = pending.pop(); buffer; buffer = pending.pop()) {
    if (buffer.content.kind !== 'generator' || places.has(buffer.content.program)) continue
    const { program } = buffer.content
    const inner = buffersOf(program)
    places.set(program, placeBuffers(program, inner, area, false))
    pending.push(...inner)
  }
  return places
}

export function powerOfTwo(atLeast: number): number {
  let size = 1
  while (size < atLeast) size *= 2
  return size
}

/** What is wrong with a layout; nothing, unless there is a fault of ours. */
export function verifyLayout(layout: Layout): string[] {
  const faults: string[] = []
  const seen = new Set<string>()
  let end = 0
  let last = 'the start'
  for (const cell of [...layout.cells].sort((a, b) => a.offset - b.offset)) {
    const name = `${cell.kind} ${cell.id}`
    if (seen.has(name)) faults.push(`${name}: two cells of this id`)
    seen.add(name)
    if (cell.offset % 8 !== 0) faults.push(`${name}: offset ${cell.offset} is not aligned`)
    if (cell.bytes < 4) faults.push(`${name}: ${cell.bytes} bytes`)
    if (cell.offset < end) faults.push(`${name}: overlaps ${last}`)
    end = cell.offset + cell.bytes
    last = name
  }
  if (end > layout.end) faults.push(`${last}: ends after the end ${layout.end}`)
  return faults
}
