/**
 * What a Core program declares: kept variables, buffers, controls, each with its stable id.
 *
 * Comes in: signals that remember, store or meet the user. Goes out: names to use in code, and the lists that the
 * program carries. Apart from to-core.ts because naming state is the promise on which hot swapping rests.
 */
import type {
  BufferContent,
  BufferDeclaration,
  CoreControl,
  KeptVariable,
  StateKind,
  StateOrigin,
} from '../core/ast.ts'
import { type Interval, loosenToSingle, point, union } from '../core/interval.ts'
import type { NumberType } from '../core/primitives.ts'
import type { Fact, Facts } from './facts.ts'
import type { DelayPlan } from './schedule.ts'
import type { Signal } from './signal.ts'
import { type NamesContext, StateNames } from './state-names.ts'
import type { Structures } from './structure.ts'

type Found = Pick<KeptVariable, 'origins' | 'range'>

/** State inside the generator of a table has no structure: it does not outlive `init`. */
export interface DeclarationContext extends NamesContext {
  readonly structures: Structures | undefined
}

export class Declarations {
  readonly kept: KeptVariable[] = []
  readonly buffers: BufferDeclaration[] = []
  readonly controls: CoreControl[] = []
  private readonly names: StateNames
  private readonly structures: Structures | undefined
  private readonly facts: Facts

  constructor(context: DeclarationContext, facts: Facts) {
    this.names = new StateNames(context)
    this.structures = context.structures
    this.facts = facts
  }

  /** A variable that keeps its value; `what` tells several of one signal apart. */
  keep(s: Signal, what: string, stateKind: StateKind, type: NumberType, range = this.rangeOf(s)): string {
    const id = this.names.unique(s, what)
    const name = `*${id}`
    this.kept.push({ name, id, stateKind, type, initial: 0, ...this.found(s, what, range) })
    return name
  }

  /** The past of a signal: names of variables, 1 sample ago first, and of a delay line, as the plan wants. */
  past(plan: DelayPlan): { registers: string[]; buffer: string | undefined } {
    const { source } = plan
    const { type } = this.facts.get(source)!
    const pieces = this.structures?.past(plan) ?? []
    const asked = pieces[0]?.asked
    const range = this.rangeOf(source)
    const origins = pieces.map((piece, i) => this.names.origin(source, i === 0 ? 'own' : 'asked', piece))
    const registers: string[] = []
    for (let age = 1; age <= plan.registers; age++) {
      const id = this.names.unique(source, `memory${age}`, asked)
      const found = origins.length > 0 ? { age, origins, range } : { age }
      this.kept.push({ name: `*${id}`, id, stateKind: 'memory', type, initial: 0, ...found })
      registers.push(`*${id}`)
    }
    if (plan.line === 0) return { registers, buffer: undefined }
    const id = this.names.unique(source, 'delay', asked)
    const name = `delay ${id}`
    // Who asks for a long past decides what is in the line, unless the loop reads it too.
    const isLoop = (pieces[0]?.reach ?? 0) > plan.registers
    const found = origins.length > 0 ? { origins: isLoop ? origins : [...origins].reverse(), range } : {}
    const [length, content] = [plan.line + 1, { kind: 'zero' } as const]
    this.buffers.push({ name, id, shape: 'delay', type, length, content, ...found })
    return { registers, buffer: name }
  }

  table(s: Signal, what: string, type: NumberType, length: number, content: BufferContent): string {
    const id = this.names.unique(s, what)
    const name = `table ${id}`
    const found = s.kind === 'writtenTable' ? this.found(s, what, this.rangeOf(s)) : {}
    this.buffers.push({ name, id, shape: 'table', type, length, content, ...found })
    return name
  }

  /** Only where it matters: a value that takes part in an index may not be one that the new program never has. */
  private rangeOf(s: Signal): Interval | undefined {
    return this.structures?.isIndex(s) ? safeRange(this.facts.get(s)!) : undefined
  }

  private found(s: Signal, what: string, range: Interval | undefined): Found {
    const structure = this.structures?.other(s, what)
    if (!structure) return {}
    const origin = this.names.origin(s, what, { structure, asked: s, reach: 1 })
    return { origins: [origin], range }
  }

  /** Id and origin of a node that a program calls. */
  call(s: Signal): { id: string; origin?: StateOrigin } {
    const origin = this.found(s, 'node', undefined).origins?.[0]
    return { id: this.names.unique(s, 'node'), ...(origin && { origin }) }
  }

  control(id: string, direction: 'in' | 'out', initial: number): string {
    const name = `@${id}`
    this.controls.push({ name, direction, initial, id })
    return name
  }
}

/** Code is only built on what is proven; 0, the start, is always inside. Finite, so that it can be stored as text. */
function safeRange({ interval, proven, type }: Fact): Interval | undefined {
  const all = union(interval, point(0))
  if (!proven || (all.low === -Infinity && all.high === Infinity)) return undefined
  const { low, high } = type === 'int' ? all : loosenToSingle(all)
  return { low: Math.max(low, -Number.MAX_VALUE), high: Math.min(high, Number.MAX_VALUE) }
}
