/**
 * Names of state, and what else it is found again by.
 *
 * Comes in: a signal that remembers something, what for, and the structure of that. Goes out: an id made of the
 * definitions that lead to it, `process/voice/osc#memory1`, with a counter where one path has several, and the
 * origin that migration works with. When a program is edited while it sounds, state is carried over by these, so
 * they depend on what the user wrote and not on the order of work.
 */
import type { StateOrigin } from '../core/ast.ts'
import type { SourceFile } from '../source.ts'
import type { Scope, Signal, SignalTable } from './signal.ts'
import type { Remembered } from './structure.ts'

/** Deeper paths keep their ends; the middle would only repeat itself. */
const LONGEST_PATH = 24

/** What names need: where signals come from, and which file is the user's own. */
export interface NamesContext {
  readonly signals: SignalTable
  readonly main: SourceFile
}

interface Path {
  readonly path: string
  readonly label: string
}

export class StateNames {
  private readonly context: NamesContext
  private readonly used = new Map<string, number>()
  private readonly bases = new Map<Signal, string>()
  private readonly paths = new Map<Scope | undefined, Path>()

  constructor(context: NamesContext) {
    this.context = context
  }

  /** Id of a cell of a signal, in the scope where `asked` was made; `what` tells several of one signal apart. */
  unique(signal: Signal, what: string, asked = signal): string {
    return `${this.base(signal, asked)}#${what}`
  }

  /** What the user calls the place where a signal is made. */
  labelOf(signal: Signal): string {
    return this.path(signal).label
  }

  /** `what` tells the pieces of state of one signal apart. */
  origin(signal: Signal, what: string, { structure, asked }: Remembered): StateOrigin {
    const { path, label } = this.path(asked)
    return { owner: this.unique(signal, what, asked), path, label, ...structure }
  }

  /** The path of a signal; the second signal of one path gets `.1`, and so on. */
  private base(signal: Signal, asked: Signal): string {
    let base = this.bases.get(signal)
    if (base !== undefined) return base
    const { path } = this.path(asked)
    const count = this.used.get(path) ?? 0
    this.used.set(path, count + 1)
    base = count === 0 ? path : `${path}.${count}`
    this.bases.set(signal, base)
    return base
  }

  private path(signal: Signal): Path {
    const scope = this.context.signals.origins.get(signal)?.scope
    let path = this.paths.get(scope)
    if (!path) this.paths.set(scope, (path = this.describe(scope)))
    return path
  }

  private describe(innermost: Scope | undefined): Path {
    const scopes: Scope[] = []
    // Definitions that the compiler made, such as that of a `letrec`, have names that nobody can write.
    for (let scope = innermost; scope; scope = scope.parent)
      if (!scope.name.startsWith(' ')) scopes.push(scope)
    scopes.reverse()
    const names = scopes.map(s => s.name)
    const half = LONGEST_PATH / 2
    const short = names.length > LONGEST_PATH ? [...names.slice(0, half), ...names.slice(-half)] : names
    return { path: short.length > 0 ? short.join('/') : 'process', label: this.label(scopes) }
  }

  /** Definitions of the program itself; when that is only the entry, also the first thing that it uses. */
  private label(scopes: readonly Scope[]): string {
    // By name: what is kept of an earlier version of the program comes from its file.
    const own = scopes.filter((s, i) => i === 0 || s.file?.name === this.context.main.name)
    const shown = own.length > 1 ? own : scopes.slice(0, 2)
    return (
      shown
        .map(s => s.name)
        .slice(0, LONGEST_PATH)
        .join('/') || 'process'
    )
  }
}
