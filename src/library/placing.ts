/**
 * Gives the state of a program its places in a context, as a transaction.
 *
 * Comes in: an expanded program. Goes out: places for all that outlives it, found again by id where they are known;
 * committed together with the function, or rolled back without a trace. A module of its own because whatever happens
 * between, a failed compilation must leave the context as it was.
 */
import type { BufferDeclaration, CoreProgram } from '../core/ast.ts'
import { type Expansion, RESULTS } from '../core/expand.ts'
import { cellKey, type Placement } from '../core/layout.ts'
import { misuse } from '../core/misuse.ts'
import type { Cell } from '../core/program.ts'
import type { DSPNodeContext } from './context.ts'
import type { Declaration } from './declaration.ts'
import type { CellMove, FunctionImage, PendingUpdate, StateReport } from './image.ts'
import type { LoweredProgram } from './lower.ts'
import { elementBytes, fillCell, Place, type StateCell } from './places.ts'
import { BufferSlot } from './slots.ts'

export interface PlacedState {
  readonly places: readonly Place[]
  readonly cells: readonly StateCell[]
  readonly persistent: FunctionImage['persistent']
  readonly updates: readonly PendingUpdate[]
  readonly fresh: ReadonlySet<string>
  readonly report: StateReport
}

export class Placing {
  private readonly context: DSPNodeContext
  private readonly taken: Place[] = []
  private readonly offsets = new Map<string, number>()
  private readonly directories = new Map<string, number>()
  private readonly cells = new Map<string, StateCell>()
  private readonly slots = new Map<string, BufferSlot>()
  private readonly moves: CellMove[] = []
  /** Ids inside a node whose declaration has been replaced: state never goes to another type of node. */
  private readonly changed = new Set<string>()
  private readonly names: string[]
  private persistent: Place | undefined

  constructor(context: DSPNodeContext) {
    this.context = context
    this.names = [...context.persistent.keys()]
  }

  /** Held by the transaction until its end. */
  place(bytes: number): Place {
    const place = new Place(this.context.memory, bytes).hold()
    this.taken.push(place)
    return place
  }

  giveBack(place: Place): void {
    this.taken.splice(this.taken.indexOf(place), 1)
    place.release()
  }

  placement(start: number): Placement {
    return { start, offsets: this.offsets, directories: this.directories }
  }

  placeState(declaration: Declaration, lowered: LoweredProgram, { program, calls }: Expansion): PlacedState {
    const persistent = this.placePersistent(lowered)
    for (const { id, type } of calls) {
      const before = this.context.nodes.get(id)
      if (type.stateful && before !== undefined && before !== type.name) this.changed.add(id)
    }
    for (const { id, stateKind, type, initial } of program.kept) {
      if (stateKind !== 'node') continue
      this.cell(cellKey('node', id), type === 'int' ? 'i32' : 'f64', 1, [initial])
    }
    const updates = [
      ...program.buffers.flatMap(buffer => this.placeBuffer(buffer, declaration, lowered)),
      ...this.pendingMoves(),
    ]
    const fresh = new Set(calls.filter(c => c.type.stateful && !this.context.nodes.has(c.id)).map(c => c.id))
    const report = this.report(program, lowered, updates)
    return {
      ...{ persistent, updates, fresh, report },
      places: [this.persistent!, ...[...this.cells.values()].map(cell => cell.place)],
      cells: [...this.cells.values()],
    }
  }

  private placePersistent({ persistent }: LoweredProgram): PlacedState['persistent'] {
    for (const name of persistent) if (!this.context.persistent.has(name)) this.names.push(name)
    // All of the context's, so that those of other programs are handed on.
    this.persistent = this.place(8 * this.names.length)
    const { offset } = this.persistent
    for (const [i, name] of this.names.entries()) this.offsets.set(cellKey('memory', name), offset + 8 * i)
    return { offset, names: [...this.names] }
  }

  private placeBuffer(
    buffer: BufferDeclaration,
    declaration: Declaration,
    { lengths }: LoweredProgram,
  ): PendingUpdate[] {
    const { name } = buffer
    const named = declaration.buffers.find(b => b.name === name)
    const isSlot = this.context.slots.has(name) || named !== undefined
    if (!isSlot) {
      const values = buffer.content.kind === 'values' ? buffer.content.values : []
      const element: Cell['element'] = buffer.type === 'int' ? 'i32' : buffer.single ? 'f32' : 'f64'
      this.cell(cellKey('table', buffer.id), element, buffer.length, values)
      return []
    }
    const slot = this.context.slots.get(name) ?? this.newSlot(name, named!)
    if (named && slot.isTable !== named.isTable) throw misuse('nameTaken', { name })
    this.directories.set(name, slot.entry)
    const length = slot.expectedLength ?? slot.length
    const wanted = lengths.get(name) ?? (named && !named.isTable ? named.length : length)
    if (wanted === length) return []
    return [{ kind: 'slot', slot, length: wanted, place: this.place(8 * wanted) }]
  }

  private newSlot(name: string, { isTable, length, initial }: Declaration['buffers'][number]): BufferSlot {
    const slot = new BufferSlot(this.context.memory, name, isTable, length)
    if (initial) slot.view().set(Float64Array.from(initial).subarray(0, length))
    this.slots.set(name, slot)
    return slot
  }

  /** Where it is already, if it has the form that is asked for. */
  private cell(key: string, element: Cell['element'], length: number, initial: readonly number[]): void {
    const known = this.known(key)
    const isSame = known && known.element === element && known.length === length
    const cell: StateCell = isSame
      ? known
      : { key, element, length, initial, place: this.place(length * elementBytes(element)) }
    if (!isSame) fillCell(this.context.memory, cell)
    if (known && !isSame) this.moves.push({ from: known, to: cell, done: false })
    this.cells.set(key, cell)
    this.offsets.set(key, cell.place.offset)
  }

  private known(key: string): StateCell | undefined {
    const id = idOf(key)
    return this.changed.has(id.slice(0, id.lastIndexOf('/'))) ? undefined : this.context.cells.get(key)
  }

  /** Those of earlier programs, which may never have been started, first. */
  private pendingMoves(): PendingUpdate[] {
    const earlier = [...this.context.moves].filter(move => !move.done && this.cells.has(move.to.key))
    return [...earlier, ...this.moves].map(move => ({ kind: 'cell', move }))
  }

  private report(
    program: CoreProgram,
    { persistent }: LoweredProgram,
    updates: readonly PendingUpdate[],
  ): StateReport {
    const { context } = this
    const used = [...this.cells.keys()].filter(key => key !== `table ${RESULTS}`)
    const resized = updates.map(update =>
      update.kind === 'slot'
        ? { id: update.slot.name, from: update.slot.length, to: update.length }
        : { id: idOf(update.move.to.key), from: update.move.from.length, to: update.move.to.length },
    )
    const changed = new Set(resized.map(({ id }) => id))
    const all = [
      ...used.map(key => ({ id: idOf(key), known: this.known(key) !== undefined })),
      ...program.buffers
        .filter(b => this.directories.has(b.name))
        .map(({ name }) => {
          return { id: name, known: context.slots.has(name) }
        }),
      ...persistent.map(id => ({ id, known: context.persistent.has(id) })),
    ]
    const ids = new Set(all.map(({ id }) => id))
    return {
      kept: all.filter(({ id, known }) => known && !changed.has(id)).map(({ id }) => id),
      resized,
      fresh: all.filter(({ known }) => !known).map(({ id }) => id),
      dropped: [...context.lastUsed].filter(id => !ids.has(id)),
    }
  }

  /** From here on nothing fails. */
  commit(image: FunctionImage, nodes: ReadonlyMap<string, string>): void {
    const { context } = this
    for (const [key, cell] of this.cells) {
      const known = context.cells.get(key)
      if (known === cell) continue
      cell.place.hold()
      known?.place.release()
      context.cells.set(key, cell)
    }
    for (const place of image.places) place.hold()
    for (const update of image.updates) if (update.kind === 'slot') update.place.hold()
    for (const place of this.taken) place.release()
    for (const move of this.moves) {
      move.from.place.hold()
      context.moves.add(move)
    }
    for (const [name, slot] of this.slots) context.slots.set(name, slot)
    for (const [i, name] of this.names.entries()) context.persistent.set(name, i)
    for (const { id, type } of image.calls)
      if (type.stateful) context.nodes.set(id, nodes.get(id) ?? type.name)
    context.lastUsed = new Set([
      ...image.report.kept,
      ...image.report.fresh,
      ...image.report.resized.map(r => r.id),
    ])
    context.generation++
  }

  rollBack(): void {
    for (const place of this.taken) place.release()
    for (const slot of this.slots.values()) slot.free()
  }
}

/** Without the kind. */
const idOf = (key: string): string => key.slice(key.indexOf(' ') + 1)
