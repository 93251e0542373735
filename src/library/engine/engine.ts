/**
 * The engine: compiles on one side, and has the other side run it.
 *
 * Comes in: programs, buffers and tables from a user or an editor. Goes out: orders for the audio side, and news of
 * what has become of them. A module of its own because everything here may take its time: it runs where sound is not
 * made. Both sides share the memory of one context, so state survives an upload where it is.
 */
import { literal } from '../../core/build.ts'
import { type LibraryError, misuse } from '../../core/misuse.ts'
import type { NodeLibrary } from '../../core/node-library.ts'
import { standardLibrary } from '../../core/nodes/index.ts'
import { Callbacks } from '../callbacks.ts'
import { type Atom, type ContextOptions, DSPNodeContext } from '../context.ts'
import type { ProgramLike } from '../declaration.ts'
import type { DSPFunction } from '../function.ts'
import type { FunctionImage, StateReport } from '../image.ts'
import { JIT } from '../jit.ts'
import { Place } from '../places.ts'
import type { BufferSlot } from '../slots.ts'
import type { HostFunctions } from './audio-function.ts'
import { type BackendLink, CodeEngineBackend } from './backend.ts'
import { hostFunctions } from './host-functions.ts'
import { type FunctionOrder, orderOf, RETURN, UPDATE } from './order.ts'
import { MESSAGE_WORDS, Ring } from './ring.ts'

export interface EngineOptions extends ContextOptions {
  /** Default: all nodes. */
  readonly library?: NodeLibrary
}

/** What `upload`, `sendBuffer`, `sendTable` and `reset` give. */
export interface Update {
  /** Counts all updates of an engine. */
  readonly number: number
  /** The audio side has done it; seen by `queryReturns`. */
  readonly applied: boolean
}

export interface Upload extends Update {
  /** State that the program shares with the one before, new state, and state that it does not use. */
  readonly report: StateReport
  /** A node of TypeScript has thrown. */
  readonly failure: LibraryError | undefined
}

interface Pending {
  readonly update: { applied: boolean; failure?: LibraryError | undefined }
  readonly finish: () => void
}

/** Where the audio side is. */
interface Connection {
  readonly updates: Ring
  readonly returns: Ring
  readonly deliver: (order: FunctionOrder, host: HostFunctions | undefined) => void
  readonly canCallBack: boolean
}

interface Running {
  readonly compiled: DSPFunction
  readonly update: { failure?: LibraryError | undefined }
  readonly callbacks: Callbacks
}

export class CodeEngine {
  readonly context: DSPNodeContext
  readonly library: NodeLibrary
  private readonly options: EngineOptions
  private connection: Connection | undefined
  private readonly pending = new Map<number, Pending>()
  private readonly running = new Map<number, Running>()
  private readonly message = new Int32Array(MESSAGE_WORDS)
  private last: { readonly number: number; readonly image: FunctionImage } | undefined
  private count = 0
  private debugText = ''

  constructor(options: EngineOptions = {}) {
    this.options = options
    this.library = options.library ?? standardLibrary()
    this.context = new DSPNodeContext(options)
  }

  /** An engine with the same library and a fresh context: no state, no audio side. */
  clone(): CodeEngine {
    return new CodeEngine({ ...this.options, library: this.library })
  }

  setDebug(enabled: boolean): void {
    this.context.setDebug(enabled)
  }

  /** AST and kernel of the last upload with debugging on; empty before. */
  getDebugInfo(): string {
    return this.debugText
  }

  atom(index: number): Atom | undefined {
    return this.context.atom(index)
  }

  /** 0 for an atom that is not there. */
  atomGet(index: number): number {
    return this.atom(index)?.get() ?? 0
  }

  /** Nothing happens for an atom that is not there. */
  atomSet(index: number, value: number): void {
    this.atom(index)?.set(value)
  }

  /**
   * Makes the audio side in this thread. An audio side made earlier gets no more updates; it can run on, and shares
   * the state. Starts with a program that is silent.
   */
  getBackend(): CodeEngineBackend {
    const { updates, returns } = this.disconnect()
    const link = { memory: this.context.memory.memory, updates: updates.buffer, returns: returns.buffer }
    const backend = new CodeEngineBackend(link, sampleRate => {
      this.context.sampleRate = sampleRate
    })
    const deliver: Connection['deliver'] = (order, host) => backend.prepare(order, host)
    this.connection = { updates, returns, deliver, canCallBack: true }
    this.upload(literal(0))
    backend.processUpdates()
    this.queryReturns()
    return backend
  }

  /**
   * For an audio side in another thread, which makes a `CodeEngineBackend` of it. Needs an engine with the option
   * `shared`.
   */
  getBackendLink(): BackendLink & { readonly port: MessagePort } {
    if (!this.context.memory.isShared) throw misuse('engineNotShared', {})
    const { updates, returns } = this.disconnect()
    const { port1, port2 } = new MessageChannel()
    const deliver: Connection['deliver'] = order => port1.postMessage(order)
    this.connection = { updates, returns, deliver, canCallBack: false }
    ;(port1 as { unref?: () => void }).unref?.()
    const { memory } = this.context.memory
    return { memory, updates: updates.buffer, returns: returns.buffer, port: port2 }
  }

  private disconnect(): { updates: Ring; returns: Ring } {
    this.context.checkAlive()
    this.pending.clear()
    this.last = undefined
    return { updates: new Ring(), returns: new Ring() }
  }

  /**
   * Compiles, and has the program run from the next `processUpdates` on. Throws a `LibraryError`, and nothing has
   * happened, if it does not compile or the ring is full.
   */
  upload(program: ProgramLike): Upload {
    const connection = this.ready()
    const compiled = new JIT(this.library, this.context).compile(program)
    const { image } = compiled
    const number = this.count + 1
    const order = orderOf(number, image, this.last?.image)
    if (order.hasCallbacks && !connection.canCallBack) {
      compiled.free()
      throw misuse('callbackInThread', {})
    }
    this.count = number
    if (this.context.debugEnabled()) this.debugText = compiled.debugInfo()
    const update = { number, applied: false, report: image.report, failure: undefined }
    const callbacks = new Callbacks(this.context, image)
    this.running.set(number, { compiled, update, callbacks })
    this.expect(image)
    const before = this.last?.number
    this.pending.set(number, { update, finish: () => this.finished(image, before) })
    this.last = { number, image }
    connection.deliver(order, order.hasCallbacks ? hostFunctions(callbacks, image) : undefined)
    connection.updates.push(UPDATE.run, number, 0, 0)
    return update
  }

  /** Compilations until the audio side answers start from what it was asked for. */
  private expect({ updates }: FunctionImage): void {
    for (const update of updates) {
      if (update.kind === 'slot') {
        update.slot.expectedLength = update.length
      } else if (!update.move.done) {
        update.move.done = true
        this.context.moves.delete(update.move)
      }
    }
  }

  /** The audio side has taken over: what only the function before needed is given back. */
  private finished(image: FunctionImage, before: number | undefined): void {
    for (const update of image.updates) {
      if (update.kind === 'slot') this.adopt(update.slot, update.place, update.length)
      else update.move.from.place.release()
    }
    const previous = before === undefined ? undefined : this.running.get(before)
    if (before === undefined || !previous) return
    previous.compiled.free()
    this.running.delete(before)
  }

  private adopt(slot: BufferSlot, place: Place, length: number): void {
    if (slot.expectedLength === length) slot.expectedLength = undefined
    const isThere = this.context.memory.views.i32[slot.entry / 4] === place.offset
    if (isThere) slot.adopt(place)
  }

  /** Replaces contents and length, of a buffer by number or name. */
  sendBuffer(buffer: number | string, contents: ArrayLike<number>): Update {
    return this.send(this.context.slotOf(buffer, 'buffer'), contents)
  }

  sendTable(table: number | string, contents: ArrayLike<number>): Update {
    return this.send(this.context.slotOf(table, 'table'), contents)
  }

  /** Contents go to a place of their own now; the audio side only points to it, and reads the length before it. */
  private send(slot: BufferSlot, contents: ArrayLike<number>): Update {
    const { updates } = this.ready()
    const { length } = contents
    if (length < 1) throw misuse('bufferLength', { given: String(length) })
    const { memory } = this.context
    const size = slot.isTable ? 4 : 8
    const place = new Place(memory, HEADER_BYTES + size * length, HEADER_BYTES).hold()
    const view = slot.isTable ? memory.views.f32 : memory.views.f64
    view.set(contents, place.offset / size)
    memory.views.i32[place.offset / 4 - 1] = length
    slot.expectedLength = length
    const number = ++this.count
    const update = { number, applied: false }
    const finish = () => {
      this.adopt(slot, place, length)
      place.release()
    }
    this.pending.set(number, { update, finish })
    updates.push(UPDATE.buffer, number, slot.entry, place.offset)
    return update
  }

  /** State of nodes and persistent variables starts anew, and `$reset` is 1 in the next frame. */
  reset(): Update {
    const { updates } = this.ready()
    const number = ++this.count
    const update = { number, applied: false }
    this.pending.set(number, { update, finish: () => {} })
    updates.push(UPDATE.reset, number, 0, 0)
    return update
  }

  /**
   * Takes in what the audio side has done, and gives back memory that it no longer needs. Call it now and then; every
   * update does. Returns the numbers of the updates that were done.
   */
  queryReturns(): readonly number[] {
    const { connection, message } = this
    const done: number[] = []
    while (connection?.returns.peek(message)) {
      connection.returns.drop()
      const [kind, number] = [message[0]!, message[1]!]
      if (kind === RETURN.failed) {
        const failed = this.running.get(number)
        if (failed) failed.update.failure = failed.callbacks.failure
        continue
      }
      const pending = this.pending.get(number)
      if (!pending) continue
      this.pending.delete(number)
      pending.update.applied = true
      pending.finish()
      done.push(number)
    }
    return done
  }

  private ready(): Connection {
    this.context.checkAlive()
    this.queryReturns()
    if (!this.connection) throw misuse('engineNoBackend', {})
    if (this.connection.updates.isFull) throw misuse('engineFull', {})
    return this.connection
  }

  /** Nothing can be uploaded afterwards; an audio side that still runs keeps its memory. May be called again. */
  free(): void {
    if (this.context.freed) return
    this.queryReturns()
    this.connection = undefined
    this.context.free()
  }
}

/** Room for the length before the contents; a multiple of 16, so that contents stay aligned. */
const HEADER_BYTES = 16
