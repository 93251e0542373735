/**
 * What a Core program declares: kept variables, buffers, controls, each with its stable id.
 *
 * Comes in: signals that remember, store or meet the user. Goes out: names to use in code, and the lists that the
 * program carries. Apart from to-core.ts because naming state is the promise on which hot swapping rests.
 */
import type { BufferContent, BufferDeclaration, CoreControl, KeptVariable, StateKind } from '../core/ast.ts'
import { type Interval, loosenToSingle, point, union } from '../core/interval.ts'
import type { NumberType } from '../core/primitives.ts'
import type { Fact, Facts } from './facts.ts'
import type { DelayPlan } from './schedule.ts'
import type { Signal } from './signal.ts'
import { type NamesContext, StateNames } from './state-names.ts'
import type { Structure } from './structure.ts'

type Found = Pick<KeptVariable, 'origin' | 'range'>

export class Declarations {
  readonly kept: KeptVariable[] = []
  readonly buffers: BufferDeclaration[] = []
  readonly controls: CoreControl[] = []
  private readonly names: StateNames

  private readonly context: NamesContext
  private readonly facts: Facts

  constructor(context: NamesContext, facts: Facts) {
    this.names = new StateNames(context)
    this.context = context
    this.facts = facts
  }

  /** A variable that keeps its value; `what` tells several of one signal apart. */
  keep(s: Signal, what: string, stateKind: StateKind, type: NumberType): string {
    const id = this.names.unique(s, what)
    const name = `*${id}`
    const structure = this.context.structures?.other(s, what)
    this.kept.push({ name, id, stateKind, type, initial: 0, ...this.found(s, what, structure) })
    return name
  }

  /** What the signal was `age` samples ago. */
  past(plan: DelayPlan, age: number, type: NumberType): string {
    const id = this.names.unique(plan.source, `memory${age}`)
    const name = `*${id}`
    this.kept.push({ name, id, stateKind: 'memory', type, initial: 0, age, ...this.foundPast(plan) })
    return name
  }

  delayLine(plan: DelayPlan, type: NumberType): string {
    const id = this.names.unique(plan.source, 'delay')
    const name = `delay ${id}`
    const [length, content] = [plan.line + 1, { kind: 'zero' } as const]
    this.buffers.push({ name, id, shape: 'delay', type, length, content, ...this.foundPast(plan) })
    return name
  }

  table(s: Signal, what: string, type: NumberType, length: number, content: BufferContent): string {
    const id = this.names.unique(s, what)
    const name = `table ${id}`
    const structure = s.kind === 'writtenTable' ? this.context.structures?.other(s, what) : undefined
    this.buffers.push({ name, id, shape: 'table', type, length, content, ...this.found(s, what, structure) })
    return name
  }

  private foundPast(plan: DelayPlan): Found {
    return this.found(plan.source, 'past', this.context.structures?.past(plan))
  }

  private found(s: Signal, what: string, structure: Structure | undefined): Found {
    const origin = this.names.origin(s, what, structure)
    return origin ? { origin, range: safeRange(this.facts.get(s)!) } : {}
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
