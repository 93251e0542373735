/**
 * Nodes that are functions of TypeScript: what they see, and how the program reaches them.
 *
 * Comes in: the calls of a program. Goes out: imports for its module. A module of its own because here foreign code
 * runs in the middle of a sample: what it throws is kept until the block is over, so that no state is lost.
 */
import type { ExpandedCall } from '../core/expand.ts'
import { type LibraryError, misuse } from '../core/misuse.ts'
import type { CallbackContext } from '../core/node-type.ts'
import type { DSPNodeContext } from './context.ts'
import type { FunctionImage } from './image.ts'
import { type CellView, cellView, type StateCell } from './places.ts'

/** Views of cells, made anew only when the memory has grown. */
function viewer(context: DSPNodeContext, cell: StateCell): () => CellView {
  let views = context.memory.views
  let view = cellView(context.memory, cell)
  return () => {
    if (views !== context.memory.views) {
      views = context.memory.views
      view = cellView(context.memory, cell)
    }
    return view
  }
}

/** An object whose properties read and write cells of one element. */
export function stateObject(
  context: DSPNodeContext,
  cells: readonly (readonly [name: string, cell: StateCell])[],
): Record<string, number> {
  const object = {}
  for (const [name, cell] of cells) {
    const view = viewer(context, cell)
    Object.defineProperty(object, name, {
      enumerable: true,
      get: () => view()[0],
      set: (value: number) => {
        view()[0] = value
      },
    })
  }
  return object
}

function viewsObject<T>(
  context: DSPNodeContext,
  cells: readonly (readonly [name: string, cell: StateCell])[],
): Record<string, T> {
  const object = {}
  for (const [name, cell] of cells) {
    Object.defineProperty(object, name, { enumerable: true, get: viewer(context, cell) })
  }
  return object
}

export class Callbacks {
  /** The first that was thrown since it was taken. */
  failure: LibraryError | undefined
  readonly imports: Record<string, (...inputs: number[]) => void> = {}
  private readonly context: DSPNodeContext
  private readonly cells: ReadonlyMap<string, StateCell>
  private readonly results: () => CellView
  private readonly resets: { readonly id: string; readonly run: () => void }[] = []

  constructor(context: DSPNodeContext, image: FunctionImage) {
    this.context = context
    this.cells = new Map(image.cells.map(cell => [cell.key, cell]))
    this.results = image.results ? viewer(context, image.results) : () => new Float64Array(0)
    for (const call of image.calls) if (call.host !== undefined) this.add(call, call.host)
  }

  /** Runs the reset hooks of these calls, or of all. */
  reset(ids?: ReadonlySet<string>): void {
    for (const { id, run } of this.resets) if (!ids || ids.has(id)) run()
  }

  takeFailure(): LibraryError | undefined {
    const { failure } = this
    this.failure = undefined
    return failure
  }

  private add(call: ExpandedCall, host: string): void {
    const { process, name } = call.type
    if (process.kind !== 'callback') return
    const seen = this.seenBy(call)
    const { run, reset } = process
    this.imports[host] = (...inputs) => {
      let value: number | undefined
      try {
        value = run(seen, ...inputs)
      } catch (error) {
        this.failed(name, call.id, error)
      }
      this.results()[0] = value ?? 0
    }
    if (reset) this.resets.push({ id: call.id, run: () => this.guarded(name, call.id, () => reset(seen)) })
  }

  private guarded(name: string, id: string, run: () => void): void {
    try {
      run()
    } catch (error) {
      this.failed(name, id, error)
    }
  }

  private failed(node: string, id: string, error: unknown): void {
    const text = error instanceof Error ? error.message : String(error)
    this.failure ??= misuse('callbackFailed', { node, id, error: text }, error)
  }

  private seenBy({ type, state, buffers }: ExpandedCall): CallbackContext {
    const { context, results } = this
    const cellsOf = (ids: ReadonlyMap<string, string>) =>
      [...ids].map(([name, id]) => [name, this.cells.get(`table ${id}`)!] as const)
    const shared = type.shared.map(({ name }) => [name, this.cells.get(`table $${name}`)!] as const)
    return {
      state: stateObject(context, cellsOf(state)),
      buffers: viewsObject(context, cellsOf(buffers)),
      shared: viewsObject(context, shared),
      get outputs() {
        return results() as Float64Array
      },
      get sampleRate() {
        return context.sampleRate
      },
    }
  }
}
