/**
 * Signals: what flows through the wires. Types, and the hash-consing table that makes them.
 *
 * Equal signals are one object, so work that appears twice in a program is done once. Arguments are made before
 * the signals that use them, so ascending `id` is an order of computation; the only way back is `feedback`.
 * While a recursion is being propagated it is written with levels (`recursion`, `reference`), in which equal
 * loops are equal objects; recursion.ts then ties the knots and only `feedback` is left.
 */
import type { NodeType } from '../core/node-type.ts'
import type { MathFunctions, NumberType, PureName } from '../core/primitives.ts'
import type { GroupKind } from '../core/program.ts'
import type { WidgetSpec } from './box.ts'
import { foldLiterals, type Literal, type Operand } from './fold-literals.ts'
import { IdMap } from './id-map.ts'
import { CLOSED, freeLevels, ids, keyOf, widgetKey } from './signal-keys.ts'
import type { GroupPath, Origin } from './signal-parts.ts'

export type { GroupPath, Origin, Scope } from './signal-parts.ts'

/** A recursion whose knot is tied: `bodies[i]` is what `feedback(group, i)` stands for. */
export interface FeedbackGroup {
  readonly id: number
  readonly bodies: (Signal | undefined)[]
}

export type SignalShape =
  | { readonly kind: 'int' | 'real'; readonly value: number }
  | { readonly kind: 'input'; readonly index: number }
  | { readonly kind: 'widget'; readonly spec: WidgetSpec; readonly path: GroupPath | undefined }
  /** (x): x, shown to the user. */
  | { readonly kind: 'bargraph'; readonly spec: WidgetSpec; readonly path: GroupPath | undefined }
  | { readonly kind: 'op'; readonly op: PureName }
  /** (x, n): x, n samples ago; 0 before the start. */
  | { readonly kind: 'delay' }
  /** (v, x): v first, then x one sample late. */
  | { readonly kind: 'prefix' }
  /** The values in turn, again and again. */
  | { readonly kind: 'waveform'; readonly values: readonly number[]; readonly type: NumberType }
  /** (size, content): filled with the first samples of content. */
  | { readonly kind: 'table' }
  /** (size, content, index, value): the same, and written every sample. */
  | { readonly kind: 'writtenTable' }
  /** (table, index). */
  | { readonly kind: 'tableRead' }
  /** (x, y): x; y is computed too. */
  | { readonly kind: 'attach' }
  /** (x, c): x while c ≠ 0, else the last x; what only x needs rests too. */
  | { readonly kind: 'gate' }
  | { readonly kind: 'foreign'; readonly name: 'sampleRate' | 'count' }
  /** (x): the bound of its interval, as a constant. */
  | { readonly kind: 'lowest' | 'highest' }
  /** (low, high, x): x, trusted to be in range. */
  | { readonly kind: 'assertBounds' }
  /** (arguments…): the first output of a node of the library. Equal calls are one. */
  | { readonly kind: 'node'; readonly type: NodeType }
  /** (node): another output of it. */
  | { readonly kind: 'nodeOutput'; readonly index: number }
  /** (bodies…): binds the references of its level inside them. */
  | { readonly kind: 'recursion'; readonly level: number }
  | { readonly kind: 'projection'; readonly index: number }
  | { readonly kind: 'reference'; readonly level: number; readonly index: number }
  | { readonly kind: 'feedback'; readonly group: FeedbackGroup; readonly index: number }

export interface SignalBase {
  readonly id: number
  readonly args: readonly Signal[]
  /** Levels referenced inside and bound outside, ascending. */
  readonly free: readonly number[]
}

export type Signal = SignalBase & SignalShape
export type SignalKind = Signal['kind']

const NONE: readonly Signal[] = []

/** More signals than an engine could compile, let alone compute in time. */
const MOST_SIGNALS = 500_000
/** Hosts read the tree of groups with recursive functions. */
const DEEPEST_GROUP = 500

/** `tooLarge` must throw. */
export class SignalTable {
  private readonly tooLarge: (what: string) => never
  private readonly table = new Map<string, Signal>()
  private readonly numbers = { int: new Map<number, Signal>(), real: new Map<number, Signal>() }
  private readonly byArguments = new Map<string, Map<string | number, Signal>>()
  private count = 0
  private readonly paths = new Map<string, GroupPath>()
  private nextGroup = 0
  private readonly math: MathFunctions
  readonly origins = new IdMap<Signal, Origin>()
  /** Names of the elements of a recursion that was written with names. */
  readonly outputs = new IdMap<Signal, readonly string[]>()

  constructor(math: MathFunctions, tooLarge: (what: string) => never) {
    this.math = math
    this.tooLarge = tooLarge
  }

  int(value: number): Signal {
    return this.number('int', value | 0)
  }

  real(value: number): Signal {
    return this.number('real', value)
  }

  number(kind: NumberType, value: number): Signal {
    // A map of numbers takes -0 for 0.
    if (Object.is(value, -0)) return this.intern(`${kind} -0`, { kind, value })
    const table = this.numbers[kind]
    let known = table.get(value)
    if (!known) table.set(value, (known = { id: this.nextId(), args: NONE, free: CLOSED, kind, value }))
    return known
  }

  /** The number that a primitive of numbers is, without making signals of them. */
  fold(op: PureName, operands: readonly Operand[]): Literal | undefined {
    return foldLiterals(op, operands, this.math)
  }

  input(index: number): Signal {
    return this.intern(`input ${index}`, { kind: 'input', index })
  }

  widget(spec: WidgetSpec, path: GroupPath | undefined): Signal {
    return this.intern(`widget ${widgetKey(spec, path)}`, { kind: 'widget', spec, path })
  }

  bargraph(spec: WidgetSpec, path: GroupPath | undefined, x: Signal): Signal {
    return this.intern(`bargraph ${x.id} ${widgetKey(spec, path)}`, { kind: 'bargraph', spec, path }, [x])
  }

  /** A primitive of its operands; literals are folded, unless their values are an error. */
  op(op: PureName, args: readonly Signal[]): Signal {
    const exponent = args[1]
    // A negative whole exponent gives a fraction, so the power is real even of an int.
    if (op === 'pow' && exponent?.kind === 'int' && exponent.value < 0) {
      return this.op(op, [args[0]!, this.real(exponent.value)])
    }
    const folded = foldLiterals(op, args, this.math)
    if (folded) return this.number(folded.type, folded.value)
    const table = this.tableOf(op)
    const key = keyOf(args)
    const known = table.get(key)
    if (known) return known
    const free = freeLevels('op', args)
    const made: Signal = { id: this.nextId(), args, free, kind: 'op', op }
    table.set(key, made)
    return made
  }

  delay(x: Signal, length: Signal): Signal {
    if (length.kind === 'int' && length.value === 0) return x
    return this.node('delay', [x, length])
  }

  /** Kinds that are told apart by their arguments alone. */
  node(
    kind:
      | 'delay'
      | 'prefix'
      | 'table'
      | 'writtenTable'
      | 'tableRead'
      | 'attach'
      | 'gate'
      | 'lowest'
      | 'highest'
      | 'assertBounds',
    args: readonly Signal[],
  ): Signal {
    const table = this.tableOf(kind)
    const key = keyOf(args)
    const known = table.get(key)
    if (known) return known
    const made: Signal = { id: this.nextId(), args, free: freeLevels(kind, args), kind }
    table.set(key, made)
    return made
  }

  waveform(values: readonly number[], type: NumberType): Signal {
    return this.intern(`waveform ${type} ${values.join(' ')}`, { kind: 'waveform', values, type })
  }

  /** A waveform of very many values, known by a name. */
  samples(name: string, values: readonly number[]): Signal {
    return this.intern(`samples ${name}`, { kind: 'waveform', values, type: 'real' })
  }

  foreign(name: 'sampleRate' | 'count'): Signal {
    return this.intern(`foreign ${name}`, { kind: 'foreign', name })
  }

  call(type: NodeType, args: readonly Signal[]): Signal {
    return this.intern(`call ${ids(args)}${type.name}`, { kind: 'node', type }, args)
  }

  callOutput(index: number, called: Signal): Signal {
    return this.intern(`output ${index} ${called.id}`, { kind: 'nodeOutput', index }, [called])
  }

  recursion(level: number, bodies: readonly Signal[]): Signal {
    return this.intern(`recursion ${level} ${ids(bodies)}`, { kind: 'recursion', level }, bodies)
  }

  projection(index: number, recursion: Signal): Signal {
    return this.intern(`projection ${index} ${recursion.id}`, { kind: 'projection', index }, [recursion])
  }

  reference(level: number, index: number): Signal {
    return this.intern(`reference ${level} ${index}`, { kind: 'reference', level, index })
  }

  newGroup(size: number): FeedbackGroup {
    return { id: this.nextGroup++, bodies: Array.from({ length: size }) }
  }

  feedback(group: FeedbackGroup, index: number): Signal {
    return this.intern(`feedback ${group.id} ${index}`, { kind: 'feedback', group, index })
  }

  /** The same signal over other arguments. */
  withArguments(signal: Signal, args: readonly Signal[]): Signal {
    if (isSame(args, signal.args)) return signal
    switch (signal.kind) {
      case 'op':
        return this.op(signal.op, args)
      case 'delay':
        return this.delay(args[0]!, args[1]!)
      case 'bargraph':
        return this.bargraph(signal.spec, signal.path, args[0]!)
      case 'recursion':
        return this.recursion(signal.level, args)
      case 'node':
        return this.call(signal.type, args)
      case 'nodeOutput':
        return this.callOutput(signal.index, args[0]!)
      case 'projection':
        return this.projection(signal.index, args[0]!)
      case 'prefix':
      case 'table':
      case 'writtenTable':
      case 'tableRead':
      case 'attach':
      case 'gate':
      case 'lowest':
      case 'highest':
      case 'assertBounds':
        return this.node(signal.kind, args)
      default:
        return signal
    }
  }

  path(group: GroupKind, label: string, parent: GroupPath | undefined): GroupPath {
    const key = `${parent?.id ?? 0} ${group} ${label}`
    let path = this.paths.get(key)
    if (!path) {
      const depth = (parent?.depth ?? 0) + 1
      if (depth > DEEPEST_GROUP) this.tooLarge(`more than ${DEEPEST_GROUP} groups in each other`)
      this.paths.set(key, (path = { id: this.paths.size + 1, group, label, parent, depth }))
    }
    return path
  }

  /** Remembers where a signal comes from, unless it is known. */
  setOrigin(signal: Signal, origin: Origin): void {
    if (!this.origins.has(signal)) this.origins.set(signal, origin)
  }

  private intern(key: string, shape: SignalShape, args: readonly Signal[] = NONE): Signal {
    let known = this.table.get(key)
    if (!known) this.table.set(key, (known = this.make(shape, args)))
    return known
  }

  /** Of kinds with a fixed number of arguments, which are most signals. */
  private tableOf(name: PureName | SignalKind): Map<string | number, Signal> {
    let table = this.byArguments.get(name)
    if (!table) this.byArguments.set(name, (table = new Map()))
    return table
  }

  private make(shape: SignalShape, args: readonly Signal[]): Signal {
    const level = shape.kind === 'recursion' || shape.kind === 'reference' ? shape.level : -1
    return { id: this.nextId(), args, free: freeLevels(shape.kind, args, level), ...shape }
  }

  private nextId(): number {
    if (this.count >= MOST_SIGNALS) this.tooLarge(`more than ${MOST_SIGNALS} signals`)
    return this.count++
  }
}

function isSame(a: readonly Signal[], b: readonly Signal[]): boolean {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false
  return true
}
